"""Turns of a transcript, and the one speaker of a speech: who speaks where nobody is said to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.phrases import is_name, phrase_ends, tokenise
from stance.speech_words import NO_SPEAKERS, OPENERS, ROLES, TITLES

if TYPE_CHECKING:
    from stance.statements import Statement

# `MR. REED:`, `THE MAYOR:`; also within a statement, after an interrupted one.
_UPPER = re.compile(r"(?:^|(?<=\s))([A-Z][A-Z.’'-]+(?:\s[A-Z][A-Z.’'-]*){0,5}):(?=\s|$|…)")
_MIXED = re.compile(r"([A-Z][\w.’'-]{1,24}(?:\s[A-Z][\w.’'-]{0,24}){0,3}):(?=\s|$)")
_ASKING = re.compile(r"(Q)(?:[.:]\s|\s(?=[\"“‘(A-Z—–-])|[.:]?$)")
_TITLED = re.compile(
    r"(?:MR|MS|MRS|DR|GEN|SEN|REP|GOV|AMB)\.|(?:THE|SECRETARY|PRESIDENT|SENIOR|MINISTER|SENATOR|AMBASSADOR)\s"
)
_SPEECH = re.compile(
    r"(?P<several>(?:Press |Daily |On-the-Record |Background )*(?:Briefing|Gaggle|Call)\b)?"
    r"(?:(?!Joint|Readout)[A-Z][\w-]*\s){0,3}?(?:Remarks|Statement|Speech|Address|Testimony|Briefing|Gaggle|Call|Message|Letter)\s"
    r"(?:as\s\w+\s)?(?:by|of|from)\s(?:the\s)?",
    re.IGNORECASE,
)
_TRANSCRIPTS = re.compile(r"\b(?:transcripts?|speech(?:es)?|remarks)\b")
_FEW = 2  # Marks of turns without which an article is no transcript: one may be a dateline (`BRNO: The river …`).
_OMISSION = 3  # Characters between two statements that are more than the end of a paragraph: something was left out.

Turn = tuple[str, ...]


def turns(statements: Sequence[Statement], *, outlet: str, title: str) -> list[Turn]:
    """Return the words that name who has the floor at each statement; ``()`` where the article speaks as usual.

    A turn lasts until the next mark. Where the start of a turn is missing, the speaker that the title or outlet names
    has it.
    """
    marks = _marks(statements)
    main, alone = _main_speaker(outlet, title)
    if not marks:
        return [main if alone else ()] * len(statements)
    found: list[Turn] = []
    current, end = main, 0
    for at, statement in enumerate(statements):
        if statement.start - end > _OMISSION:
            current = main or (current if current != ("Q",) else ())
        first, last = marks.get(at, ((), ()))
        found.append(first or current)
        current = last or current
        end = statement.end
    return found


def _marks(statements: Sequence[Statement]) -> dict[int, tuple[Turn, Turn]]:
    """Return for each statement with marks whose turn it opens with, if any, and whose it ends in."""
    mixed = _recurring(statements)
    found: dict[int, tuple[Turn, Turn]] = {}
    heading, weight = "", 0
    for at, statement in enumerate(statements):
        first, last = _marked(statement.text, mixed)
        if statement.heading != heading:
            heading = statement.heading
            above = _UPPER.fullmatch(heading) or _MIXED.fullmatch(heading)
            if above and not first:
                first = _named(above[1])
                last = last or first
        if last:
            found[at] = first, last
            weight += 1 + (bool(_TITLED.match(" ".join(last).upper() + " ")) and last[0].isupper())
    return found if weight >= _FEW else {}


def _marked(text: str, mixed: frozenset[str]) -> tuple[Turn, Turn]:
    asked = _ASKING.match(text) if text[:1] == "Q" else None
    first: Turn = ("Q",) if asked else ()
    if ":" not in text:
        return first, first
    marks = list(_UPPER.finditer(text))
    if marks and not marks[0].start():
        first = _named(marks[0][1])
    elif not first and (match := _MIXED.match(text)) and match[1] in mixed:
        first = _named(match[1])
    return first, _named(marks[-1][1]) if marks else first


def _recurring(statements: Sequence[Statement]) -> frozenset[str]:
    """Return names in lower case letters that open turns: two or more speak more than once, or one that is asked."""
    seen = Counter(match[1] for each in statements if ":" in each.text[:100] and (match := _MIXED.match(each.text)))
    names = [name for name in seen if not name.isupper() and _is_speaker_like(name)]
    often = sum(seen[name] > 1 for name in names)
    asked = any(_ASKING.match(each.text) for each in statements if each.text[:1] == "Q")
    return frozenset(names) if often + asked > 1 and often else frozenset()


def _is_speaker_like(name: str) -> bool:
    words = name.split()
    return words[0] not in OPENERS and words[0] not in NO_SPEAKERS and all(is_name(word) for word in words)


def _named(mark: str) -> Turn:
    return tuple(mark.split())


def _main_speaker(outlet: str, title: str) -> tuple[Turn, bool]:
    """Return whom title or outlet name as speaker, and whether the whole article is that one speech."""
    title = re.sub(r"[\\_\s]+", " ", title).strip()
    match = _SPEECH.match(title)
    if match:
        words = tokenise(title[match.end() : match.end() + 200]).words
        ends = phrase_ends(words, 0)
        if ends:
            end = words.index("and") if "and" in words[: ends[-1]] else ends[-1]
            return tuple(words[:end]), not match["several"] and words[end : end + 1] != ["and"]
    if _TRANSCRIPTS.search(outlet):
        words = outlet.split()
        end = next((at for at, word in enumerate(words) if not is_name(word)), len(words))
        if end > 1 and not any(word.lower() in ROLES for word in words[:end] if word not in TITLES):
            return tuple(words[:end]), True
    return (), False
