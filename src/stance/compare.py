"""Compare two runs: what they do not share, which is better by what, and which statements flipped. A dict first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from stance.codebook import Codebook
from stance.errors import RunError, did_you_mean
from stance.paired import compare_predictions
from stance.run_differences import run_differences
from stance.runs import Run, load_run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMAT = 1
SHOWN = 10  # flips a direction; more are skimmed, not read
# A statement is the same where these are; with equal gold labels the two runs answer the same question.
IDENTITY = ("statement_id", "article_id", "start", "end")


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
        from stance.compare_figure import draw_differences

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
    codebook = _common_codebook(a, b)
    pairs, skipped = _pairs(a, b)
    if split is not None:
        pairs = _named(split, pairs, skipped)
    if not pairs:
        raise RunError(f"share no split to compare: {_first(skipped)}", where=_where(a, b), remedy=_SAME_DATA)
    others = Path(texts) if texts else None
    known = a.texts(others) | b.texts()  # what is compared is the same in both, and reading a corpus takes seconds
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
            "skipped": [] if split else skipped,
            "differences": run_differences(a, b),
        }
    )


_SAME_DATA = "Train both on the same data, split alike."
Pair = tuple[pd.DataFrame, pd.DataFrame]


def _common_codebook(a: Run, b: Run) -> Codebook:
    labels = [{axis: sorted(run.codebook.labels(axis)) for axis in run.codebook.axes} for run in (a, b)]
    if labels[0] != labels[1]:
        raise RunError("their codebooks have different labels", where=_where(a, b), remedy=_SAME_DATA)
    return a.codebook


def _pairs(a: Run, b: Run) -> tuple[dict[tuple[str, str], Pair], list[dict[str, str]]]:
    """Return the predictions of every evaluation on equal statements, and why any other is skipped."""
    in_a, in_b = ([(each["collection"], each["split"]) for each in run.metrics["evaluations"]] for run in (a, b))
    pairs, skipped = {}, []
    for key in dict.fromkeys([*in_a, *in_b]):
        if key not in in_a or key not in in_b:
            reason = f"evaluated only by {'A' if key in in_a else 'B'}"
        else:
            pair = _aligned(_evaluated(a, *key), _evaluated(b, *key))
            reason = _unequal(*pair)
            if not reason:
                pairs[key] = pair
                continue
        skipped.append({"collection": key[0], "split": key[1], "reason": reason})
    return pairs, skipped


def _evaluated(run: Run, collection: str, split: str) -> pd.DataFrame:
    frame = run.predictions
    return frame[(frame["collection"] == collection) & (frame["split"] == split)].reset_index(drop=True)


def _aligned(a: pd.DataFrame, b: pd.DataFrame) -> Pair:
    """Bring both into one order: the one they have, as then the intervals are those of the runs' own reports."""
    if list(a["statement_id"]) == list(b["statement_id"]):
        return a, b
    return a.sort_values("statement_id", ignore_index=True), b.sort_values("statement_id", ignore_index=True)


def _unequal(a: pd.DataFrame, b: pd.DataFrame) -> str:
    """Say how many statements or gold labels differ, with an example; nothing where all are equal."""
    gold = [*IDENTITY, "motive", "stance"]
    merged = a.reindex(columns=gold).merge(b.reindex(columns=gold), how="outer", indicator="side")
    differing = merged[merged["side"] != "both"]
    if differing.empty:
        return ""
    ids = list(dict.fromkeys(differing["statement_id"]))
    in_a, in_b = set(a["statement_id"]), set(b["statement_id"])
    kinds = {
        "only in A": sum(each not in in_b for each in ids),
        "only in B": sum(each not in in_a for each in ids),
        "with another place or gold label": sum(each in in_a and each in in_b for each in ids),
    }
    counts = ", ".join(f"{n} {kind}" for kind, n in kinds.items() if n)
    return f"{len(ids)} of {len(in_a | in_b)} statements differ ({counts}), such as {ids[0]}"


def _named(split: str, pairs: dict[tuple[str, str], Pair], skipped: list[dict[str, str]]) -> dict[Any, Pair]:
    key = tuple(split.split(":"))
    if key in pairs:
        return {key: pairs[key]}
    reasons = [each["reason"] for each in skipped if (each["collection"], each["split"]) == key]
    rule = reasons[0] if reasons else "not a collection:split that both runs evaluated"
    raise RunError(rule, where=f"--split {split}", remedy=did_you_mean("", [":".join(each) for each in pairs]))


def _first(skipped: list[dict[str, str]]) -> str:
    """Of the splits that cannot be compared, the first that both evaluated."""
    if not skipped:
        return "neither evaluated any"
    shared = [each for each in skipped if not each["reason"].startswith("evaluated only")]
    each = (shared or skipped)[0]
    return f"{each['collection']} {each['split']}: {each['reason']}"


def _where(a: Run, b: Run) -> str:
    return f"{a.path} and {b.path}"
