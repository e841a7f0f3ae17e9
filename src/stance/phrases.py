"""Noun phrases that can name a speaker, read off the tokens of a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.speech_words import (
    DATES,
    DETERMINERS,
    FUNCTION,
    JOINERS,
    MODIFIERS,
    OPENERS,
    PLACING,
    PRONOUNS,
    ROLES,
    TITLES,
    VERBS,
)

_TITLE = "|".join(sorted((re.escape(title) for title in TITLES if title.endswith(".")), key=len, reverse=True))
# A quotation, a title, initials, a word with what holds it together, or a mark.
_TOKEN = re.compile(
    rf"\"+|\b(?:{_TITLE})|(?:\b[A-Z]\.){{1,6}}(?=[^\w]|$)|\w(?:[\w’'&@.-]*\w)?(?:(?<=s)[’'](?=\s))?|[^\w\s]"
)
_ASIDE = 14  # Tokens in brackets that are skipped; more is a clause of its own.
_LONGEST = 14  # Tokens of one phrase without what places it.
_PLACES = 3  # `a professor of politics at Weir College in Brno`
_MODIFIERS = 5  # Lower-case words between a determiner and its noun.


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words and marks of a masked statement, without what stands in brackets; one token per quotation."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> str:
        """Return the text of the tokens from ``start`` to before ``end``."""
        return self.text[self.starts[start] : self.ends[end - 1]] if start < end else ""


def tokenise(masked: str) -> Tokens:
    """Cut a masked statement into tokens."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    opened = -1
    for match in _TOKEN.finditer(masked):
        word = match[0]
        if word[0] == '"':
            word = '"'
        elif word in "([":
            opened = len(words)
        words.append(word)
        starts.append(match.start())
        ends.append(match.end())
        if word in ")]" and opened >= 0:
            if opened > 0 and len(words) - opened <= _ASIDE:
                del words[opened:], starts[opened:], ends[opened:]
            opened = -1
    return Tokens(masked, words, starts, ends)


def is_name(word: str) -> bool:
    """Say whether the word is capitalised and no date."""
    return word[0].isupper() and word not in DATES


def is_possessive(word: str) -> bool:
    """Say whether the word ends as an owner's."""
    return word.endswith(("’s", "'s", "s’", "s'"))


def bare(word: str) -> str:
    """Return the word in lower case, without a possessive ending."""
    return re.sub(r"[’']s?$", "", word).lower()


def phrase_ends(words: list[str], start: int) -> list[int]:
    """Return where a noun phrase that starts at ``start`` may end, nearest first; the last is where it ends by itself.

    A phrase is a pronoun, a name, or a role or body with or without what it is of (`a spokesman for the Water
    Ministry`), or two of these joined by "and".
    """
    if start < len(words) and words[start] in PRONOUNS:
        return [start + 1]
    ends = _placed_ends(words, start)
    end = ends[-1] if ends else start
    if ends and words[end : end + 1] == ["and"]:
        ends += _placed_ends(words, end + 1)[-1:]
    return ends


def loose_end(words: list[str], start: int) -> int:
    """Return where `the order` or `one participant` ends: a determiner with nouns of any kind; ``start`` for none."""
    return _base_ends(words, start)[1]


def _placed_ends(words: list[str], start: int) -> list[int]:
    """Walk over a base phrase and, if that is a role or body, over what places it: `of works`, `in North Brno`."""
    ends, _ = _base_ends(words, start)
    base = len(ends)
    if not ends:
        return []
    for _ in range(_PLACES):
        at = ends[-1]
        close = words[at : at + 2] == ["close", "to"]
        if not close and bare(words[at - 1]) not in ROLES and len(ends) == base:
            break
        if not close and (at + 1 >= len(words) or words[at] not in PLACING):
            break
        named, loose = _base_ends(words, at + 1 + close, free=True)
        end = max([at, *named, *([loose] if words[at] == "of" else [])])
        if end <= at + 1:
            break
        ends.append(end)
    return ends


def _base_ends(words: list[str], start: int, *, free: bool = False) -> tuple[list[int], int]:
    """Return where a phrase of name, role or body may end, and where one of any noun does; ``start`` for none.

    Lower-case words that are no known modifiers are let through where something says that a noun follows: a
    determiner, a possessive, or ``free``.
    """
    at = _determined(words, start)
    free, loose, good = free or at > start, 0, start
    ends: list[int] = []
    while at < len(words) and at - start < _LONGEST:
        word = words[at]
        if not word[0].isalpha() and not word[0].isdigit():
            break
        if is_name(word) or (at == start and word.isdigit() and at + 1 < len(words) and is_name(words[at + 1])):
            # Within a phrase, a capital is a title's own (`Rivers In Focus`).
            if word in OPENERS and (at == start or not is_name("".join(words[at + 1 : at + 2]) or "-")):
                break
            good, free = at + 1, is_possessive(word)
        elif word in ROLES:
            good, free = at + 1, False
        elif is_possessive(word):
            good, free = at + 1, True
        elif (
            (word in JOINERS and good == at > start and _name_follows(words, at + 1))
            or word in MODIFIERS
            or ("-" in word and word not in VERBS)
        ):
            pass
        elif free and loose < _MODIFIERS and word not in FUNCTION and word not in DATES:
            loose += 1
        else:
            break
        at += 1
        if good == at:
            ends.append(at)
    return ends, max(good, at) if free else good


def _determined(words: list[str], start: int) -> int:
    """Step over a determiner, and over `one of the`, `many of his`."""
    at = start
    if at < len(words) and words[at] in DETERMINERS:
        at += 1
        if words[at : at + 1] == ["of"] and words[at + 1 : at + 2] and words[at + 1] in DETERMINERS:
            at += 2
    return at


def _name_follows(words: list[str], at: int) -> bool:
    at += words[at : at + 1] == ["the"]
    return at < len(words) and is_name(words[at]) and words[at] not in OPENERS
