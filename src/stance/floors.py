"""Quality floors: scores that a retrained experiment may not fall below.

``experiments/floors.json`` pins the headline scores of an experiment by its name, on one state of the data (its
fingerprint and the hash of its splits). A floor is raised freely, and lowered only with a reason, which stays in the
file's history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stance.config import find_upwards
from stance.errors import RunError
from stance.metrics import DIGITS
from stance.runs import Run
from stance.storage import read_json, to_json, write_text

FORMAT = 1
FLOORS, EXPERIMENTS = "floors.json", "experiments"
# What a score may lose. With scikit-learn 1.8 or 1.9, numpy 2.3 or 2.4, and four seeds of the solver, the default's
# scores were the same to six digits. Another machine's arithmetic can only turn statements whose two best labels are
# level: turning the one nearest to that cost at most 0.001 on 150 statements or more. On the 27 of the seed article it
# cost 0.024, so that a floor gives way by one statement's weight (1 / n) where that is more.
TOLERANCE = 0.01
DATA_CHANGED = "the data or its splits changed, so scores do not compare"

Entry = dict[str, Any]
Key = tuple[str, str, str]  # collection, split, score


@dataclass(frozen=True)
class Shortfall:
    """A score below its floor; ``score`` is None where the run does not have it at all."""

    collection: str
    split: str
    name: str
    floor: float
    score: float | None

    def __str__(self) -> str:
        what = f"{self.collection} {self.split} {self.name.replace('_', ' ')}"
        if self.score is None:
            return f"{what}: not scored by this run, and has the floor {self.floor:.4f}"
        return f"{what}: {self.score:.4f} is {self.floor - self.score:.4f} below its floor {self.floor:.4f}"


@dataclass
class Floors:
    """The floors of all experiments (``entries``), and what was lowered or given up and why (``history``)."""

    path: Path
    entries: list[Entry]
    history: list[Entry]

    def of(self, run: Run) -> Entry | None:
        """Return the floors for a run's experiment on the run's very data; None where there are none."""
        wanted = _identity(run)
        return next((each for each in self.entries if wanted.items() <= each.items()), None)

    def check(self, run: Run) -> list[Shortfall]:
        """Return every score of a run that is below its floor, or missing.

        Raises
        ------
        RunError
            If no floor fits the run's experiment and data.
        """
        entry = self.of(run)
        if entry is None:
            remedy = "Look at the scores, then set it: stance floor RUN --set."
            raise RunError(self._why_none(run), where=self.path, remedy=remedy)
        scores = _scores(run)
        below = (Shortfall(*key, floor, scores.get(key)) for key, floor in _floors_of(entry).items())
        return [each for each in below if each.score is None or each.score < each.floor]

    def set(self, run: Run) -> list[str]:
        """Create floors from a run, or raise those there; return what changed, one line each.

        A floor for the same evaluations on another state of the data gives way, which the history tells.

        Raises
        ------
        RunError
            If a score is below its floor; nothing changes then.
        """
        entry = self.of(run)
        if entry is None:
            return self._replace(run, self._outdated(run), DATA_CHANGED)
        if below := self.check(run):
            remedy = "A floor is lowered by --lower --reason TEXT alone."
            raise RunError("; ".join(map(str, below)), where=run.path, remedy=remedy)
        kept = _floors_of(entry)
        new = {key: max(floor, kept.get(key, floor)) for key, floor in _from_run(run).items()}
        return self._put(run, entry, new)

    def lower(self, run: Run, reason: str) -> list[str]:
        """Set floors by a run wherever they lie; lowered ones go into the history with the reason."""
        return self._replace(run, self.of(run) or self._outdated(run), reason)

    def write(self) -> None:
        """Write the file whole."""
        data = {"format": FORMAT, "floors": self.entries, "history": self.history}
        write_text(self.path, to_json(data, indent=1) + "\n")

    def _why_none(self, run: Run) -> str:
        """Say why no floor fits a run."""
        name = run.manifest["name"]
        if not self.path.exists():
            return "no such file of floors"
        if not any(each["experiment"] == name for each in self.entries):
            return f"no floor is set for experiment {name!r}"
        data, splits = run.manifest["data_fingerprint"][:8], run.manifest["split_hash"][:8]
        return f"no floor of experiment {name!r} is for data {data} with splits {splits}: the data changed since"

    def _outdated(self, run: Run) -> Entry | None:
        """Find the floors of the same experiment and evaluations on other data."""
        name, evaluations = run.manifest["name"], {key[:2] for key in _scores(run)}
        alike = (each for each in self.entries if each["experiment"] == name)
        return next((each for each in alike if {key[:2] for key in _floors_of(each)} == evaluations), None)

    def _replace(self, run: Run, entry: Entry | None, reason: str) -> list[str]:
        new, old = _from_run(run), _floors_of(entry) if entry else {}
        lowered = [
            {"collection": key[0], "split": key[1], "score": key[2], "old": floor, "new": new.get(key)}
            for key, floor in old.items()
            if key not in new or new[key] < floor
        ]
        if lowered:
            head = {"date": _today(), "experiment": run.manifest["name"], "run": run.path.name, "reason": reason}
            self.history.append(head | {"changes": lowered})
        return self._put(run, entry, new)

    def _put(self, run: Run, entry: Entry | None, new: dict[Key, float]) -> list[str]:
        old = _floors_of(entry) if entry else {}
        changed = [
            f"{' '.join(key).replace('_', ' ')}: {f'{old[key]:.4f} → ' if key in old else ''}{floor:.4f}"
            for key, floor in new.items()
            if old.get(key) != floor
        ]
        if changed or entry is None or not _identity(run).items() <= entry.items():
            self.entries = [each for each in self.entries if each is not entry] + [_entry(run, new)]
            self.entries.sort(key=lambda each: (each["experiment"], each["data_fingerprint"], each["split_hash"]))
        return changed


def load_floors(path: Path | None = None) -> Floors:
    """Read floors; none where the file is not there yet.

    Parameters
    ----------
    path : Path, optional
        ``floors.json`` of the folder ``experiments`` here or in a folder above by default.

    Raises
    ------
    RunError
        If the file is malformed, or no file is named and there is no such folder.
    """
    folder = find_upwards(EXPERIMENTS, Path.cwd())
    if path is None and folder is None:
        rule = f"no folder {EXPERIMENTS!r} here or in a folder above"
        raise RunError(rule, where=FLOORS, remedy="Go to the project's folder, or name the file by --floors FILE.")
    found = path or (folder or Path()) / FLOORS
    if not found.parent.is_dir():
        raise RunError("no such folder", where=found.parent, remedy="Make it first, or name a file elsewhere.")
    if not found.exists():
        return Floors(found, [], [])
    data = read_json(found, RunError)
    try:
        if data["format"] != FORMAT:
            raise RunError(f"is of format {data['format']!r}, not {FORMAT}", where=found, remedy="Update stance.")
        if not all(isinstance(data[key], list) for key in ("floors", "history")):
            raise TypeError
        for entry in data["floors"]:
            named = [entry[key] for key in ("experiment", "data_fingerprint", "split_hash")]
            floors = _floors_of(entry)
            if not all(isinstance(each, str) for each in named + [part for key in floors for part in key]):
                raise TypeError
            if not all(0 <= floor <= 1 for floor in floors.values()):
                raise ValueError
        return Floors(found, data["floors"], data["history"])
    except (KeyError, TypeError, ValueError, AttributeError):
        remedy = "Restore it from the repository, and change it by `stance floor` alone."
        raise RunError("is no file of floors", where=found, remedy=remedy) from None


def _identity(run: Run) -> dict[str, str]:
    manifest = run.manifest
    keys = {"experiment": "name", "data_fingerprint": "data_fingerprint", "split_hash": "split_hash"}
    return {key: manifest[name] for key, name in keys.items()}


def _scores(run: Run) -> dict[Key, float]:
    return {
        (each["collection"], each["split"], name): cell["value"]
        for each in run.metrics["evaluations"]
        for name, cell in each["headline"].items()
        if cell["value"] is not None
    }


def _from_run(run: Run) -> dict[Key, float]:
    """Return the floors that a run's scores set: less the tolerance, or less what one statement weighs if more."""
    n = {(each["collection"], each["split"]): each["n_statements"] for each in run.metrics["evaluations"]}
    return {key: round(max(0.0, score - max(TOLERANCE, 1 / n[key[:2]])), DIGITS) for key, score in _scores(run).items()}


def _floors_of(entry: Entry) -> dict[Key, float]:
    return {
        (each["collection"], each["split"], name): floor
        for each in entry["evaluations"]
        for name, floor in each["floors"].items()
    }


def _entry(run: Run, floors: dict[Key, float]) -> Entry:
    def evaluations() -> Iterator[Entry]:
        for each in run.metrics["evaluations"]:
            place = (each["collection"], each["split"])
            own = {key[2]: floor for key, floor in floors.items() if key[:2] == place}
            measured = {name: each["headline"][name]["value"] for name in own}
            head = {"collection": place[0], "split": place[1], "n_statements": each["n_statements"]}
            yield head | {"measured": measured, "floors": own}

    made = {"run": run.path.name, "commit": run.manifest["commit"], "set": _today()}
    return _identity(run) | made | {"evaluations": list(evaluations())}


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
