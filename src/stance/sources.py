"""Who says it: the speaker of each statement of an article, as the text names them."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stance.statements import Statement

# Verbs that hand over what somebody said or wrote, in the forms news uses. Verbs of belief and intent (believe, want,
# hope) are left out: they are the reporter's reading of somebody, not that person's words.
_PLAIN = "say|argue|contend|warn|suggest|write"  # What plural speakers do, unless it is a question (`did Ruiz say`).
_VERBS = (
    f"{_PLAIN}|said|says|told|tells|wrote|writes|replied|replies|tweeted|announced|admitted|continued(?! that)|"
    "(?:was|were) quoted as saying|(?:acknowledge|add|argue|ask|assert|call|claim|comment|conclude|contend|declare|"
    "describe|emphasize|emphasise|explain|insist|maintain|note|observe|predict|recall|report|respond|stress|suggest|"
    "warn)e?[sd]"
)
# These alone show that words follow. The others also take plain objects (`warned Seoul`, `called early`), so they
# need a "that", a colon, a comma or a quotation beside them.
_SURE = re.compile(r"(?:sa(?:id|ys?)|t(?:old|ells)|argue[ds]?|contend(?:ed|s)?|.*saying)$")
_PEOPLE = (
    "official|analyst|expert|spokesman|spokesmen|spokeswoman|spokesperson|minister|president|diplomat|ambassador|general|"
    "commander|researcher|scholar|professor|envoy|negotiator|leader|aide|author|critic|observer|lawmaker|senator|defector|"
    "adviser|advisor|secretary|director|historian|economist|activist|scientist|fellow|correspondent|witness|source|people"
)
_BODIES = (
    "ministry|government|agency|agencies|newspaper|paper|report|statement|study|administration|department|military|army|"
    "committee|commission|council|site|website|magazine|bulletin|journal|network|media|broadcaster|embassy|office|group|regime|mission|company"
)
_ROLES = f"{_PEOPLE}|{_BODIES}"
_DATES = (
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|"
    "November|December"
)
# Capitalised only because they open a sentence or name a day: never the start of a name.
_OPENERS = (
    "I|He|She|It|They|We|You|This|That|These|Those|There|Here|What|Who|Which|But|And|Or|Yet|So|As|If|In|On|At|For|From|By|"
    "With|To|Of|After|Before|Since|While|When|Where|Although|Though|Because|Still|Now|Then|Today|Yesterday|Meanwhile|However|"
    "Instead|Also|Later|Earlier|Indeed|Finally|Perhaps|Some|Others|Many|Most|Even|Not|No|Nor|Just|Last|Asked|Speaking|"
    f"According|Moreover|Nevertheless|His|Her|Its|Their|Our|My|A|An|{_DATES}"
)
# Words that no description of a speaker runs across.
_FUNCTION = (
    "the|an?|of|for|at|in|from|with|on|to|by|as|and|or|but|that|which|who|whom|what|when|while|if|than|he|she|it|they|"
    "is|are|was|were|be|has|have|had|will|would|told|said|says"
)
_DETERMINER = (
    "(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Ss]ome|[Ss]everal|[Mm]any|[Mm]ost|[Tt]wo|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)"
)
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Adm|Prof|Maj|Capt|Cmdr|Amb|St)\."
_TOKEN = rf"(?!(?:{_DATES})\b)(?:{_TITLE}|(?:[A-Z]\.)++|\b[A-ZÀ-ÖØ-Þ][\w’'&-]*)"
_JOINED = r"\s+(?:(?:of|for|on|to|and|de|bin|al|von|van)\s+(?:the\s+)?)?"
_NAME = rf"(?!(?:{_OPENERS})\b(?!\.\w)){_TOKEN}(?:{_JOINED}{_TOKEN}){{0,8}}+"
_WORD = rf"(?!(?:{_FUNCTION}|{_OPENERS})\s)[\w’'.-]+"
_HEAD = rf"(?:(?:{_ROLES})s?|(?i:{_ROLES})s)(?:\s+(?:{_ROLES})s?){{0,2}}\b(?!-)"
_ROLE = rf"\b(?:{_DETERMINER}\s+)?(?:{_WORD}\s+){{0,5}}?{_HEAD}"
_PLACED = rf"(?:\s+(?:of|for|at|in|from|with|to|during)\s+(?:the\s+|an?\s+)?{_WORD}(?:\s+{_WORD}){{0,5}}){{0,2}}"

_CUE = re.compile(
    rf"\b(?:(?P<lead>[Aa]ccording to|quot(?:ed|es|ing))|(?<!edia )(?<!ews )(?P<verb>{_VERBS}))\b(?! to\b)"
)
_AHEAD = re.compile(
    rf"\s+(?:(?:{_ROLE}\s+|the\s+)?(?P<name>{_NAME}(?:\s+(?:{_WORD}\s+)?(?:{_ROLES})s?\b){{0,2}})|(?P<role>{_ROLE}))"
)
_ENDED = re.compile(rf"\s*(?:[^\w\s]|$|\b(?:in|on|at|during|who|from|after|last|this|when|{_DATES})\b)")
_LAST = (
    re.compile(rf"({_ROLE}{_PLACED})$"),
    # `a trader in Dandong`: any description of one word or more, if it opens the clause.
    re.compile(rf"^({_DETERMINER}\s+(?:(?!(?:{_FUNCTION})\s)[a-z][\w’'-]*\s+){{1,4}}(?:of|for|at|in|from)\s+{_NAME})$"),
    re.compile(rf"(?:\bthe\s+)?({_NAME})$"),
    re.compile(r"\b(?P<pronoun>[Hh]e|[Ss]he|[Ii]t|[Tt]hey)$"),
)
# Whom "he" and "she" cannot mean. Governments go by the names of their countries and capitals: the commonest are here.
_PLACES = "Korea|States|China|Japan|Russia|Iran|Seoul|Pyongyang|Washington|Beijing|Tokyo|Moscow|House|Pentagon|Kremlin"
_NOT_ONE_PERSON = re.compile(rf"^The [A-Z]|\b(?i:{_BODIES}|{_PLACES}|people|(?:{_PEOPLE})s)$|\.$")
# `Old Armistice, a veterans’ bulletin of some wit,` says that the name is a body's.
_BODY_ASIDE = re.compile(
    rf",\s+{_DETERMINER}\s+(?:{_WORD}\s+){{0,4}}?(?:{_BODIES})\b(?=\s*,|\s+(?:of|for|in|on|from|with|that|which|based)\b)"
)
_OTHER_TITLE = {"he": ("Ms", "Mrs"), "she": ("Mr ", "Mr. ")}
_ADVERBS = re.compile(r"(?:\s+(?:has|have|had|also|later|then|once|again|further|even|\w{2,20}ly)){1,3}\s*$")
_SUBORDINATE = re.compile(
    r"\b(?:which|that|what|everything|whom|where|how|why|when|if|whether|because|after|before|until|since|than|while|"
    r"though|although)\s*$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,();:\"—]|\s[-–]+\s")
_WORDS_FOLLOW = re.compile(r"\s*(?:that\b|[,:\"]|[^\"]{0,60}\")")
_FULL_NAME = re.compile(rf"(?=\S+\s){_NAME}")
_LATER_NAME = re.compile(rf"(?<=\w\s){_NAME}")
_LONG = re.compile(r"^\s*(?:In|At|On|From|For|With|To)\s|(?:\S+\s+){3}")  # More than a title before the name.
_OBJECT_FOLLOWS = ("told", "tells", "ask", "call", "describe")  # `Told X` names the hearer.
_ASKING = re.compile(r"\b(?:did|does|do|will|would|can|could|should)\b", re.IGNORECASE)
_WORDY = re.compile(r"\w")
QUOTATION_MARK = re.compile(r"[“”\"]")
_WINDOW = 250  # Characters looked at on either side of a cue: names stand close to their verb.
_MAX_CUES = 20  # Cues tried in one statement; with the window, what keeps the time linear in its length.
_REACH = 6  # Statements a pronoun looks back over; beyond, the last speaker is seldom the one meant.


class Speaker(NamedTuple):
    """Who is speaking: the name, or the phrase that stands for one, and the role or body that the text gives it."""

    name: str
    affiliation: str = ""


def attribute(statements: Sequence[Statement], *, outlet: str) -> list[str]:
    """Name who is speaking in each statement of one article; see `speakers`."""
    return [speaker.name for speaker in speakers(statements, outlet=outlet)]


def speakers(statements: Sequence[Statement], *, outlet: str) -> list[Speaker]:
    """Say who is speaking in each statement of one article.

    Parameters
    ----------
    statements : sequence of Statement
        All of one article, in reading order: quotations and pronouns are followed from one statement to the next.
    outlet : str
        Who published the article; may be empty.

    Returns
    -------
    list of Speaker
        One per statement: the speaker as printed there or in an earlier or later statement of the same quotation
        ("Ana Ruiz", "The Harbour Post", "a senior official"), or ``outlet`` where the article speaks itself.

    Notes
    -----
    Rules over the printed text; when they are unsure the answer is ``outlet``. They read ``X said``, ``said X`` and
    ``according to X`` outside quotation marks, follow a quotation over several statements, and take he, she, it and
    they back to the last speaker of the few statements before. They do not read single quotation marks or
    transcripts, tell men from women (but for Mr and Ms) or join two names of one person; of a chain ("The Post
    reports that Ruiz said") they keep the first.
    """
    masked, runs = _mask_quotations(statements)
    own: list[str] = []
    bodies: set[str] = set()
    for text in masked:
        source = _speaker(text, own, bodies)
        own.append(source)
        if source and _BODY_ASIDE.match(text.partition(source)[2]):
            bodies.add(source)
    return [Speaker(source or outlet) for source in _follow(statements, masked, runs, own)]


def _mask_quotations(statements: Sequence[Statement]) -> tuple[list[str], list[int]]:
    """Blank out what stands in quotation marks, and number the runs of statements that share one quotation."""
    masked: list[str] = []
    runs: list[int] = []
    is_open, run, end = False, 0, 0
    for statement in statements:
        same_paragraph = statement.start - end <= 1  # Within a paragraph, one space at most.
        reopens = statement.text[:1] in ("“", '"')  # As each paragraph of a long quotation does.
        run += not (is_open and (same_paragraph or reopens))
        text, is_open = _mask(statement.text, is_open and same_paragraph)
        masked.append(text)
        runs.append(run)
        end = statement.end
    return masked, runs


def _mask(text: str, is_open: bool) -> tuple[str, bool]:
    """Overwrite quotations with `"`, letter for letter, so that offsets hold; say whether the last is still open."""
    pieces: list[str] = []
    at = 0
    for mark in QUOTATION_MARK.finditer(text):
        opens = _opens(text, mark.start())
        quoted = is_open or (not opens and not pieces)  # A first mark that closes: the quotation began before.
        pieces += ['"' * (mark.start() - at) if quoted else text[at : mark.start()], '"']
        is_open, at = opens, mark.end()
    pieces.append('"' * (len(text) - at) if is_open else text[at:])
    return "".join(pieces), is_open


def _opens(text: str, at: int) -> bool:
    """Say whether the mark opens a quotation; a straight one does when it leans on the word after it."""
    if text[at] != '"':
        return text[at] == "“"
    return (at == 0 or text[at - 1] in " \t\n\xa0([—–-") and not text[at + 1 : at + 2].isspace()


def _follow(statements: Sequence[Statement], masked: list[str], runs: list[int], own: list[str]) -> list[str]:
    """Give bare quotations the speaker of their run or, failing that, of the statement before them."""
    of_run: dict[int, str] = {}
    for run, source in zip(runs, own, strict=True):
        of_run[run] = of_run.get(run) or source
    found: list[str] = []
    for at, text in enumerate(masked):
        before = found[-1] if at and statements[at].heading == statements[at - 1].heading else ""
        is_bare = '"' in text and not _WORDY.search(text)
        found.append(own[at] or ((of_run[runs[at]] or before) if is_bare else ""))
    return found


def _speaker(masked: str, named: list[str], bodies: Container[str]) -> str:
    """Return the first speaker the statement names outside quotations; a pronoun takes one ``named`` before.

    ``bodies`` are the names of which the article has said that they are no person's.
    """
    for cue in islice(_CUE.finditer(masked), _MAX_CUES):
        before = masked[max(0, cue.start() - _WINDOW) : cue.start()]
        after = masked[cue.end() : cue.end() + _WINDOW]
        if cue["lead"]:
            source = _ahead(after)
        else:
            source = _inverted(before, cue["verb"], after) or _subject(before, cue["verb"], after, named, bodies)
        if source:
            return source
    return ""


def _ahead(after: str, *, to_break: bool = False) -> str:
    match = _AHEAD.match(after)
    if not match or (to_break and not _ENDED.match(after, match.end())):
        return ""
    return _clean(match["name"] or match["role"])


def _inverted(before: str, verb: str, after: str) -> str:
    """Read `…, says X` and `“…” said X`: a break stands before the verb and after the name."""
    follows_break = before.rstrip()[-1:] in (",", '"', "—", "–", "-")
    return _ahead(after, to_break=True) if follows_break and not verb.startswith(_OBJECT_FOLLOWS) else ""


def _subject(before: str, verb: str, after: str, named: list[str], bodies: Container[str]) -> str:
    """Read `X said`, `X also said` and `X, a former envoy, said`."""
    if re.fullmatch(_PLAIN, verb) and _ASKING.search(before):
        return ""
    clause = _ADVERBS.sub("", before).rstrip()
    parts = [part.strip() for part in _BREAK.split(clause)]
    aside = len(parts) > 1 and not parts[-1]
    subject = _before_aside(parts) if aside else parts[-1]
    match = next(filter(None, (last.search(subject) for last in _LAST)), None)
    lead_in = subject[: match.start()] if match else ""
    if not match or _SUBORDINATE.search(lead_in) or (aside and _LONG.search(lead_in)):
        return ""
    after_quotation = clause[: clause.rfind(subject)].rstrip(" ,").endswith('"')
    if not (_SURE.match(verb) or after_quotation or _WORDS_FOLLOW.match(after)):
        return ""
    if match.lastgroup != "pronoun":
        return _clean(match[1])
    unsure = not _ENDED.match(after) and _LATER_NAME.search(before)  # `Ruiz came, but she said that …`
    return "" if unsure else _antecedent(match[1].lower(), named, bodies)


def _antecedent(pronoun: str, named: list[str], bodies: Container[str]) -> str:
    """Return the last speaker whom the pronoun can mean: he and she are neither a ministry nor officials."""
    one_person = pronoun in _OTHER_TITLE
    near = (name for name in reversed(named[-(2 if pronoun == "it" else _REACH) :]) if name)
    meant = (name for name in near if not (one_person and (name in bodies or _NOT_ONE_PERSON.search(name))))
    name = next(meant, "")
    return "" if one_person and name.startswith(_OTHER_TITLE[pronoun]) else name


def _before_aside(parts: list[str]) -> str:
    """Walk back over `, a former envoy, now in Seoul,`; but in `the envoy, Ana Ruiz, said` the name is the aside."""
    *earlier, role, aside, _ = ["", "", *parts]
    apposed = role[:1].islower() or _LAST[0].search(role)
    if apposed and _FULL_NAME.fullmatch(aside) and not _FULL_NAME.fullmatch(earlier[-1]):
        return aside
    return next((part for part in [role, *reversed(earlier[-3:])] if not part or part[0].isupper()), "")


def _clean(name: str) -> str:
    """Drop a place before a title ("Singapore’s The Post") and a possessive ending."""
    return re.sub(r"^.*[’']s\s+(?=The\s)|[’']s?$", "", name)
