"""A statement in its surroundings as token ids: heading, previous, statement and following, in segments.

``[CLS] heading [SEP] previous [SEP] statement [SEP] following [SEP]``, where the statement is segment 1 and the rest
segment 0, so that an encoder made for pairs tells them apart. The neighbours share what room the statement leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

MAX_TOKENS = 128
STATEMENT, HEADING, FOLLOWING = 96, 12, 24  # tokens at most; the previous statement, which says most, takes the rest


@dataclass(frozen=True)
class Segments:
    """Token ids of one statement with its surroundings; the statement has ``ids[start:end]``."""

    ids: list[int]
    start: int
    end: int


def encode_statements(tokenizer: Any, frame: pd.DataFrame, context: Sequence[str]) -> list[Segments]:
    """Turn statements into token ids.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        With the special tokens ``[CLS]`` and ``[SEP]``.
    frame : DataFrame
        With the columns ``text``, ``previous``, ``following`` and ``heading``.
    context : sequence of str
        Which of the last three are read.
    """
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    fields = {name: _token_ids(tokenizer, list(frame[name])) for name in ("text", *context)}
    nothing: list[list[int]] = [[]] * len(frame)
    columns = [fields.get(name, nothing) for name in ("text", "heading", "previous", "following")]
    return [_join(cls, sep, *row) for row in zip(*columns, strict=True)]


def _token_ids(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    """Tokenize; what cannot be read anyway is cut first, for a statement may be as long as a book."""
    cut = [text[: MAX_TOKENS * 20] for text in texts]
    return [encoding.ids for encoding in tokenizer.encode_batch(cut, add_special_tokens=False)]


def _join(
    cls: int, sep: int, text: list[int], heading: list[int], previous: list[int], following: list[int]
) -> Segments:
    text, heading = text[:STATEMENT], heading[:HEADING]
    room = MAX_TOKENS - len(text) - len(heading) - 5
    following = following[: min(FOLLOWING, room // 3)]
    room -= len(following)
    previous = previous[-room:] if room > 0 else []
    before = [cls, *heading, sep, *previous, sep]
    after = [*following, sep] if following else []
    return Segments([*before, *text, sep, *after], len(before), len(before) + len(text) + 1)


def pad(batch: Sequence[Segments]) -> dict[str, Ints]:
    """Return the arrays that an encoder takes, each of shape (n, longest)."""
    longest = max(len(each.ids) for each in batch)
    names = ("input_ids", "attention_mask", "segment")
    arrays = {name: np.zeros((len(batch), longest), dtype=np.int64) for name in names}
    for row, each in enumerate(batch):
        arrays["input_ids"][row, : len(each.ids)] = each.ids
        arrays["attention_mask"][row, : len(each.ids)] = 1
        arrays["segment"][row, each.start : each.end] = 1
    return arrays


def by_length(segments: Sequence[Segments], size: int) -> list[Ints]:
    """Cut row numbers into batches of like length, so that little is padded."""
    order = np.argsort([len(each.ids) for each in segments], kind="stable")
    return [order[at : at + size] for at in range(0, len(order), size)]
