"""Who says it: the speaker of each statement of an article, as the text names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

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
_NAME_LAST = re.compile(rf"(?:\bthe\s+)?(?P<name>{_NAME})$")
_ROLE_LAST = re.compile(
    rf"(?P<role>{_ROLE}(?:\s+(?:of|for|at|in|from|with)\s+(?:the\s+|an?\s+)?{_WORD}(?:\s+{_WORD}){{0,5}})?)$"
)
_PRONOUN_LAST = re.compile(r"\b(?P<pronoun>[Hh]e|[Ss]he|[Ii]t|[Tt]hey)$")
_ADVERBS_LAST = re.compile(r"(?:\s+(?:has|have|had|also|later|then|once|again|further|even|\w{2,20}ly)){1,3}\s*$")
_SUBORDINATE = re.compile(
    r"\b(?:which|that|what|whom|where|how|why|when|if|whether|because|after|before|until|since|than|while|though|although)\s*$",
    re.I,
)
_BREAKS = re.compile(r"[,();:\"—]|\s[-–]+\s")
_WORDS_FOLLOW = re.compile(r"\s*(?:that\b|[,:\"]|[^\"]{0,60}\")")
_MARK = re.compile(r"[“”\"]")
_WINDOW = 250  # Characters of text looked at on either side of a cue: names stand close to their verb.
_MAX_CUES = 20  # Cues tried in one statement; with the window, what keeps the time linear in its length.
