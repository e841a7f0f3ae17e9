"""Compare two runs: what they do not share, which is better by what, and which statements flipped. A dict first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from stance.comparable import IDENTITY, common_codebook, equal_splits
from stance.paired import compare_predictions
from stance.run_differences import run_differences
from stance.runs import Run, load_run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMAT = 1
SHOWN = 10  # flips a direction; more are skimmed, not read


@dataclass(eq=False)
class Comparison:
    """Two runs side by side, A and B; differences are B minus A.

    Parameters
    ----------
    data : dict
        JSON-ready, with all flips; `to_dict` gives fewer of them.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Set by `plot`.
    """

    data: dict[str, Any] = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Headline scores, one row an evaluation and metric, with the difference, its interval and the verdict."""
        return pd.DataFrame(
            [
                {
                    "collection": each["collection"],
                    "split": each["split"],
                    "n": each["n_statements"],
                    "metric": metric,
                    "a": row["a"]["value"],
                    "b": row["b"]["value"],
                    "difference": row["difference"]["value"],
                    "low": row["difference"]["low"],
                    "high": row["difference"]["high"],
                    "verdict": row["verdict"],
                }
                for each in self.data["evaluations"]
                for metric, row in each["headline"].items()
            ]
        )

    def flips(self) -> pd.DataFrame:
        """Statements that one run has right on both axes and the other has not, most confident error first."""
        axes = self.data["labels"]
        columns = [*IDENTITY, "text", *axes, *(f"{side}_{axis}" for side in "ab" for axis in axes), "proba"]
        rows = [
            {"collection": each["collection"], "split": each["split"], "right": right[0].upper(), **row}
            for each in self.data["evaluations"]
            for right, found in each["flips"].items()
            for row in found["statements"]
        ]
        return pd.DataFrame(rows, columns=["collection", "split", "right", *columns])

    def to_dict(self, flips: int | None = SHOWN) -> dict[str, Any]:
        """Return plain data with at most ``flips`` statements a direction (None: all); their counts stay."""
        evaluations = [
            each
            | {
                "flips": {
                    right: found | {"statements": found["statements"][:flips]} for right, found in each["flips"].items()
                }
            }
            for each in self.data["evaluations"]
        ]
        return self.data | {"evaluations": evaluations}

    def plot(self, ax: Axes | None = None) -> Comparison:
        """Draw every difference with its interval beside a line at zero; returns self, with ``ax_`` and ``figure_``."""
        from stance.compare_report import draw_differences

        self.ax_: Axes = draw_differences(self.data, ax)
        self.figure_: Figure = self.ax_.figure  # type: ignore[assignment]  # no subfigures here
        return self

    def _repr_html_(self) -> str:
        from stance.compare_report import render_html

        return render_html(self.to_dict())

    def __repr__(self) -> str:
        a, b = self.data["a"]["run"], self.data["b"]["run"]
        return f"Comparison(A {a}, B {b})  # .frame(), .flips(), .plot(), .to_dict()"


def compare_runs(
    a: Run | Path | str,
    b: Run | Path | str,
    *,
    split: str | None = None,
    texts: Path | str | None = None,
    seed: int = 0,
) -> Comparison:
    """Compare two runs on every split that both evaluated on the same statements with the same gold labels.

    Parameters
    ----------
    a, b : Run or path of a run directory
        The runs; differences are B minus A.
    split : str, optional
        ``collection:split``, to compare only this one.
    texts : path, optional
        The folder that holds the text of others, to show it too: for your own reading only.
    seed : int
        Seeds the bootstrap; one seed gives the same bytes again.

    Raises
    ------
    RunError
        If one is no run directory, their codebooks have other labels, or they share no evaluation on equal statements.
    """
    a, b = (each if isinstance(each, Run) else load_run(each) for each in (a, b))
    codebook = common_codebook(a, b)
    pairs, skipped = equal_splits(a, b, split)
    others = Path(texts) if texts else None
    shown = a.statements(others)["text"]  # what is compared is the same in both, and reading a corpus takes seconds
    known = {str(id_): text for id_, text in (shown.to_dict() | b.statements()["text"].to_dict()).items()}
    evaluations = [
        {"collection": collection, "split": part} | compare_predictions(*pair, codebook, texts=known, seed=seed)
        for (collection, part), pair in pairs.items()
    ]
    return Comparison(
        {
            "format": FORMAT,
            "a": {"run": a.manifest["run"], "name": a.manifest["name"]},
            "b": {"run": b.manifest["run"], "name": b.manifest["name"]},
            "labels": {
                axis: {label: codebook.label(axis, label).name for label in codebook.labels(axis)}
                for axis in codebook.axes
            },
            "evaluations": evaluations,
            "skipped": skipped,
            "differences": run_differences(a, b),
        }
    )
