"""Who says it: the speaker of each statement of an article, as the text names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.statements import Statement

# Verbs that hand over what somebody said or wrote, in the forms news uses. Verbs of belief and intent (believe, want,
# hope) are left out: they are the reporter's reading of somebody, not that person's words.
_VERBS = (
    "said|says|say|told|tells|argued|argues|argue|contended|contends|contend|added|adds|wrote|writes|write|tweeted|noted|"
    "notes|reported|reports|claimed|claims|suggested|suggests|suggest|warned|warns|warn|explained|explains|stated|states|"
    "insisted|insists|declared|declares|announced|acknowledged|emphasized|emphasised|stressed|maintained|maintains|concluded|"
    "concludes|continued|responded|replied|described|describes|called|calls|recalled|observed|observes|asserted|asserts|"
    "predicted|predicts|admitted|(?:was|were) quoted as saying"
)
# These alone show that words follow. The others also take plain objects (`warned Seoul`, `news reports`), so they
# need a "that", a colon, a comma or a quotation beside them.
_SURE = re.compile(r"(?:sa(?:id|ys?)|t(?:old|ells)|argue[ds]?|contend(?:ed|s)?|.*saying)$")
_ROLES = (
    "official|analyst|expert|spokesman|spokesmen|spokeswoman|spokesperson|minister|ministry|president|government|agency|"
    "agencies|newspaper|paper|report|statement|study|source|diplomat|ambassador|general|commander|researcher|scholar|"
    "professor|envoy|negotiator|leader|administration|department|military|army|committee|commission|council|aide|author|"
    "critic|observer|lawmaker|senator|defector|adviser|advisor|secretary|director|site|website|magazine|network|media|"
    "broadcaster|embassy|office|group|regime|historian|economist|activist|scientist|fellow|correspondent|company|witness"
)
_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# Capitalised only for opening a sentence, or naming a day: never the start of a name.
_OPENERS = (
    "I|He|She|It|They|We|You|This|That|These|Those|There|Here|What|Who|Which|But|And|Or|Yet|So|As|If|In|On|At|For|From|By|"
    "With|To|Of|After|Before|Since|While|When|Where|Although|Though|Because|Still|Now|Then|Today|Yesterday|Meanwhile|However|"
    "Instead|Also|Later|Earlier|Indeed|Finally|Perhaps|Some|Others|Many|Most|Even|Not|No|Nor|Just|Last|Asked|Speaking|"
    f"According|Moreover|Nevertheless|His|Her|Its|Their|Our|My|A|An|{_DAYS}|{_MONTHS}"
)
_DETERMINERS = (
    "(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Ss]ome|[Ss]everal|[Mm]any|[Mm]ost|[Tt]wo|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)"
)
_FUNCTION = (
    "the|an?|of|for|at|in|from|with|on|to|by|as|and|or|but|that|which|who|whom|what|when|while|if|than|he|she|it|they|"
    "is|are|was|were|be|has|have|had|will|would|told|said|says"
)
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Adm|Prof|Maj|Capt|Amb|St)\."
_TOKEN = rf"(?!(?:{_OPENERS})\b(?!\.\w))(?:{_TITLE}|(?:[A-Z]\.)+|\b[A-ZÀ-ÖØ-Þ][\w’'&-]*)"
_JOINED = r"\s+(?:(?:of|for|on|to|and|de|bin|al|von|van)\s+(?:the\s+)?)?"
_NAME = rf"{_TOKEN}(?:{_JOINED}{_TOKEN}){{0,8}}"
_WORD = rf"(?!(?:{_FUNCTION}|{_OPENERS})\s)[\w’'.-]+"
_ROLE = rf"\b(?:{_DETERMINERS}\s+)?(?:{_WORD}\s+){{0,5}}?(?:(?:{_ROLES})s?|(?i:{_ROLES})s)\b(?!-)"

_CUE = re.compile(rf"\b(?:(?P<lead>[Aa]ccording to|quot(?:ed|es|ing))|(?P<verb>{_VERBS}))\b(?! to\b)")
_AHEAD = re.compile(rf"\s+(?:(?:{_ROLE}\s+|the\s+)?(?P<name>{_NAME})(?!\s+(?:{_ROLES})\b)|(?P<role>{_ROLE}))")
_ENDED = re.compile(rf"\s*(?:[^\w\s]|$|\b(?:in|on|at|during|who|from|after|last|this|when|{_DAYS})\b)")
_NAME_LAST = re.compile(rf"(?:\bthe\s+)?(?P<who>{_NAME})$")
_ROLE_LAST = re.compile(
    rf"(?P<who>{_ROLE}(?:\s+(?:of|for|at|in|from|with)\s+(?:the\s+|an?\s+)?{_WORD}(?:\s+{_WORD}){{0,5}})?)$"
)
_PRONOUN_LAST = re.compile(r"\b(?P<who>[Hh]e|[Ss]he|[Ii]t|[Tt]hey)$")
_ADVERBS_LAST = re.compile(r"(?:\s+(?:has|have|had|also|later|then|once|again|further|even|\w{2,20}ly)){1,3}\s*$")
_SUBORDINATE = re.compile(
    r"\b(?:which|that|what|whom|where|how|why|when|if|whether|because|after|before|until|since|than|while|though|although)\s*$",
    re.I,
)
_BREAKS = re.compile(r"[,();:\"—]|\s[-–]+\s")
_WORDS_FOLLOW = re.compile(r"\s*(?:that\b|[,:\"]|[^\"]{0,60}\")")
_OPENING = tuple('“"')
_MARK = re.compile(r"[“”\"]")
_WINDOW = 250  # Characters of text looked at on either side of a cue: names stand close to their verb.
_MAX_CUES = 20  # Cues tried in one statement; with the window, what keeps the time linear in its length.


def attribute(statements: Sequence[Statement], *, outlet: str) -> list[str]:
    """Say who is speaking in each statement of one article.

    Parameters
    ----------
    statements : sequence of Statement
        All of one article, in reading order: quotations and pronouns are followed from one statement to the next.
    outlet : str
        Who published the article; may be empty.

    Returns
    -------
    list of str
        One per statement: the speaker as printed there or in an earlier or later statement of the same quotation
        ("Ana Ruiz", "The Harbour Post", "a senior official"), or ``outlet`` where the article speaks itself.

    Notes
    -----
    Rules over the printed text; when they are unsure the answer is ``outlet``. They read ``X said``, ``said X``,
    ``according to X`` outside quotation marks, follow a quotation over several statements, and take he, she, it and
    they back to the last speaker found. They do not read single quotation marks or transcripts, do not tell men from
    women, do not join two names of one person, and of a chain ("The Post reports that Ruiz said") keep the first.

    Examples
    --------
    >>> from stance.statements import Statement
    >>> text = "“It will rain,” said Ana Ruiz."
    >>> attribute([Statement("a", 0, 0, len(text), text, "", "", "")], outlet="The Lamp")
    ['Ana Ruiz']
    """
    masked, runs = _mask_quotations(statements)
    own: list[str] = []
    last = ""
    for text in masked:
        own.append(_speaker(text, last))
        last = own[-1] or last
    found = _follow_quotations(statements, masked, runs, own)
    return [source or outlet for source in found]


def _mask_quotations(statements: Sequence[Statement]) -> tuple[list[str], list[int]]:
    """Blank out what stands in quotation marks, and number the runs of statements that share one quotation."""
    masked: list[str] = []
    runs: list[int] = []
    is_open, end = False, 0
    for statement in statements:
        paragraph = statement.start - end != 1  # One space parts statements of a paragraph.
        starts_inside = is_open and not paragraph
        continues = is_open and (not paragraph or statement.text.lstrip()[:1] in _OPENING)
        text, is_open = _mask(statement.text, starts_inside)
        masked.append(text)
        runs.append(runs[-1] + (not continues) if runs else 0)
        end = statement.end
    return masked, runs


def _mask(text: str, is_open: bool) -> tuple[str, bool]:
    """Overwrite quotations with `"`, letter for letter, so that offsets hold; say whether the last is still open."""
    pieces: list[str] = []
    at = 0
    for mark in _MARK.finditer(text):
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


def _follow_quotations(
    statements: Sequence[Statement], masked: list[str], runs: list[int], own: list[str]
) -> list[str]:
    """Give bare quotations the speaker of their run or, failing that, of the statement before them."""
    of_run: dict[int, str] = {}
    for run, source in zip(runs, own, strict=True):
        of_run[run] = of_run.get(run) or source
    found: list[str] = []
    for at, text in enumerate(masked):
        same_section = at > 0 and statements[at].heading == statements[at - 1].heading
        inherited = of_run[runs[at]] or (found[-1] if same_section else "")
        found.append(own[at] or (inherited if _is_bare(text) else ""))
    return found


def _is_bare(masked: str) -> bool:
    return '"' in masked and not re.search(r"\w", masked)


def _speaker(masked: str, last: str) -> str:
    """Return the first speaker the statement names outside quotations; ``last`` stands for a pronoun."""
    for cue in islice(_CUE.finditer(masked), _MAX_CUES):
        before = masked[max(0, cue.start() - _WINDOW) : cue.start()]
        after = masked[cue.end() : cue.end() + _WINDOW]
        source = _ahead(after) if cue["lead"] else _inverted(before, cue["verb"], after)
        source = source or ("" if cue["lead"] else _subject(before, cue["verb"], after, last))
        if source:
            return source
    return ""


def _ahead(after: str) -> str:
    match = _AHEAD.match(after)
    return _clean(match["name"] or match["role"]) if match else ""


def _inverted(before: str, verb: str, after: str) -> str:
    """Read `…, says X` and `“…” said X`: the verb follows a break, and nothing but a break follows the name."""
    match = _AHEAD.match(after)
    if not match or verb.startswith("t") or before.rstrip()[-1:] not in tuple(',"—–-'):
        return ""
    return _clean(match["name"] or match["role"]) if _ENDED.match(after, match.end()) else ""


def _subject(before: str, verb: str, after: str, last: str) -> str:
    """Read `X said`, `X also said` and `X, a former envoy, said`."""
    clause = _ADVERBS_LAST.sub("", before).rstrip()
    parts = [part.strip() for part in _BREAKS.split(clause)]
    aside = len(parts) > 1 and not parts[-1]
    subject = _before_aside(parts) if aside else parts[-1]
    match = _ROLE_LAST.search(subject) or _NAME_LAST.search(subject) or _PRONOUN_LAST.search(subject)
    if not match or not _leads_well(subject[: match.start()], aside):
        return ""
    after_quotation = clause[: clause.rfind(subject)].rstrip().endswith('"')
    if not (_SURE.match(verb) or after_quotation or _WORDS_FOLLOW.match(after)):
        return ""
    return last if _PRONOUN_LAST.fullmatch(match[0]) else _clean(match["who"])


def _before_aside(parts: list[str]) -> str:
    """Walk back over `, a former envoy, now in Seoul,`: an aside begins in lower case, its subject does not."""
    for part in reversed(parts[-6:-2]):
        if not part or part[0].isupper():
            return part
    return ""


def _leads_well(lead_in: str, aside: bool) -> bool:
    """Refuse `which X said` (the article's own clause) and, before an aside, anything but a word or two of title."""
    return not _SUBORDINATE.search(lead_in) and not (aside and len(lead_in.split()) > 2)


def _clean(name: str) -> str:
    """Drop a place before a title ("Singapore’s The Post") and a possessive ending."""
    return re.sub(r"^.*[’']s\s+(?=The\s)|[’']s?$", "", name)
