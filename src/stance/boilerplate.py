"""Tell a page's clutter from the article: by the wording of each block, and by what stands around it.

What is recognised stays in the article's text as a block that carries the rule's name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from stance.boilerplate_rules import NAMES, PERSON, QUOTE, RULES, TERMINAL, Rule

__all__ = ["FRAGMENT", "REASONS", "RULES", "TERMINAL", "Rule", "is_label", "recognise", "rule_of", "section_of"]

_LABEL = re.compile(
    r" [|•·] |\b(?:published|updated|posted)\b[\w ,:]*\d|^\d{1,2}[:.]\d\d\b|\bmin(?:ute)?s? read\b|^(?-i:By|BY)"
    r" (?-i:[A-Z])"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? (?:\d{1,2}, )?\d{4}\b|\b\d{4}-\d\d-\d\d\b",
    re.IGNORECASE,
)
_NO_LABEL = re.compile(r"[.!?…:;,—][\"'”’»)\]]*$")


def _is_fragment(block: str) -> bool:
    if len(block) > 200 or _NO_LABEL.search(block.rstrip(" ■□▪●◆∎")) or QUOTE.search(block):
        return False
    return len(block.split()) <= 8 or is_label(block)


def is_label(block: str) -> bool:
    """Whether a line that is no sentence is about the page: dates, names and codes, often parted by bars or dots."""
    words = block.split()
    coded = sum(any(map(str.isdigit, word)) for word in words)  # 18:52 UTC APA4471 4 I INT 0212
    return len(words) <= 25 and (bool(_LABEL.search(block)) or coded > 0.4 * len(words))


FRAGMENT = Rule("fragment", "is in no sentence: a label of the page, or a line of its dates and names", _is_fragment)
"""A rule for pages alone, where headings and items of lists are known for what they are."""

REASONS = {rule.name: rule.reason for rule in (*RULES, FRAGMENT)} | {
    "signature": "names who wrote the letter above it",
    "pitch": "speaks to the reader within a sign-up box",
    "notes": "stands among notes, references or acknowledgements below the article",
    "author": "tells who wrote the article, below it",
    "comments": "is a reader's comment, or stands among them",
    "pull_quote": "repeats words of the article as a picture does",
}
"""Why a block that a rule names is no statement of the article."""

_READER = re.compile(r"\b(?:you|your|you[’']re|you[’']ve)\b", re.IGNORECASE)
_SIGNATURE = re.compile(rf"[—–-]?\s?{PERSON}(?: \(\w+\))?, {NAMES}$")
_BOX = {"subscribe", "newsletter", "sign_up", "continue_reading", "pitch", "donation"}
# Rules that a heading may fall under; “12 March 2017” heads a section of a timeline.
_HEADS = _BOX | {"related_links", "share_buttons", "advertisement", "cookies", "feedback", "media_player", "navigation"}
_CUE = re.compile(r"[a-z]+")
_BY_CUE: dict[str, set[int]] = {}
for _place, _rule in enumerate(RULES):
    for _cue in _rule.cues:
        _BY_CUE.setdefault(_cue, set()).add(_place)
_FREE_IN_ORDER = [place for place, rule in enumerate(RULES) if not rule.cues]
_FREE = frozenset(_FREE_IN_ORDER)
_LONG = 1200  # characters; no rule but that on captions takes a block as long as this


def recognise(blocks: Sequence[str], headings: Collection[int] | None = None) -> list[str]:
    """Name the rule that calls each block clutter; ``""`` for the article itself.

    Parameters
    ----------
    blocks : Sequence[str]
        The blocks of one article in order.
    headings : Collection[int], optional
        Places of the headings, where a page marks them; ``None`` for plain text. There, what stands below an article
        is told more carefully, and no pull quote is looked for: a sentence that stands twice may be a list's.
    """
    names = [rule_of(block) for block in blocks]
    for place in headings or ():
        names[place] = names[place] if names[place] in _HEADS else ""
    _mark_captions(blocks, names)
    _mark_signatures(blocks, names)
    _mark_pitches(blocks, names)
    _mark_sections(blocks, names, headings or ())
    _mark_authors(blocks, names)
    if headings is not None:
        _mark_footnotes(blocks, names)
        _mark_pull_quotes(blocks, names)
    return names


def rule_of(block: str) -> str:
    """Return the name of the first rule that a block falls under by its wording; ``""`` where there is none."""
    if len(block) > _LONG:
        return ""
    cues = _BY_CUE.keys() & set(_CUE.findall(block.lower()))
    places = sorted(_FREE.union(*(_BY_CUE[cue] for cue in cues))) if cues else _FREE_IN_ORDER
    for place in places:
        if RULES[place].matches(block):
            return RULES[place].name
    return ""


def _mark_captions(blocks: Sequence[str], names: list[str]) -> None:
    """Mark the line above a credit, and a repeated start of it above that (a picture's short text)."""
    for place in range(len(blocks) - 2, -1, -1):
        below = blocks[place + 1]
        credited = names[place + 1] == "image_credit" and not TERMINAL.search(blocks[place])
        repeated = names[place + 1] == "caption" and below.startswith(blocks[place])
        if not names[place] and len(blocks[place]) <= 300 and (credited or repeated):
            names[place] = "caption"


def _mark_signatures(blocks: Sequence[str], names: list[str]) -> None:
    """Mark ``Ann Lee, Riverside`` below prose, unless it is a heading: that would have prose below it."""
    for place in range(1, len(blocks)):
        below = blocks[place + 1] if place + 1 < len(blocks) else ""
        ends = TERMINAL.search(blocks[place - 1]) and len(below) <= 90 and not TERMINAL.search(below)
        if ends and not names[place] and len(blocks[place]) <= 80 and _SIGNATURE.match(blocks[place]):
            names[place] = "signature"


def _mark_pitches(blocks: Sequence[str], names: list[str]) -> None:
    """Mark what speaks to the reader between two lines of a sign-up box, or between one and the end of the page."""
    for place, block in enumerate(blocks):
        above = names[place - 1] if place else ""
        below = names[place + 1] if place + 1 < len(blocks) else "end"
        boxed = above in _BOX and (below in _BOX or below == "end" or above == "continue_reading")
        if not names[place] and boxed and len(block) <= 300 and _READER.search(block) and not QUOTE.search(block):
            names[place] = "pitch"


# A section that stands below an article: its heading, and how much of the text must stand above it.
_SECTIONS = (
    (
        "notes",
        0.5,
        re.compile(
            r"(?:(?:our |selected |end|foot)?(?:notes|sources|references)|works cited|bibliography|further reading"
            r"|(?:suggested |recommended )?citation|(?:how to )?cite (?:this|as)\b.{0,30})\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "notes",
        0.75,
        re.compile(
            r"(?:acknowledge?ments?|method(?:s|ology)(?: and data)?|disclosures?|disclaimer|funding)\W*$", re.IGNORECASE
        ),
    ),
    (
        "author",
        0.75,
        re.compile(
            r"(?:about (?:me|the (?:authors?|writers?|contributors?)(?:[.:] .+)?)|biographical sketch)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "comments",
        0.4,
        re.compile(
            r"(?:\d+ |reader |readers[’'] )?(?:comments|remarks|responses|thoughts)(?: \(\d+\)| (?:from|on|to)"
            r" .{1,60})?$"
            r"|(?:join the (?:conversation|discussion)|leave a (?:reply|comment))\W*$",
            re.IGNORECASE,
        ),
    ),
)
_PLAIN_SHARE = 0.85  # of a text whose headings are not known for certain that must stand above such a section


def section_of(heading: str) -> tuple[str, float]:
    """Return the rule that a heading's section falls under, and the share of the text that must stand above it."""
    if len(heading) > 160:
        return "", 1.0
    return next(((name, share) for name, share, heads in _SECTIONS if heads.match(heading)), ("", 1.0))


def _mark_sections(blocks: Sequence[str], names: list[str], headings: Collection[int]) -> None:
    """Mark sections of notes, authors and comments below the article, up to the next heading or the end."""
    section, seen = "", 0
    total = sum(map(len, blocks))
    known = set(headings)
    for place, block in enumerate(blocks):
        opens, share = section_of(block)
        if opens and seen >= (share if known else max(share, _PLAIN_SHARE)) * total:
            section = opens
        elif place in known:
            section = ""
        names[place] = names[place] or section
        seen += len(block)


_POST = (
    r"(?:fellow|professor|lecturer|reader|researcher|analyst|associate|scholar|writer|author|editor|journalist|reporter"
    r"|correspondent|columnist|novelist|historian|contributor|director|scientist|student|officer|diplomat|ambassador)"
)
_AUTHOR = re.compile(
    rf"(?:The (?:author|writer)|(?:(?:Dr|Prof(?:essor)?|Sir)\.? )?{PERSON}),? (?:is|was|are|writes|teaches|covers"
    rf"|holds|joined)"
    rf" (?:.{{0,120}}\b{_POST}s?\b|.{{0,60}}\b(?:teaches|based in|covers|writes)\b)",
)


def _mark_authors(blocks: Sequence[str], names: list[str]) -> None:
    """Mark who wrote the article where that is the last thing said, in one or two blocks."""
    for place in [place for place in range(len(blocks)) if not names[place]][:-3:-1]:
        if place < 3 or len(blocks[place]) > 600 or QUOTE.search(blocks[place]) or not _AUTHOR.match(blocks[place]):
            return
        names[place] = "author"


def _mark_footnotes(blocks: Sequence[str], names: list[str]) -> None:
    """Mark numbered lines below a rule of underscores or another such line."""
    for place in range(1, len(blocks)):
        above = "___" in blocks[place - 1] or (names[place - 1] == "notes" and blocks[place - 1][0].isdigit())
        if not names[place] and above and re.match(r"\d{1,3}[.)]? [A-Z]", blocks[place]):
            names[place] = "notes"


_NEAR = 4  # blocks between a pull quote and the words that it repeats


def _mark_pull_quotes(blocks: Sequence[str], names: list[str]) -> None:
    """Mark a short block whose words, quotation marks aside, stand within a longer block near it."""
    for place, block in enumerate(blocks):
        core = block.strip(" \"'“”‘’«».,…—–")
        if names[place] or place < 2 or not 40 < len(core) < 240 or len(core.split()) < 8:
            continue
        near = (*blocks[max(place - _NEAR, 0) : place], *blocks[place + 1 : place + 1 + _NEAR])
        if any(core in each and len(each) > len(block) + 20 for each in near):
            names[place] = "pull_quote"
