"""Named rules that tell a page's clutter (newsletter boxes, captions, credits) from the article.

Every rule is conservative: it fires on a whole block, knows the wording it looks for, and leaves anything that quotes a
speaker alone. What it removes stays in the article's text as a block that carries the rule's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")
"""How a block of prose ends: a sentence's end, perhaps inside closing quotes or brackets."""

_QUOTE = re.compile(r"[“”\"]")
_READER = re.compile(r"\b(?:you|your|you[’']re|you[’']ve)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of clutter.

    Parameters
    ----------
    name : str
        What the block is reported as.
    reason : str
        Why such a block is no statement of the article.
    matches : Callable[[str], bool]
        Whether a block's text is of this kind.
    """

    name: str
    reason: str
    matches: Callable[[str], bool]


def _pattern(*alternatives: str, words: int = 60) -> Callable[[str], bool]:
    """Match a block of at most ``words`` words from its start, whatever the case."""
    compiled = re.compile("|".join(f"(?:{each})" for each in alternatives), re.IGNORECASE | re.DOTALL)
    # A word takes two characters at least, so a long block is turned down before it is split.
    return lambda block: len(block) < words * 20 and len(block.split()) <= words and bool(compiled.match(block))


def _promotion(*alternatives: str, words: int = 60) -> Callable[[str], bool]:
    """Match like `_pattern`, but leave alone a block that quotes somebody."""
    matches = _pattern(*alternatives, words=words)
    return lambda block: matches(block) and not _QUOTE.search(block)


_PERSON = r"[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}"
_NAMES = r"[A-Z][\w.’'-]*(?:(?: ?[,/] ?| - | )[A-Z][\w.’'-]*){0,7}"
_AGENCY = (
    r"(?:Getty(?: Images)?|AFP|Reuters|REUTERS|AP(?: Photo| Images)?|EPA|KCNA|Yonhap|Bloomberg|Kyodo(?: News)?|Corbis"
    r"|Alamy|Shutterstock|Associated Press|Agence France-Presse|Polaris|Zuma(?: Press)?|Xinhua|TASS)"
)
_LABEL = r"(?i:(?:image|photo(?:graph)?|picture|video) (?:credit|by|courtesy)|(?:photo(?:graph(?:er)?)?|credit|image):)"
# The whole block: “Photo: Ann Lee”, “(Ann Lee/AFP)”, “Ann Lee, Pool Photo via AP”, “AP Photo/Ann Lee”.
_CREDIT = re.compile(
    rf"[(\[]?(?:{_LABEL}.{{1,80}}[^.!?]|{_NAMES}(?: ?/ ?| via ){_AGENCY}[\w ./’'-]{{0,40}}"
    rf"|{_AGENCY} ?/ ?[\w .,/’'-]{{2,50}})$"
)
# The same, at the end of a caption.
_CREDIT_AT_END = re.compile(
    rf"[.)\w”’] ?(?:\|\s?)?\(?"
    rf"(?:(?:Reuters |File |Pool )?Photo(?:graph(?:er)?)?: |REUTERS/|AP Photo/|{_NAMES}/{_AGENCY})"
    rf"[^.!?]{{0,70}}\)?\.?$"
    rf"|[(\[][^()\[\]]{{1,50}}(?:/|via |[Pp]hoto: ){_AGENCY}[^()\[\]]{{0,30}}[)\]]$"
)


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# The year is asked for: “11 September” may well head a section.
_DATE = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
    rf"(?:{_DAY} {_MONTH},? \d{{4}}|{_MONTH} {_DAY},? \d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}})"
)
_TIME = r"\d{1,2}(?:[:.]\d\d(?: ?[ap]\.?m\.?)?| ?[ap]\.?m\.?)(?: \(?[a-z]{1,4}\)?)?"
_STAMP = r"(?:(?:(?:first|last) )?(?:updated|published|posted|modified)(?: on| at)?:? )"


def _is_credit(block: str) -> bool:
    return len(block) <= 120 and bool(_CREDIT.match(block)) and not _QUOTE.search(block)


def _is_credited_caption(block: str) -> bool:
    """Tell a caption by the credit at its end, or by its own name for itself."""
    if len(block) > 700:
        return False
    return block.startswith(("FILE PHOTO:", "FILE - ", "Media caption ")) or bool(_CREDIT_AT_END.search(block[-160:]))


RULES: tuple[Rule, ...] = (
    Rule(
        "ornament",
        "has no word in it: a line of stars, dashes or a lone number",
        lambda block: not re.search(r"[^\W\d_]", block) or block.strip("[]. -") == "",
    ),
    Rule(
        "subscribe",
        "asks the reader to subscribe",
        _promotion(
            r"subscribe(?: now| today| here| for free)?[.!]?$",
            r"subscribe (?:to|for|now|today)\b[^.]*$",
            r"(?:already )?subscribed? (?:to|and)\b.*\b(?:account|email|log in|sign in)\b",
            r"(?:already )?a (?:subscriber|member)\?",
            r"(?:become|support) .{0,40}\b(?:subscriber|subscribing|a member today)\b",
        ),
    ),
    Rule(
        "newsletter",
        "offers a newsletter or alerts",
        _promotion(
            r"(?:(?:\S+ ){0,20})(?:in|to|into) your inbox\b",
            r"(?:\S+ ){0,2}newsletters?(?: sign[- ]?up)?$",
            r"(?:sign up|get|receive|join|read|want) .*\bnewsletters?\b.{0,60}$",
            r"(?:\S+ ){0,25}(?:sign up|signing up).*\bnewsletters?\b",
            r"(?:\S+ ){0,25}email sign up by signing up you agree\b",
        ),
    ),
    Rule(
        "sign_up",
        "asks the reader to sign up, sign in or register",
        _promotion(
            r"(?:sign|log)[- ]?(?:up|in)(?: now| today| here| for free)?[.!]?$",
            r"(?:sign|log) (?:up|in) (?:for|to|with)\b[^.!?]{0,60}$",
            r"(?:create|register|open) (?:an?|your) (?:free )?account\b",
            r"interested in .{1,50}\? add .{1,50} as an interest\b",
        ),
    ),
    Rule(
        "continue_reading",
        "stands where the page is folded or walled off",
        _promotion(
            r"(?:continue|keep) reading(?: [^.!?]{0,40})?$",
            r"(?:read|show|see|view|load) (?:more|less|all|on|the full (?:story|article))[.!…]*$",
            r"(?:story|article) continue[sd] (?:below|after)\b.{0,40}$",
            r"scroll (?:down )?to continue\b.{0,30}$",
            words=12,
        ),
    ),
    Rule(
        "advertisement",
        "is an advertisement or its label",
        _promotion(
            r"advert(?:isement|isements|ising)?(?: - .{0,50})?$", r"sponsored(?: content| by .{0,40})?$", words=12
        ),
    ),
    Rule(
        "share_buttons",
        "is the text of share, print or comment buttons",
        _promotion(
            r"(?:listen to article [\d: ]+)?(?:(?:share|tweet|post|e-?mail|print|save|copy link"
            r"|whatsapp|facebook|twitter"
            r"|pinterest|linkedin|reddit|comments?|this article|on|via|by|link|x)\b[ ,|/]*){2,}$",
            r"(?:share|print|comments?|tweet|e-?mail)(?: \(?\d+\)?)?$",
            r"share (?:this|with|on)\b[^.]{0,40}$",
            r"(?:follow|like|find) .{1,40} on (?:twitter|facebook|instagram|x|youtube|linkedin)\b[^.]{0,40}\.?$",
            words=20,
        ),
    ),
    Rule(
        "related_links",
        "leads to another article or programme",
        _pattern(
            r"(?:related(?: articles?| stories| topics| coverage| links)?|see also|read also|also read"
            r"|read (?:more|next)|more(?: from .{1,30}| on .{1,40})?"
            r"|don[’']t miss|recommended|live updates)(?: ?:.{0,160}|…)?$",
            r"(?:watch|listen)(?: ?:[^.!?]{0,160})?$",
            r".{5,160}[^\s.!?”\"] read more$",
            r"related (?:video|story) [A-Z]",
            r"(?:click|tap) (?:here|through)\b",
            r"(?:just watched .*)?\bmust watch\b",
            r"slideshow \(\d+ images?\)$",
            r"(?:like what you[’']re reading|want more)\b.*\b(?:app|click|download)\b",
            r"download (?:the|our) .{0,40}\bapp\b",
        ),
    ),
    Rule(
        "media_player",
        "is the text of a video or audio player",
        _pattern(
            r"(?:media|video) playback is (?:un|not )supported\b",
            r"please (?:upgrade|enable|update) (?:your|java)",
            r"(?:\S+ ){0,8}replay more videos\b",
            r"(?:play|watch|listen to)(?: the| this)? (?:video|audio|podcast|episode)[^.]{0,30}$",
        ),
    ),
    Rule(
        "stage_direction",
        "is a transcriber's note",
        _pattern(
            r"[(\[](?:laughter|applause|cheers|cross ?talk|inaudible|music|pause|off[- ]mike|pullquote)\.?[)\]]$",
            r"[(\[](?:begin|end|start) (?:of )?(?:video|audio)[ \w]{0,12}[)\]]$",
        ),
    ),
    Rule(
        "stylesheet",
        "is program text of the page",
        _pattern(r"[\w.#@ ,>:-]{1,80}\{[\w-]+:.*\}", r"@media |function ?\(|var \w+ ?="),
    ),
    Rule(
        "copyright",
        "states who owns the text",
        _pattern(
            r"(?:©|\(c\) ?\d{4}|copyright\b[ ©:(c)]*\d{4}).{0,200}$",
            r"all rights reserved\b",
            r"© ?\w.{0,40}$",
            r"this (?:material|article|story|content) (?:may not|was originally|is republished|first appeared)\b",
        ),
    ),
    Rule(
        "contributors",
        "says who worked on the article, or how to reach them",
        _pattern(
            rf"(?:{_PERSON}|.{{2,80}}) contributed (?:reporting )?to this (?:report|story|article)\b.{{0,40}}$",
            r"contributing: .{2,80}$",
            r"(?:additional )?(?:reporting|writing|editing|edited|translated|written) by [^.]{2,160}[.]?$",
            r"(?:write|send tips|email) (?:to )?.{2,60}\bat \S+@\S+$|send tips to\b",
            r"(?:the )?(?:views|opinions) expressed\b.*\b(?:own|author|columnist|writer|reflect|represent)",
            r"(?:this article is|updated) more than \d+ years? old$",
        ),
    ),
    Rule(
        "byline",
        "names the writer",
        # Case matters here: "By then" opens a statement, "By Ann Lee" does not.
        lambda block: bool(
            re.match(
                rf"(?:By|BY|Words by|Analysis by) {_PERSON}(?:,? (?:and|&|in|for|,) [^.]{{2,40}}|, {_NAMES})?$", block
            )
        ),
    ),
    Rule(
        "dateline",
        "is a date, perhaps with the time, and nothing else",
        _pattern(rf"{_STAMP}?(?:{_TIME},? (?:on )?)?{_DATE}(?:(?:,| at| [|·–-])? {_TIME})?$", words=12),
    ),
    Rule(
        "updated",
        "says how long ago the page was changed",
        _pattern(
            rf"{_STAMP}?(?:\d+|an?) (?:minute|min|hour|hr|day|week|month|year)s? ago$", rf"{_STAMP}just now$", words=12
        ),
    ),
    Rule(
        "reading_time",
        "says how long the article takes to read",
        _pattern(
            r"\d{1,3}[- ]min(?:ute)?s?\.? (?:to )?read$",
            r"(?:estimated )?read(?:ing)? time:? \d{1,3} min(?:ute)?s?\.?$",
            words=12,
        ),
    ),
    Rule(
        "navigation",
        "leads to another place of the site",
        _pattern(
            r"home(?: ?[>›»|/] ?[^.!?>›»|/]{1,30}){1,6}$",
            r"(?:skip|jump|back) to (?:the )?(?:main )?(?:content|top)$",
            words=12,
        ),
    ),
    Rule("image_credit", "says whose picture it is", _is_credit),
    Rule("caption", "describes a picture", _is_credited_caption),
)
"""The rules on a block by itself, in the order in which they are tried."""

_SIGNATURE = re.compile(rf"[—–-]?\s?{_PERSON}(?: \(\w+\))?, {_NAMES}$")
_BOX = {"subscribe", "newsletter", "sign_up", "continue_reading", "pitch"}


def recognise(blocks: Sequence[str]) -> list[str]:
    """Name the rule that calls each block clutter; ``""`` for the article itself.

    Parameters
    ----------
    blocks : Sequence[str]
        The blocks of one article in order.
    """
    names = [next((rule.name for rule in RULES if rule.matches(block)), "") for block in blocks]
    _mark_captions(blocks, names)
    _mark_signatures(blocks, names)
    _mark_pitches(blocks, names)
    return names


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
        if not names[place] and boxed and len(block) <= 300 and _READER.search(block) and not _QUOTE.search(block):
            names[place] = "pitch"
