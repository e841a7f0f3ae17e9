"""Where a statement says that somebody speaks: `Ruiz said`, `said Ruiz`, `according to Ruiz`, `Ruiz: “…”`."""

from __future__ import annotations

from typing import NamedTuple

from stance.phrases import Tokens, bare, is_name, is_possessive, loose_end, phrase_ends
from stance.speech_words import (
    ALSO_NOUNS,
    AUXILIARIES,
    BEING,
    DENYING,
    DETERMINERS,
    ENDS,
    HAVING,
    HEARER_FOLLOWS,
    INTERPOSED,
    LEADS,
    LINKERS,
    MODIFIERS,
    NO_ADVERBS,
    OPENERS,
    PAST,
    PREPOSITIONS,
    PRONOUNS,
    PURPOSE,
    ROLES,
    STRICT,
    SUBORDINATORS,
    VERBS,
    WORDS_FOLLOW,
    Verb,
)

CUES = frozenset(VERBS) | LEADS | {"words"}
_MOST_CUES = 20  # Cues tried in one statement: with the reach, what keeps the time linear in its length.
_REACH = 30  # Tokens looked at on either side of a cue.
_MARKS = frozenset(',;:"()—–-.?!…[]')
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
    return end >= len(words) or words[end] in _MARKS or words[end] in ENDS or words[end] in INTERPOSED


def _direct(tokens: Tokens, at: int, verb: Verb, nested: bool) -> Mention | None:  # noqa: PLR0911 - a rule a line
    """Read `X said`, `X has also said`, `X, a former envoy, said`, `X is urging`, `X rose, saying`."""
    words = tokens.words
    end = _verb_start(words, at)
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
    place = _before_aside(tokens, end - 1) if aside else _subject(words, end, nested, verb)
    if not place:
        return None
    start, stop, added = place
    if not (_agrees(words[start:stop], words[at], verb) and _words_follow(words, at, verb, start)):
        return None
    return _mention(tokens, start, stop, added)


def _hanging(tokens: Tokens, at: int, before: str, verb: Verb, nested: bool) -> Mention | None:
    """Read `X is urging`, `X was quoted as saying`; and of `X rose, saying` the statement's subject."""
    words = tokens.words
    start = _verb_start(words, at) - 1
    if before in BEING:
        place = _subject(words, _verb_start(words, start), nested, verb)
        follows = _words_follow(words, at, verb, 0)
        return _mention(tokens, *place) if place and follows else None
    if before == "as" and words[start - 1 : start] == ["quoted"]:
        place = _subject(words, _verb_start(words, start - 1) - 1, nested, verb)
        return _mention(tokens, *place) if place else None
    if before in (",", "by", "—", "–") and _words_follow(words, at, verb, 0):
        return _of_statement(tokens, start)
    return None


def _verb_start(words: list[str], at: int) -> int:
    """Step back over adverbs and forms of "have"."""
    while at > 0 and (words[at - 1] in HAVING or _is_adverb(words[at - 1])):
        at -= 1
    return at


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word[0].islower() and len(word) > 4 and word not in NO_ADVERBS


def _subject(words: list[str], end: int, nested: bool, verb: Verb) -> tuple[int, int, str] | None:
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
    while at > max(0, end - _REACH):
        word = words[at - 1]
        if word in _MARKS or word in LINKERS:
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


def _before_aside(tokens: Tokens, comma: int) -> tuple[int, int, str] | None:
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
    for at in range(end - 1, max(-1, end - _REACH), -1):
        if words[at] in (",", "—", "–"):
            return at
        if words[at] in ('"', ";", ":"):
            return -1
    return -1


def _is_aside(words: list[str], at: int) -> bool:
    """Say whether what follows the comma can describe a name: no new clause with its own subject."""
    return words[at] not in PRONOUNS and words[at] not in ("and", "but", "or", "so") and words[at] != '"'


def _aside_after(tokens: Tokens, end: int) -> str:
    """Return `a diver from Brno` of `Ana Ruiz, a diver from Brno,`; ``""`` where no description follows."""
    words = tokens.words
    if words[end : end + 1] != [","] or end + 2 >= len(words) or words[end + 1] in _MARKS:
        return ""
    stop = end + 1
    while stop < len(words) and stop - end < _REACH and words[stop] not in (",", '"', ";", ":", "—", ".", "who"):
        stop += 1
    described = any(bare(word) in MODIFIERS | ROLES for word in words[end + 1 : stop])
    return tokens.span(end + 1, stop) if described and words[end + 1] not in OPENERS | PRONOUNS else ""


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
        elif "," in words[:_REACH]:
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
    return not any(word in _MARKS or word in AUXILIARIES for word in window[: window.index("that")])


def _acts(after: str, window: list[str], lemma: str) -> bool:
    if after in ("of", ".", ";", "and") or (after in _MARKS):
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
        if word in _MARKS or word in SUBORDINATORS:
            return False
    return False
