"""Where a statement says that somebody speaks: `Ruiz said`, `said Ruiz`, `according to Ruiz`, `Ruiz: “…”`."""

from __future__ import annotations

from typing import NamedTuple

from stance.phrases import Tokens, bare, is_possessive, loose_end, phrase_ends
from stance.speech_words import (
    ALSO_NOUNS,
    AUXILIARIES,
    BEING,
    DENYING,
    ENDS,
    HEARER_FOLLOWS,
    INTERPOSED,
    LEADS,
    MODIFIERS,
    OPENERS,
    PRONOUNS,
    PURPOSE,
    ROLES,
    STRICT,
    SUBORDINATORS,
    VERBS,
    WORDS_FOLLOW,
    Verb,
)
from stance.subjects import MARKS, REACH, before_aside, main_subject, subject_of, verb_start

CUES = frozenset(VERBS) | LEADS | {"words"}
_MOST_CUES = 20  # Cues tried in one statement: with the reach, what keeps the time linear in its length.
_BREAKS = frozenset(',"—–-')


class Mention(NamedTuple):
    """A phrase that names a speaker.

    Parameters
    ----------
    words : tuple of str
        The phrase.
    aside : str
        What the text adds about that speaker beside the phrase; may be empty.
    rank : int
        How directly it says so: 0 by its own verb, 1 by `according to` or quoting, 2 by a verb that hangs on the
        statement's subject, 3 by `citing`, which counts only if somebody else passes the words on.
    """

    words: tuple[str, ...]
    aside: str = ""
    rank: int = 0


def mentions(tokens: Tokens) -> list[Mention]:
    """Return the speakers that the statement names outside quotations, most direct first, then in reading order."""
    words = tokens.words
    cues = [at for at, word in enumerate(words) if word in CUES or word == "According"][:_MOST_CUES]
    found = [_lead_in(tokens)]
    for at in cues:
        verb = VERBS.get(words[at])
        mention = None
        if verb and words[at] != "citing":
            mention = _inverted(tokens, at, verb) or _direct(tokens, at, verb, any(found))
        found.append(mention or _led(tokens, at))
    return sorted((mention for mention in found if mention), key=lambda mention: mention.rank)


def _mention(tokens: Tokens, start: int, end: int, aside: str = "", rank: int = 0) -> Mention:
    return Mention(tuple(tokens.words[start:end]), aside, rank)


def _lead_in(tokens: Tokens) -> Mention | None:
    """Read `Ana Ruiz: “…”`, and `Ana Ruiz, of Weir College: “…”`."""
    words = tokens.words
    if '"' not in words or ":" not in words[: words.index('"')]:
        return None
    colon = words.index(":")
    end = (phrase_ends(words, 0) or [0])[-1]
    if colon + 1 >= len(words) or words[colon + 1] != '"' or not end or (end != colon and words[end] != ","):
        return None
    return _mention(tokens, 0, end) if all(word not in VERBS for word in words[:colon]) else None


def _led(tokens: Tokens, at: int) -> Mention | None:
    """Read `according to Ruiz`, `quoting Ruiz`, `in the words of Ruiz`."""
    words = tokens.words
    if words[at] in ("according", "According"):
        start = at + 2 if words[at + 1 : at + 2] == ["to"] else 0
    elif words[at] == "words":
        start = at + 2 if words[at - 1 : at + 2] == ["the", "words", "of"] else 0
    else:
        start = at + 1 if words[at] in LEADS and words[at - 1 : at] not in (["was"], ["were"], ["being"]) else 0
    if not start or start >= len(words):
        return None
    end = max([*phrase_ends(words, start), loose_end(words, start) if words[at].endswith("ccording") else 0])
    rank = 3 if words[at].startswith("cit") else 1
    return _mention(tokens, start, end, _aside_after(tokens, end), rank) if end > start else None


def _inverted(tokens: Tokens, at: int, verb: Verb) -> Mention | None:
    """Read `…, says X` and `“…” said X`: a break stands before the verb and after the name."""
    words = tokens.words
    before = words[at - 1] if at else ""
    if before == "," and at > 1 and words[at - 2] == '"':
        before = '"'
    if before not in _BREAKS or verb.form in ("ing", "base") or (verb.lemma in HEARER_FOLLOWS):
        return None
    if before != '"' and verb.kind == "act":
        return None
    # `The Post, however, says the plan`: only after a quotation may any noun speak.
    ends = phrase_ends(words, at + 1) or ([loose_end(words, at + 1)] if before == '"' else [0])
    end = ends[-1]
    if end <= at + 1 or not (_ended(words, end) or (before == '"' and words[end] not in AUXILIARIES)):
        return None
    return _mention(tokens, at + 1, end, _aside_after(tokens, end))


def _ended(words: list[str], end: int) -> bool:
    return end >= len(words) or words[end] in MARKS or words[end] in ENDS or words[end] in INTERPOSED


def _direct(tokens: Tokens, at: int, verb: Verb, nested: bool) -> Mention | None:  # noqa: PLR0911 - a rule a line
    """Read `X said`, `X has also said`, `X, a former envoy, said`, `X is urging`, `X rose, saying`."""
    words = tokens.words
    end = verb_start(words, at)
    if end <= 0:
        return None
    before = words[end - 1]
    if verb.form == "ing":
        return _hanging(tokens, at, before, verb, nested)
    if before in DENYING or (verb.form == "past" and before in BEING):
        return None
    if before in ("and", "but", "or") or (before == "," and words[end - 2 : end - 1] == ["and"]):
        return _of_statement(tokens, end - 1) if _words_follow(words, at, verb, end) else None
    aside = before in (",", "—", "–")
    place = before_aside(tokens, end - 1) if aside else subject_of(words, end, nested, verb)
    if not place:
        return None
    start, stop, added = place
    if not (_agrees(words[start:stop], words[at], verb) and _words_follow(words, at, verb, start)):
        return None
    return _mention(tokens, start, stop, added)


def _hanging(tokens: Tokens, at: int, before: str, verb: Verb, nested: bool) -> Mention | None:
    """Read `X is urging`, `X was quoted as saying`; and of `X rose, saying` the statement's subject."""
    words = tokens.words
    start = verb_start(words, at) - 1
    if before in BEING:
        place = subject_of(words, verb_start(words, start), nested, verb)
        follows = _words_follow(words, at, verb, 0)
        return _mention(tokens, *place) if place and follows else None
    if before == "as" and words[start - 1 : start] == ["quoted"]:
        place = subject_of(words, verb_start(words, start - 1) - 1, nested, verb)
        return _mention(tokens, *place) if place else None
    if before in (",", "by", "—", "–") and _words_follow(words, at, verb, 0):
        return _of_statement(tokens, start)
    return None


def _aside_after(tokens: Tokens, end: int) -> str:
    """Return `a diver from Brno` of `Ana Ruiz, a diver from Brno,`; ``""`` where no description follows."""
    words = tokens.words
    if words[end : end + 1] != [","] or end + 2 >= len(words) or words[end + 1] in MARKS:
        return ""
    stop = end + 1
    while stop < len(words) and stop - end < REACH and words[stop] not in (",", '"', ";", ":", "—", ".", "who"):
        stop += 1
    described = any(bare(word) in MODIFIERS | ROLES for word in words[end + 1 : stop])
    return tokens.span(end + 1, stop) if described and words[end + 1] not in OPENERS | PRONOUNS else ""


def _of_statement(tokens: Tokens, before: int) -> Mention | None:
    """Let the statement's subject have said what hangs on it."""
    place = main_subject(tokens.words)
    return _mention(tokens, *place, rank=2) if place and place[1] <= before else None


def _agrees(subject: list[str], word: str, verb: Verb) -> bool:
    """Tell verbs from nouns: `analysts say`, but not `Ruiz did say`; `she claims`, but not `South Korean claims`."""
    last = subject[-1]
    plural = (
        bare(last).endswith(("s", "men", "people", "media", "police")) or "and" in subject or last.lower() == "they"
    )
    if verb.form == "base":
        return plural
    if verb.form == "s" and word in ALSO_NOUNS:
        return not last.lower().endswith(("ean", "ese", "ian", "ican", "ish", "news", "media")) and not is_possessive(
            last
        )
    return True


def _words_follow(words: list[str], at: int, verb: Verb, start: int) -> bool:  # noqa: PLR0911 - a rule a line
    """Say whether the verb hands over words, rather than being done to something (`warned Seoul`)."""
    after = words[at + 1] if at + 1 < len(words) else "."
    window = words[at + 1 : at + 13]
    if verb.kind != "act" and (after in INTERPOSED or after == "to") and _that_follows(window):
        return True  # `reported on Sunday that`, `confirmed to the Post that`
    if after == "by" or (after == "to" and verb.lemma not in PURPOSE):
        return False
    if start and words[start - 1] in ("as", "As") and after == ",":
        return True
    if (
        start
        and words[start - 1] in ('"', ",")
        and (words[start - 1] == '"' or '"' in words[max(0, start - 2) : start])
    ):
        return True
    if verb.kind == "say":
        return True
    if start and words[start - 1] == "," and _ended(words, at + 1) and after != "that":
        return True  # `The dam is safe, the ministry added.`
    if after in WORDS_FOLLOW or _quotes(window):
        return True
    if verb.kind == "act":
        return _acts(after, window, verb.lemma)
    if verb.lemma == "call":
        return after in ("for", "on")
    if verb.lemma in STRICT:
        return False
    return (verb.lemma in ("warn", "complain", "boast") and after in ("of", "about", "against")) or _is_clause(window)


def _that_follows(window: list[str]) -> bool:
    if "that" not in window:
        return False
    return not any(word in MARKS or word in AUXILIARIES for word in window[: window.index("that")])


def _acts(after: str, window: list[str], lemma: str) -> bool:
    if after in ("of", ".", ";", "and") or (after in MARKS):
        return False
    if lemma in ("describe", "dismiss"):
        return "as" in window
    if lemma == "deny":
        return after in (
            "any",
            "having",
            "being",
            "the",
            "it",
            "reports",
            "allegations",
            "involvement",
            "claims",
            "that",
        )
    return True


def _quotes(window: list[str]) -> bool:
    """Say whether a quotation follows before the sentence breaks."""
    for word in window:
        if word == '"':
            return True
        if word in (";", ".", "which", "who"):
            return False
    return False


def _is_clause(window: list[str]) -> bool:
    """Say whether a clause follows without "that": a finite auxiliary before the next mark (`added it would hold`)."""
    for at, word in enumerate(window):
        if word in AUXILIARIES:
            return at > 0
        if word in MARKS or word in SUBORDINATORS:
            return False
    return False
