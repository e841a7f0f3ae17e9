"""Errors a user can act on: what rule was broken, where, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class StanceError(Exception):
    """A failure the user can mend; printed as one line, never as a traceback.

    Parameters
    ----------
    what : str
        The rule that was broken, with the offending value.
    where : object
        The file, ``file:line`` or argument that broke it.
    remedy : str
        What to do next.
    """

    def __init__(self, what: str, *, where: object = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, str(where), remedy
        super().__init__(what)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line.rstrip('.')}. {self.remedy}" if self.remedy else line


class ArticleError(StanceError):
    """An article, or a collection of articles or statements, cannot be read."""


class CodebookError(StanceError):
    """A codebook is malformed, or a label is not in it."""


class ConfigError(StanceError):
    """An experiment config is malformed."""


class CorpusError(StanceError):
    """The labeled data is malformed or does not match its articles."""


class ModelError(StanceError):
    """A model file is missing, foreign, tampered with or of another version."""


class RunError(StanceError):
    """A run directory is missing or incomplete."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?``, or the known words where none is near."""
    words = sorted(known)
    folded = {each.lower(): each for each in words}
    near = [each for each in folded if word and each.startswith(word.lower())]
    near = near or difflib.get_close_matches(word.lower(), folded, n=1)
    return f"Did you mean {folded[near[0]]!r}?" if near else f"Known: {', '.join(words) or 'none'}."
