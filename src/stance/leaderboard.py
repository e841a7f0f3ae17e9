"""The leaderboard: what the runs in a folder score on one collection and split."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from stance.config import find_upwards
from stance.errors import RunError, StanceError, did_you_mean
from stance.intervals import as_columns
from stance.runs import PREDICTIONS, Run, open_run, statements_hash
from stance.search import SEARCH_MD
from stance.seeds import SEEDS_JSON
from stance.storage import read_jsonl
from stance.wording import format_cell, format_count

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

RUNS = "experiments/runs"
SUMMARIES = (SEEDS_JSON, SEARCH_MD)  # folders that sum up runs or trials: each run of theirs has a folder of its own
SCORES = ("motive_macro_f1", "stance_macro_f1", "joint_accuracy")
SORT = {"joint_accuracy": "joint_accuracy", "motive": "motive_macro_f1", "stance": "stance_macro_f1"} | {
    key: key for key in ("created", "name")
}
SHOWN = ("name", "created", "n", *SCORES, "seed", "data", "dirty")
NAMED = 5  # of the folders that one note is about; more is no longer one line


@dataclass(frozen=True)
class Leaderboard:
    """Scores of runs on one collection and split, one row a run.

    Attributes
    ----------
    collection, split : str
        What all rows are scored on; empty where no run could be read.
    rows : tuple of dict
        ``name`` (of the run's folder), ``created``, ``collection``, ``split``, ``n``, each headline score with its
        ``_low`` and ``_high``, ``seed``, ``data`` (eight digits of the data's fingerprint), ``dirty`` and
        ``statements`` (see `stance.runs.statements_hash`).
    skipped : tuple of (str, str)
        Folders that cannot be read as runs, and why.
    elsewhere : tuple of str
        Runs that are not scored on this collection and split.
    """

    collection: str
    split: str
    rows: tuple[dict[str, Any], ...]
    skipped: tuple[tuple[str, str], ...] = ()
    elsewhere: tuple[str, ...] = ()

    def frame(self) -> pd.DataFrame:
        """All rows, unrounded."""
        import pandas as pd

        ends = [f"{score}{end}" for score in SCORES for end in ("", "_low", "_high")]
        columns = ["name", "created", "collection", "split", "n", *ends, "seed", "data", "dirty", "statements"]
        return pd.DataFrame(list(self.rows), columns=columns)

    def sorted(self, by: str = "joint_accuracy", *, reverse: bool = False) -> Leaderboard:
        """Sort best score first, newest first or by name; the other way round by ``reverse``; without a score, last.

        Raises
        ------
        StanceError
            If ``by`` is not a key of `SORT`.
        """
        if by not in SORT:
            raise StanceError(f"cannot sort by {by!r}", where="--sort", remedy=did_you_mean(by, SORT))
        key = SORT[by]
        scored = sorted((row for row in self.rows if row[key] is not None), key=lambda row: str(row["name"]))
        scored.sort(key=lambda row: row[key], reverse=(key != "name") != reverse)
        return replace(self, rows=(*scored, *(row for row in self.rows if row[key] is None)))

    def head(self, n: int | None) -> Leaderboard:
        """Keep the first ``n`` rows; all where None."""
        return replace(self, rows=self.rows[:n])

    @cached_property
    def statement_sets(self) -> Counter[str]:
        """How many rows each set of statements scores."""
        return Counter(str(row["statements"]) for row in self.rows)

    def notes(self) -> list[str]:
        """Return what a reader of the scores must know, one line each."""
        lines = []
        if len(self.statement_sets) > 1:
            sets = ", ".join(f"{key} ({format_count(n, 'run')})" for key, n in self.statement_sets.most_common())
            lines.append(f"Scored on different statements or gold labels: {sets}. Scores compare within one set.")
        if self.elsewhere:
            lines.append(f"Not scored on {self.collection}:{self.split}: {_named(self.elsewhere)}.")
        return lines

    def unreadable(self) -> list[str]:
        """One line for each reason why folders were skipped, with their names."""
        reasons = dict.fromkeys(reason for _, reason in self.skipped)
        return [f"{_named([name for name, why in self.skipped if why == each])}: {each}" for each in reasons]

    def cells(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows as text for people; which statements were scored is shown where that differs."""
        columns = [*SHOWN, *(["statements"] if len(self.statement_sets) > 1 else [])]
        header = [name.replace("_macro_f1", " F1").replace("_", " ") for name in columns]
        return header, [[_cell(row, name) for name in columns] for row in self.rows]

    def to_markdown(self) -> str:
        """Return a page of Markdown: the table and its notes."""
        header, rows = self.cells()
        lines = [header, ["---"] * len(header), *rows]
        table = "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)
        return "\n\n".join([self.title, table, *self.notes()]) + "\n"

    @property
    def title(self) -> str:
        """What was scored."""
        return f"Runs scored on {self.collection} {self.split}" if self.rows else "No runs to show"

    def _repr_html_(self) -> str:
        header, rows = self.cells()
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        notes = "".join(f"<p>{html.escape(line)}</p>" for line in [*self.notes(), *self.unreadable()])
        caption = html.escape(self.title)
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"

    def __repr__(self) -> str:
        return f"<Leaderboard: {self.title}, {len(self.rows)} of them>  # .frame(), .sorted(by), .to_markdown()"


def list_runs(folder: Path | str | None = None, on: str | None = None) -> Leaderboard:
    """Compare the runs in a folder, the best joint accuracy first.

    Parameters
    ----------
    folder : path, optional
        Holds run directories; ``experiments/runs`` here or in a folder above by default.
    on : str, optional
        ``collection:split`` that is to be compared; by default what most runs evaluate first.

    Returns
    -------
    Leaderboard
        Folders that cannot be read as runs are in ``skipped`` and hide no other. Folders that sum up several seeds or
        the trials of a search are left out: they hold no run.

    Raises
    ------
    RunError
        If there is no such folder, or no run in it is scored on ``on``.
    """
    found = find_upwards(RUNS, Path.cwd()) if folder is None else Path(folder)
    if found is None or not found.is_dir():
        remedy = "Name the folder that holds run directories, or train one: stance train CONFIG."
        raise RunError("no such folder of runs", where=folder or RUNS, remedy=remedy)
    skipped: list[tuple[str, str]] = []
    opened = [_or_skip(skipped, path.name, open_run, path) for path in sorted(found.iterdir()) if _is_one(path)]
    runs = [run for run in opened if run and _or_skip(skipped, run.path.name, _evaluations, run) is not None]
    collection, split = _evaluated(runs, on)
    scored = [run for run in runs if (collection, split) in _evaluations(run)]
    rows = [_or_skip(skipped, run.path.name, _row, run, _evaluations(run)[collection, split]) for run in scored]
    elsewhere = tuple(run.path.name for run in runs if run not in scored)
    return Leaderboard(collection, split, tuple(row for row in rows if row), tuple(skipped), elsewhere).sorted()


def _is_one(path: Path) -> bool:
    """Tell whether a folder should be a run: not half-written, and no summary of other runs."""
    return path.is_dir() and not path.name.startswith(".") and not any((path / name).is_file() for name in SUMMARIES)


def _or_skip(skipped: list[tuple[str, str]], name: str, make: Callable[..., T], *arguments: Any) -> T | None:
    """Return what ``make`` does, or note why it cannot, so that one bad folder hides no other."""
    try:
        return make(*arguments)
    except StanceError as error:
        skipped.append((name, error.what))
    except (KeyError, TypeError, AttributeError):
        skipped.append((name, "its manifest or metrics lack what is compared here"))
    return None


def _evaluations(run: Run) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["collection"], each["split"]): each for each in run.metrics["evaluations"]}


def _evaluated(runs: Sequence[Run], on: str | None) -> tuple[str, str]:
    """Return the collection and split to compare."""
    known = [list(_evaluations(run)) for run in runs]
    if on is None:
        firsts = Counter(each[0] for each in known if each)
        return firsts.most_common(1)[0][0] if firsts else ("", "")
    spelled = {":".join(pair): pair for each in known for pair in each}
    if on not in spelled:
        raise RunError(f"no run is scored on {on!r}", where="--on", remedy=did_you_mean(on, spelled))
    return spelled[on]


def _row(run: Run, evaluation: dict[str, Any]) -> dict[str, Any]:
    manifest, headline = run.manifest, evaluation["headline"]
    return {
        "name": run.path.name,
        "created": manifest["created"],
        "collection": evaluation["collection"],
        "split": evaluation["split"],
        "n": evaluation["n_statements"],
        **as_columns({score: headline[score] for score in SCORES}),
        "seed": manifest["seed"],
        "data": manifest["data_fingerprint"][:8],
        "dirty": manifest["dirty"],
        "statements": evaluation.get("statements_hash") or _hash_of(run, evaluation),
    }


def _hash_of(run: Run, evaluation: dict[str, Any]) -> str:
    """Work out the hash from the predictions of a run that was written without it."""
    rows = (row for _, row in read_jsonl(run.path / PREDICTIONS, RunError))
    wanted = (evaluation["collection"], evaluation["split"])
    return statements_hash(row for row in rows if (row["collection"], row["split"]) == wanted)


def _cell(row: dict[str, Any], name: str) -> str:
    value = row[name]
    if name in SCORES:
        return format_cell({"value": value, "low": row[f"{name}_low"], "high": row[f"{name}_high"]})
    if name == "dirty":
        return {True: "dirty", False: "", None: "no commit"}[value]
    return str(value)[:10] if name == "created" else str(value)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"
