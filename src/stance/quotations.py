"""Quotations of an article: where they stand in its statements, and which statements share one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stance.statements import Statement

QUOTATION_MARK = re.compile(r"[“”\"]")
# `'a dam'` or `‘a dam’`: bounded, for an apostrophe may open one that never closes.
_SINGLE = re.compile(r"(?<!\w)[‘'](?=\w)(?:[^‘’'\n]|(?<=\w)[’'](?=\w)){2,400}(?<=[\w.,!?…])[’'](?!\w)")
_OPEN_SINGLE = re.compile(r"[‘](?=\w)[^‘’\n]*(?:(?<=\w)’(?=\w)[^‘’\n]*)*$")
_CLOSE_SINGLE = re.compile(r"[.,!?…]’(?!\w)")
_BEFORE_OPENING = " \t\n\xa0([—–-"
_LONGEST = 12  # Statements in a row that one quotation may run over before its closing mark must have been forgotten.


class Masked(NamedTuple):
    """A statement as it stands outside quotations, and what it shares with others.

    Parameters
    ----------
    text : str
        The statement with every quotation overwritten by ``"``, letter for letter, so that offsets hold.
    run : int
        Equal for statements that share one quotation.
    paragraph : int
        Equal for statements of one paragraph.
    """

    text: str
    run: int
    paragraph: int


def mask_quotations(statements: Sequence[Statement]) -> list[Masked]:
    """Blank out what stands in quotation marks, and number the runs of statements that share one quotation.

    An open quotation goes on to the end of its paragraph, and on into the next one if that opens it again, as long
    quotations do; after twelve statements its closing mark is taken to be missing.
    """
    masked: list[Masked] = []
    is_open, single, run, end, paragraph, length = False, False, 0, 0, 0, 0
    for statement in statements:
        text = statement.text
        same_paragraph = statement.start - end <= 1  # Within a paragraph, one space at most.
        paragraph += not same_paragraph
        shared = (is_open or single) and (same_paragraph or text[:1] in ("“", '"', "‘")) and length < _LONGEST
        run += not shared
        length = length + 1 if shared else 1
        outside, is_open = _mask(text, is_open and same_paragraph and shared)
        outside, single = _mask_single(outside, single and same_paragraph and shared)
        masked.append(Masked(outside, run, paragraph))
        end = statement.end
    return masked


def _mask(text: str, is_open: bool) -> tuple[str, bool]:
    """Overwrite quotations in double marks; say whether the last is still open."""
    if not is_open and "“" not in text and '"' not in text and "”" not in text:
        return text, False
    pieces: list[str] = []
    at = 0
    for mark in QUOTATION_MARK.finditer(text):
        opens = _opens(text, mark.start(), is_open)
        quoted = is_open or (not opens and not pieces)  # A first mark that closes: the quotation began before.
        pieces += ['"' * (mark.start() - at) if quoted else text[at : mark.start()], '"']
        is_open, at = opens, mark.end()
    pieces.append('"' * (len(text) - at) if is_open else text[at:])
    return "".join(pieces), is_open


def _opens(text: str, at: int, is_open: bool) -> bool:
    """Say whether the mark opens a quotation; a straight one does when it leans on the word after it alone."""
    if text[at] != '"':
        return text[at] == "“"
    leans_left = at > 0 and text[at - 1] not in _BEFORE_OPENING
    leans_right = at + 1 < len(text) and not text[at + 1].isspace()
    if leans_left and leans_right and (text[at + 1].isalnum() or text[at + 1] in "(["):
        return not is_open  # `ended."Then it` lost its space: the marks take turns.
    return leans_right and not leans_left


def _mask_single(text: str, is_open: bool) -> tuple[str, bool]:
    """Overwrite quotations in single marks, which only punctuation around them tells from apostrophes."""
    if is_open:
        close = _CLOSE_SINGLE.search(text)
        at = close.end() if close else len(text)
        text, is_open = '"' * at + text[at:], not close
    if "‘" in text or "'" in text:
        text = _SINGLE.sub(lambda quoted: '"' * len(quoted[0]), text)
        # Only a statement that opens with the mark: elsewhere it is more often a slip for an apostrophe.
        opened = _OPEN_SINGLE.match(text)
        if opened:
            text, is_open = '"' * len(text), True
    return text, is_open
