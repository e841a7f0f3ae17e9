"""The subject of a verb of saying, and of a statement: where the phrase stands that tells who speaks."""

from __future__ import annotations

from stance.phrases import Tokens, bare, is_name, loose_end, phrase_ends
from stance.speech_words import (
    AUXILIARIES,
    DETERMINERS,
    HAVING,
    INTERPOSED,
    LINKERS,
    MODIFIERS,
    NO_ADVERBS,
    OPENERS,
    PAST,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    SUBORDINATORS,
    VERBS,
    Verb,
)

REACH = 30  # Tokens looked at on either side of a cue.
MARKS = frozenset(',;:"()—–-.?!…[]')


def verb_start(words: list[str], at: int) -> int:
    """Step back over adverbs and forms of "have"."""
    while at > 0 and (words[at - 1] in HAVING or _is_adverb(words[at - 1])):
        at -= 1
    return at


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word[0].islower() and len(word) > 4 and word not in NO_ADVERBS


def subject_of(words: list[str], end: int, nested: bool, verb: Verb) -> tuple[int, int, str] | None:
    """Find the phrase that ends at ``end``, or before what stands between a subject and its verb (`on Friday`)."""
    first, subordinate = _clause_start(words, end)
    if subordinate and not nested:
        return None
    if words[end - 1 : end] in (["who"], ["which"]):
        return _relative(words, end - 1)
    for stop in range(end, max(first, end - 9), -1):
        if stop == end or words[stop] in INTERPOSED:
            start = _phrase_start(words, first, stop, loose=verb.kind == "say")
            if start >= 0:
                return start, stop, ""
    return _far_subject(words, first, end)


def _far_subject(words: list[str], first: int, end: int) -> tuple[int, int, str] | None:
    """Read `a group of lawmakers last week in a letter to Ruiz called for`."""
    place = main_subject(words)
    if not place or place[0] < first or place[1] >= end or words[place[1]] not in INTERPOSED:
        return None
    between = words[place[1] : end]
    return None if any(word in VERBS or word in AUXILIARIES for word in between) else (*place, "")


def _relative(words: list[str], end: int) -> tuple[int, int, str] | None:
    """Read `remarks by Ana Ruiz, who said`."""
    stop = end - (words[end - 1 : end] == [","])
    if stop == end:
        return None
    first, _ = _clause_start(words, stop)
    start = _phrase_start(words, first, stop, loose=False, placed=True)
    return (start, stop, "") if start >= 0 else None


def _clause_start(words: list[str], end: int) -> tuple[int, bool]:
    """Return where the clause before ``end`` starts, and whether it hangs on another (`because Ruiz`)."""
    at = end
    while at > max(0, end - REACH):
        word = words[at - 1]
        if word in MARKS or word in LINKERS:
            break
        if word in SUBORDINATORS:
            return at, True
        at -= 1
    # `While Ruiz, who …` is read as it stands; `, which` and `that` before the mark are the clause's own business.
    return at, False


def _phrase_start(words: list[str], first: int, stop: int, *, loose: bool, placed: bool = False) -> int:
    """Return the first place from which a phrase reaches exactly to ``stop``; -1 for none."""
    for start in range(first, stop):
        word = words[start]
        if start > first and not placed and _continues(words[start - 1]):
            continue
        if not (is_name(word) or word.isdigit() or word in DETERMINERS or word in MODIFIERS or word in PRONOUNS):
            continue
        if stop in phrase_ends(words, start):
            return start
        if loose and word in DETERMINERS and loose_end(words, start) == stop:
            return start
    return -1


def _continues(before: str) -> bool:
    """Say whether the word before takes a phrase into another (`in Brno`), or belongs to the same one."""
    return before in PREPOSITIONS or before in DETERMINERS or is_name(before)


def before_aside(tokens: Tokens, comma: int) -> tuple[int, int, str] | None:
    """Walk back over `, a former envoy, now in Seoul,`; but in `the envoy, Ana Ruiz, said` the name is the aside."""
    words = tokens.words
    opened = comma
    for _ in range(4):
        opened = _last_break(words, opened)
        if opened <= 0:
            return None
        first, subordinate = _clause_start(words, opened)
        start = _phrase_start(words, first, opened, loose=False)
        is_role = words[first] in DETERMINERS and any(word in ROLES for word in words[first:opened])
        if start < 0 and is_role and _is_full_name(words[opened + 1 : comma]):  # `the official in charge, Ana Ruiz,`
            return opened + 1, comma, tokens.span(first, opened)
        if start < 0:
            continue
        if subordinate:
            return None
        apposed = opened + 1
        if not is_name(words[opened - 1]) and phrase_ends(words, apposed)[-1:] == [comma] and is_name(words[apposed]):
            return apposed, comma, tokens.span(start, opened)
        return (start, opened, tokens.span(apposed, comma)) if _is_aside(words, apposed) else None
    return None


def _is_full_name(words: list[str]) -> bool:
    return 1 < len(words) <= 4 and all(is_name(word) for word in words)


def _last_break(words: list[str], end: int) -> int:
    for at in range(end - 1, max(-1, end - REACH), -1):
        if words[at] in (",", "—", "–"):
            return at
        if words[at] in ('"', ";", ":"):
            return -1
    return -1


def _is_aside(words: list[str], at: int) -> bool:
    """Say whether what follows the comma can describe a name: no new clause with its own subject."""
    return words[at] not in PRONOUNS and words[at] not in ("and", "but", "or", "so") and words[at] != '"'


def main_subject(words: list[str]) -> tuple[int, int] | None:
    """Return the phrase that the statement is about: what stands first, or after a lead-in and its comma."""
    at = 0
    if words and words[0] in ("This", "That", "These", "Those", "Here", "There"):
        return None
    if words and (
        words[0] in PREPOSITIONS
        or (words[0] in OPENERS and words[0] not in DETERMINERS | PRONOUNS)
        or words[0] in SUBORDINATORS
    ):
        if words[0] in LINKERS and words[1:2] != [","]:
            at = 1
        elif "," in words[:REACH]:
            at = words.index(",") + 1
    end = next((end for end in reversed(phrase_ends(words, at)) if _goes_on(words, end)), 0)
    if end and words[end] == "," and bare(words[end - 1]) in MODIFIERS:  # `the envoy, Ana Ruiz, came`
        named = phrase_ends(words, end + 1)
        if named and is_name(words[end + 1]) and words[named[-1] : named[-1] + 1] == [","]:
            return end + 1, named[-1]
    return (at, end) if end else None


def _goes_on(words: list[str], end: int) -> bool:
    """Say whether what follows a phrase shows that it is a subject: a verb, or a comma."""
    if end >= len(words):
        return False
    word = words[end]
    is_verb = word in AUXILIARIES or word in VERBS or word in PAST or word.endswith(("ed", "s"))
    return word in (",", "who", "—") or (
        word[0].islower() and (is_verb or word in HAVING or word in INTERPOSED or _is_adverb(word))
    )
