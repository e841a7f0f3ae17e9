"""What a run directory's files must look like, so that a damaged one is one line and no traceback.

Files are written by training alone; these checks catch copies cut short, edits by hand and other people's exports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stance.classifier import FIELDS  # of the project's own statements alone
from stance.errors import RunError

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook

AGAIN = "Train it again with `stance train`."
STRINGS = (
    "statement_id", "article_id", "collection", "split", "motive", "stance", "predicted_motive", "predicted_stance",
    "status", "outlet", "genre", "batch",
)  # fmt: skip
NUMBERS = ("start", "end", "words")
PROBA = ("motive_proba", "stance_proba", "joint_proba", "proba_")  # how names of columns of probas begin


class Fields(dict[str, Any]):
    """A mapping read from a file that says which key is missing, and where, when one is asked for."""

    where = ""

    def __missing__(self, key: str) -> Any:
        raise RunError(f"key {key!r} is missing", where=self.where, remedy=AGAIN)


def fields(data: Any, where: object) -> Any:
    """Return plain data with every mapping in it as `Fields`."""
    if isinstance(data, dict):
        found = Fields({key: fields(value, where) for key, value in data.items()})
        found.where = str(where)
        return found
    return [fields(each, where) for each in data] if isinstance(data, list) else data


def check_row(row: Mapping[str, Any], where: str) -> None:
    """Check the kinds of what a prediction holds; what it lacks is left to the reader.

    Raises
    ------
    RunError
        If a label, id or place is of another kind, or a proba is no number from 0 to 1.
    """
    for name, value in row.items():
        if name in (*STRINGS, *FIELDS) and not isinstance(value, str):
            raise _odd(name, value, "a string", where)
        if name in NUMBERS and not _is_number(value):
            raise _odd(name, value, "a number", where)
        if name.startswith(PROBA) and not (_is_number(value) and 0 <= value <= 1):
            raise _odd(name, value, "a number from 0 to 1", where)


def check_frame(frame: pd.DataFrame, path: object) -> None:
    """Check what rows are together: each has what the others have, and no statement stands twice.

    Raises
    ------
    RunError
        If a column has gaps, which would read as NaN, or a statement is predicted twice.
    """
    named = [name for name in frame if name in (*STRINGS, *NUMBERS) or str(name).startswith(PROBA)]
    gaps = frame[named].isna().any()
    if gaps.any():
        raise RunError(f"field {gaps.idxmax()!r} is missing in some lines", where=path, remedy=AGAIN)
    twice = frame[frame.duplicated(["collection", "statement_id"])]
    if len(twice):
        raise RunError(f"statement {twice['statement_id'].iloc[0]} stands twice", where=path, remedy=AGAIN)


def check_labels(frame: pd.DataFrame, codebook: Codebook, path: object) -> None:
    """Check that every label, gold or predicted, is in the codebook.

    Raises
    ------
    RunError
        If one is not; names its statement.
    """
    for axis in codebook.axes if len(frame) else ():
        for name in (axis, f"predicted_{axis}"):
            odd = frame[~frame[name].isin(codebook.labels(axis))]
            if len(odd):
                rule = f"statement {odd['statement_id'].iloc[0]}: {name} {odd[name].iloc[0]!r} is not in the codebook"
                raise RunError(rule, where=path, remedy=AGAIN)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _odd(name: str, value: Any, kind: str, where: str) -> RunError:
    return RunError(f"field {name!r} must be {kind}, not {value!r}", where=where, remedy=AGAIN)
