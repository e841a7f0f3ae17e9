"""The rules that know a page's clutter by the wording of one block: newsletter boxes, credits, bylines, notices.

Every rule is conservative: it fires on a whole block, knows the wording it looks for, and those that could meet a
speaker's words leave alone what quotes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")
"""How a block of prose ends: a sentence's end, perhaps inside closing quotes or brackets."""

QUOTE = re.compile(r"[“”\"]")


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
    cues : frozenset of str
        Lower-case words, one of which stands in every block of this kind; empty where there is no such word. A block
        is matched with the rules that it has a cue of, for that is quick to look up.
    """

    name: str
    reason: str
    matches: Callable[[str], bool]
    cues: frozenset[str] = frozenset()


def _pattern(*alternatives: str, words: int = 60) -> Callable[[str], bool]:
    """Match a block of at most ``words`` words from its start, whatever the case."""
    compiled = re.compile("|".join(f"(?:{each})" for each in alternatives), re.IGNORECASE | re.DOTALL)
    # The length comes first: it bounds what a pattern can cost.
    return lambda block: len(block) < words * 20 and bool(compiled.match(block)) and len(block.split()) <= words


def _promotion(*alternatives: str, words: int = 60) -> Callable[[str], bool]:
    """Match like `_pattern`, but leave alone a block that quotes somebody."""
    matches = _pattern(*alternatives, words=words)
    return lambda block: matches(block) and not QUOTE.search(block)


def _cues(words: str) -> frozenset[str]:
    return frozenset(words.split())


PERSON = r"[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}"
NAMES = r"[A-Z][\w.’'-]*(?:(?: ?[,/] ?| - | )[A-Z][\w.’'-]*){0,7}"
_AGENCY = (
    r"(?:Getty(?: Images)?|AFP|Reuters|REUTERS|AP(?: Photo| Images)?|EPA|KCNA|Yonhap|Bloomberg|Kyodo(?: News)?|Corbis"
    r"|Alamy|Shutterstock|Associated Press|Agence France-Presse|Polaris|Zuma(?: Press)?|Xinhua|TASS)"
)
_LABEL = r"(?i:(?:image|photo(?:graph)?|picture|video) (?:credit|by|courtesy)|(?:photo(?:graph(?:er)?)?|credit|image):)"
# The whole block: “Photo: Ann Lee”, “(Ann Lee/AFP)”, “Ann Lee, Pool Photo via AP”, “AP Photo/Ann Lee”.
_CREDIT = re.compile(
    rf"[(\[]?(?:{_LABEL}.{{1,80}}[^.!?]|{NAMES}(?: ?/ ?| via ){_AGENCY}[\w ./’'-]{{0,40}}"
    rf"|{_AGENCY} ?/ ?[\w .,/’'-]{{2,50}})$"
)
# The same, at the end of a caption.
_CREDIT_AT_END = re.compile(
    rf"[.)\w”’] ?(?:\|\s?)?\(?"
    rf"(?:(?:Reuters |File |Pool )?Photo(?:graph(?:er)?)?: |REUTERS/|AP Photo/|{NAMES}/{_AGENCY})"
    rf"[^.!?]{{0,70}}\)?\.?$"
    rf"|[(\[][^()\[\]]{{1,50}}(?:/|via |[Pp]hoto: ){_AGENCY}[^()\[\]]{{0,30}}[)\]]$"
    rf"|[.!?] \| ?{NAMES}$|[.!?] ?\(?© ?[A-Z][\w /.,’-]{{2,50}}\)?\.?$"
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
_TIME = r"\d{1,2}(?:[:.h]\d\d(?: ?[ap]\.?m\.?)?| ?[ap]\.?m\.?)(?: \(?[a-z]{1,4}\)?)?"
_CLOCK = r"\d{1,2}(?:[:.]\d\d)(?: ?[ap]\.?m\.?)?(?: \(?[a-z]{2,4}\)?)?"
_STAMP = r"(?:(?:(?:first|last) )?(?:updated|published|posted|modified)(?: on| at)?:? )"
_MINUTES = r"\d{1,3}[- ]min(?:ute)?s?\.? (?:to )?read|(?:estimated )?read(?:ing)? time:? \d{1,3} min(?:ute)?s?\.?"
_WORK = r"(?:article|story|report|post|check|explainer|piece|page|version|dispatch|interview|column|transcript)"


def _is_ornament(block: str) -> bool:
    return not re.search(r"[^\W\d_]", block) or block.strip("[]. -") == ""


def _is_credit(block: str) -> bool:
    return len(block) <= 120 and bool(_CREDIT.match(block)) and not QUOTE.search(block)


def _is_credited_caption(block: str) -> bool:
    """Tell a caption by the credit at its end, or by its own name for itself."""
    if len(block) > 700:
        return False
    end = block[-160:]
    hint = "/" in end or "hoto" in end or "©" in end or " | " in end or "via " in end  # quicker than the pattern
    named = block.startswith(("FILE PHOTO:", "FILE - ", "Media caption ", "<Photo>"))
    return named or (hint and bool(_CREDIT_AT_END.search(end)))


# Case matters here: "By then" opens a statement, "By Ann Lee" does not.
_BYLINE = re.compile(
    rf"(?:By|BY|(?:Words|Text|Analysis|Interview|Story|Report|Commentary|Opinion) by) "
    rf"{PERSON}(?:,? (?:and|&|in|for|,) [^.]{{2,40}}|, {NAMES}|, [\w ]{{2,30}})?$"
    rf"|(?:Words|Text|Photographs|Photos|Pictures|Illustrations?): {PERSON}(?: \w+: {PERSON})*$"
    rf"|[Pp]osted (?:[\w, ]{{1,30}} )?by {PERSON}$"
    rf"|(?:[A-Z]{{2,6}}|{PERSON}) ?/ ?{PERSON}(?: ?/ ?[\d\w ,:]+)?$"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "subscribe",
        "asks the reader to subscribe",
        _promotion(
            r"subscribe(?: now| today| here| for free)?[.!]?$",
            r"subscribe (?:to|for|now|today)\b[^.]*$",
            r"(?:already )?subscribed? (?:to|and)\b.*\b(?:account|email|log in|sign in)\b",
            r"(?:already )?a (?:subscriber|member)\?",
            r"(?:become|support) .{0,40}\b(?:subscriber|subscribing|a member today)\b",
            r"(?:to continue reading|to keep reading|to read (?:on|more|the full \w+))[^.]*\b(?:subscri|sign"
            r"|register|log)",
            r"your subscription\b",
            r"join [\d,.]+ (?:subscribers|readers|supporters|members)\b",
            r"(?:you|you[’']ve) (?:have )?(?:reached|read|used|hit)\b.{0,40}\b(?:preview|limit|free"
            r"|articles)\b.{0,40}$",
        ),
        _cues(
            "subscribe subscribed subscriber subscribers subscribing subscription member members preview articles free"
            " readers supporters limit"
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
            r"(?:\S+ ){0,25}(?:by )?signing up,? you (?:agree|accept)\b",
            r"(?:don[’']t miss a thing\. )?sign up (?:to|for) (?:our|the|her|his) .*\b(?:guide|briefing|digest"
            r"|alerts)\b",
            r"(?:turn on|get|enable) .{0,30}\b(?:alerts|notifications)\b",
            r"you can unsubscribe\b",
            r"(?:\S+ ){0,12}you can unsubscribe\b",
        ),
        _cues("inbox newsletter newsletters signing sign alerts notifications unsubscribe"),
    ),
    Rule(
        "sign_up",
        "asks the reader to sign up, sign in or register",
        _promotion(
            r"(?:sign|log)[- ]?(?:up|in)(?: now| today| here| for free)?[.!]?$",
            r"(?:sign|log) (?:up|in) (?:for|to|with)\b[^.!?]{0,60}$",
            r"(?:create|register|open) (?:an?|your) (?:free )?account\b",
            r"interested in .{1,50}\? add .{1,50} as an interest\b",
            r"registration is (?:closed|open)\b",
            r"was this (?:e-?mail |newsletter )?forwarded to you\?",
        ),
        _cues("sign log signup login account interested registration forwarded"),
    ),
    Rule(
        "donation",
        "asks the reader for money",
        _promotion(
            r"(?:please )?(?:donate|chip in|give)(?: now| today| here)?[.!]?$",
            r"(?:\S+ ){0,30}(?:consider (?:giving (?:[$€£]|the price)|donating|supporting (?:us|our|this)|a"
            r" donation)|make a (?:donation|contribution))\b",
            r"(?:\S+ ){0,12}\b(?:is|are) (?:funded|supported|paid for) by (?:its |our |the )?readers\b",
            r"(?:\S+ ){0,25}if everyone (?:who is )?reading this\b",
            r"(?:\S+ ){0,12}readers like you\b",
            r"(?:support|help fund|help us) (?:our|us|independent|this)\b.{0,60}\b(?:journalism|work|reporting"
            r"|mission|newsroom)\b",
            r"(?:we have|there is) no (?:paywall|billionaire|owner)\b",
            r"(?:\S+ ){0,4}no paywall\b",
            r"value this (?:analysis|article|work)\?",
        ),
        _cues(
            "donate donation donating chip give giving consider contribution readers everyone support paywall"
            " billionaire"
            " value fund"
        ),
    ),
    Rule(
        "cookies",
        "is a notice about cookies or consent",
        _promotion(
            r"(?:\S+ ){0,14}(?:use|uses|using) (?:\w+ ){0,2}cookies\b",
            r"we value your privacy\b",
            r"(?:by (?:clicking|continuing|using)) .{0,80}\b(?:you (?:consent|agree|accept)|cookies)\b",
            r"(?:accept|reject|manage|allow) (?:all|cookies|options|preferences|settings)(?: cookies)?$",
            r"cookie (?:settings|policy|preferences|choices|notice)$",
            r"(?:\S+ ){0,8}(?:withdraw|change) your consent\b",
            r"this site is protected by\b",
            r"(?:\S+ ){0,4}(?:vendors|partners) (?:may )?process your personal data\b",
        ),
        _cues(
            "cookies cookie privacy clicking continuing consent accept reject manage allow protected vendors partners"
        ),
    ),
    Rule(
        "continue_reading",
        "stands where the page is folded or walled off",
        _promotion(
            r"(?:continue|keep) reading(?: [^.!?]{0,60})?$",
            r"(?:read|show|see|view|load) (?:more|less|all|on|the full (?:story|article))[.!…»→]*$",
            r"\(?(?:story|article) continue[sd] (?:below|after)\b.{0,40}$",
            r"scroll (?:down )?to continue\b.{0,30}$",
            r"\(?more(?: to follow)?\)?[.!]?$",
            words=12,
        ),
        _cues("continue continues continued keep read show see view load more"),
    ),
    Rule(
        "advertisement",
        "is an advertisement or its label",
        _promotion(
            r"[–—-]* ?advert(?:isement|isements|ising)?(?: ?[–—·|-] .{0,50})?[ –—-]*$",
            r"(?:ads?(?: by .{1,30})?|sponsored(?: content| by .{0,40})?|presented by [^.]{1,40}\.?)$",
            words=12,
        ),
        _cues("advert advertisement advertisements advertising sponsored ad ads presented"),
    ),
    Rule(
        "advertisement_text",
        "is an advertisement with its label before it",
        lambda block: bool(re.match(r"(?:ADVERTISEMENT|Advertisement) (?-i:[A-Z])", block)) and len(block) <= 200,
        _cues("advertisement"),
    ),
    Rule(
        "share_buttons",
        "is the text of share, print or comment buttons",
        _promotion(
            r"(?:listen to article [\d: ]+)?(?:(?:share|tweet|post|e-?mail|print|save|copy link|send|list"
            r"|whatsapp|facebook|twitter|mastodon|bluesky|gift|listen|resize|permalink"
            r"|pinterest|linkedin|reddit|comments?|this article|to a friend|e-?mail me|page|add to my file|on|via"
            r"|by|link|x"
            r")\b[ ,|/·»•()]*){2,}$",
            r"[»• ]*(?:share|print|comments?|tweet|e-?mail|permalink|resize|save|listen)(?: \(?[\w ]{1,8}\)?)?$",
            r"(?:print|share|mail|email|e-mail|gift|save|download) (?:this|the) (?:page|article|story|post"
            r"|pdf)\b.{0,30}$",
            r"printer[- ]friendly(?: version)?$",
            r"share (?:this|with|on)\b[^.]{0,40}$",
            r"(?:follow|like|find) .{1,40} on (?:twitter|facebook|instagram|x|youtube|linkedin)\b[^.]{0,40}\.?$",
            r"(?:(?:thanks? for reading[^.!]{0,60}[.!] ?)?this post is public|like (?:this:|loading)|(?:please"
            r" )?feel free to share)\b.{0,60}$",
            words=20,
        ),
        _cues(
            "share tweet post email e print save copy send whatsapp facebook twitter pinterest linkedin reddit comment"
            " comments permalink listen resize printer follow like find mail gift download"
        ),
    ),
    Rule(
        "related_links",
        "leads to another article or programme",
        _pattern(
            r"(?:related(?: articles?| stories| topics| coverage| links?| content| reading| check)?|see also|read also"
            r"|also read|read (?:more|next|the report)|more(?: from .{1,30}| on .{1,40})?"
            r"|don[’']t miss|recommended(?: for you| reading)?|live updates|most (?:read|popular|viewed|consulted)"
            r"|(?:recent|latest|top) (?:posts|stories|entries|news|articles)|what to read next|read next"
            r"|in case you missed it|you (?:may|might) also like|explore further|from the archives?)(?: ?:.{0,160}"
            r"|…)?$",
            r"also (?:in|from) .{1,30}: [^.!?]{0,160}$",
            r"(?:watch|listen)(?: ?:[^!?]{0,160})?$",
            r".{5,160}[^\s.!?”\"] read more$",
            r"read more (?:at|on|in|about|from) .{1,60}[»→…>]$",
            r"related (?:video|story) [A-Z]",
            r"(?:click|tap) (?:here|through)\b",
            r"(?:just watched .*)?\bmust watch\b",
            r".{3,120} \((?:pdf|docx?|xlsx?|zip)\b[^)]{0,20}\)$",
            r"(?:post|tweet|toot) by @",
            r"slideshow \(\d+ images?\)$",
            r"(?:like what you[’']re reading|want more)\b.*\b(?:app|click|download)\b",
            r"download (?:the|our) .{0,40}\bapp\b",
            r"loading (?:related |more )?(?:stories|content|comments|articles)\b.{0,10}$",
            r"(?:his|her|their) (?:last|latest|most recent) (?:piece|article|story|book|column) (?:for .{1,40} )?was\b",
        ),
        _cues(
            "related see read also more miss recommended live most recent latest top watch listen click tap must"
            " slideshow"
            " want download loading pdf docx xlsx zip post tweet toot explore archive archives missed like last"
        ),
    ),
    Rule(
        "media_player",
        "is the text of a video or audio player",
        _pattern(
            r"(?:media|video) playback is (?:un|not )supported\b",
            r"(?:this )?(?:video|audio|media|content) (?:is|can|could) (?:not|no longer)\b.{0,60}",
            r"please (?:upgrade|enable|update) (?:your|java|to continue)",
            r"(?:\S+ ){0,8}replay more videos\b",
            r"(?:play|watch|listen to)(?: the| this)? (?:video|audio|podcast|episode)[^.]{0,30}$",
            r"(?:audio voiceover|listen to this|narrated by|play mute|transcripts? (?:is|are) generated)\b.{0,60}$",
            r"(?:\S+ ){0,6}your browser does not support\b",
        ),
        _cues(
            "voiceover narrated mute playback video audio media content upgrade enable update replay play watch"
            " listen browser"
        ),
    ),
    Rule(
        "stage_direction",
        "is a transcriber's note",
        _pattern(
            r"[(\[](?:laughter|applause|cheers|cross ?talk|inaudible|music|pause|off[- ]mike|pullquote)\.?[)\]]$",
            r"[(\[](?:begin|end|start) (?:of )?(?:recorded )?(?:video|audio|material|transcript|recording)"
            r"[ \w]{0,12}[)\]]$",
            r"[(\[](?:the |whereupon,? )?.{0,40}\b(?:briefing|hearing|meeting|committee|panel|session|conference)\b"
            r".{0,30}"
            r"\b(?:concluded|ended|adjourned|recessed|began|convened)\b.{0,60}[)\]]$",
            r"\[(?:the |all\])?.{0,80}(?:prepared statement|appendix|all\]).{0,60}$",
            r"(?:\[all\]|/end/|-30-|#+|ends|transcript:)$",
        ),
        _cues(
            "laughter applause cheers crosstalk cross inaudible music pause off pullquote begin end start"
            " briefing hearing meeting committee panel session conference prepared appendix all ends transcript"
        ),
    ),
    Rule(
        "note_to_reader",
        "speaks about the text rather than its subject",
        _promotion(
            rf"\*? ?this (?:is (?:an? )?(?:rush(?:ed)?|unofficial|provisional|machine|automatic|working)|{_WORK}"
            rf" (?:has been|was|is)"
            r" (?:edited|translated|lightly|condensed|abridged|produced|published|adapted))\b",
            r"(?:thanks?|thank you) for (?:reading|watching|listening|subscribing)\b.{0,40}$",
            r"\*? ?in case of (?:any )?discrepancy\b",
            r"having trouble (?:reading|viewing)\b",
            r"documents are converted automatically\b",
            r"find this (?:article|story|page) at\b",
            r"check the box to\b",
            r"view this (?:e-?mail|message|page) in\b",
            r"you are (?:receiving|reading|viewing) (?:this|the|our)\b",
            r"(?:note|advisory) to (?:clients|editors|readers)\b",
            r"eds: |editors?[’']? note:? ",
        ),
        _cues(
            "this discrepancy thanks thank trouble documents find check view viewing receiving clients editors"
            " readers eds editor note"
        ),
    ),
    Rule(
        "correction",
        "says what was changed in the article after it appeared",
        _promotion(
            rf"(?:correction|clarification|corrected)(?: \([^)]{{1,30}}\))?: (?:an? (?:earlier|previous)|this"
            rf" {_WORK}|in an earlier)\b",
            rf"(?:this|the) {_WORK} (?:has been|was) (?:\w+ )?(?:updated|amended|corrected|edited|changed|modified)\b",
            rf"(?:an? )?(?:earlier|previous|original) version of (?:this|the) {_WORK}\b",
            r"(?:edited|updated|amended|corrected) (?:on|at) .{3,40} to (?:fix|correct|add|clarify|include|remove"
            r"|reflect)\b",
            rf"{_WORK} (?:updated|amended|corrected) (?:on|at)\b",
            r"\((?:adds|updates|recasts|corrects|rewrites|refiles|repeats)\b[^)]*\)\.?$",
            r"page last (?:changed|updated|modified)\b",
        ),
        _cues(
            "correction clarification adds updates recasts corrects rewrites refiles repeats corrected amended"
            " updated edited changed modified earlier previous original"
        ),
    ),
    Rule(
        "feedback",
        "asks what the reader thinks of the page",
        _promotion(
            r"(?:did|was|is|are) (?:you|this|the) .{0,50}\b(?:enjoy|helpful|answer your|useful|satisfied)\b",
            r"are you satisfied with\b",
            r"(?:do you )?have (?:your say|an opinion)\b",
            r"ask us something\b",
            r"report (?:an error|this post|a problem|a mistake)\b.{0,60}$",
            r"(?:loved it|yes)\W+(?:it was fine|no)\b.{0,30}$",
            r"submit a (?:letter|question|correction)\b",
        ),
        _cues("enjoy helpful answer useful satisfied say opinion ask report loved yes submit"),
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
            r"this (?:material|article|story|content|work) (?:may (?:not |only )?be|may not|was originally|is"
            r" republished"
            r"|first appeared)\b",
            r"(?:text )?licen[cs]ed (?:under|for)\b",
            r"reproduction (?:without|prohibited)\b",
        ),
    ),
    Rule(
        "contributors",
        "says who worked on the article, or how to reach them",
        _pattern(
            rf"(?:{PERSON}|.{{2,80}}) contributed (?:reporting )?to this (?:report|story|article)\b.{{0,40}}$",
            r"contributing: .{2,80}$",
            r"\(?(?:additional )?(?:reporting|writing|editing|edited|translated|translation|written|compiled) by "
            r"[^.]{2,160}[.)]*$",
            r"\((?:additional )?(?:reporting|writing|editing)(?: by|:) .{2,300}\)$",
            r"translated from (?:the )?\w+ by\b",
            r"(?:write|send tips|email) (?:to )?.{2,60}\bat \S+@\S+$|send tips to\b",
            r"(?:tips|letters|comments|contact|questions|enquiries|inquiries|media"
            r" contact)\b[^.!?]{0,60}\S+@\S+.{0,40}$",
            r"[^.!?]{0,90}\b(?:is|was) compiled by\b",
            r"(?:the )?(?:views|opinions) (?:expressed\b|in this\b|are\b).*\b(?:own|authors?|columnist|writer"
            r"|reflect|represent)",
            r"(?:\S+ ){1,6}does not take institutional positions\b",
            r"(?:all )?errors (?:are|remain) (?:my|our|the)\b",
            r"the authors? (?:thanks?|is grateful|are grateful|wish(?:es)? to thank|would like to thank)\b",
            r"(?:this article is|updated) more than \d+ years? old$",
            r"[^.]{2,60} email address is \S+@",
            r"our standards: ",
            r"keywords?: ",
        ),
        _cues(
            "contributed contributing reporting writing editing edited translated translation written compiled"
            " write tips"
            " email letters comments contact questions enquiries inquiries media views opinions institutional"
            " errors author"
            " authors old standards keywords keyword"
        ),
    ),
    Rule(
        "address",
        "is an address of the web, of mail or of a house",
        lambda block: (
            len(block) <= 200
            and (
                bool(re.match(r"\(*(?:\w[^.:]{0,60}: )?(?:https?://|www\.|[\w.+-]+@)\S+[\s);]*$", block))
                or (
                    (not TERMINAL.search(block.rstrip(")")) or "@" in block)
                    and len(
                        re.findall(r"\S+@\S+\.\w+|www\.\S+|https?://\S+|\+\d[\d ()-]{7,}|\bPO Box\b|\bTEL\b", block)
                    )
                    >= 2
                )
            )
        ),
        _cues("http https www com org net example tel box edu gov e"),
    ),
    Rule("image_credit", "says whose picture it is", _is_credit),
    Rule("byline", "names the writer", lambda block: len(block) <= 160 and bool(_BYLINE.match(block))),
    Rule(
        "dateline",
        "is a date, perhaps with the time, and nothing else",
        _pattern(
            rf"{_STAMP}?(?:{_TIME},? (?:on )?)?{_DATE}(?:(?:[,;]| at| ?[|·–-])? {_TIME})?(?: ?[|·•–-]"
            rf" ?(?:{_MINUTES}))?$",
            rf"{_STAMP}{_CLOCK}(?:,? updated {_CLOCK})?$",
            r"\d{1,2}:\d\d(?: ?[ap]\.m\.)? [A-Z]{2,4}$",
            rf"{_STAMP}[\w ]{{3,30}} ?[|·•] ?{_STAMP}[\w .:]{{3,30}}$",
            words=16,
        ),
    ),
    Rule(
        "updated",
        "says how long ago the page was changed",
        _pattern(
            rf"(?:live ?)?{_STAMP}?(?:\d+|an?) ?(?:minute|min|m|hour|hr|h|day|d|week|month|year)s? ago"
            rf" ?(?-i:{PERSON})?$",
            rf"{_STAMP}just now$",
            rf"{_CLOCK} (?:\d+ ?(?:m|min|h|hr|d)s?\w* ago)?(?-i: ?{PERSON})?$",
            words=12,
        ),
    ),
    Rule(
        "reading_time",
        "says how long the article takes to read",
        _pattern(rf"(?:{_MINUTES})$", words=12),
        _cues("read reading"),
    ),
    Rule(
        "print_header",
        "is the head that a browser prints on every page",
        lambda block: len(block) <= 200 and bool(re.match(r"\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d\d\D", block)),
    ),
    Rule(
        "navigation",
        "leads to another place of the site",
        _pattern(
            r"home(?: ?[>›»|/] ?[^.!?>›»|/]{1,30}){1,6}$",
            r"(?:skip|jump|back) to (?:the )?(?:main )?(?:content|top)$",
            r"(?:home|top|menu|search|prev(?:ious)?|next|contents|in this article|on this page)$",
            r"(?:filed under|tags?|tagged|topics?|keywords|categories)(?: ?:| in\b)[^.!?]{0,120}$",
            words=24,
        ),
        _cues(
            "home content top menu search prev previous next contents article page filed tag tags tagged topic topics"
            " keywords categories"
        ),
    ),
    Rule(
        "exchange_rate",
        "converts a currency",
        lambda block: (
            len(block) <= 80 and bool(re.match(r"\([$€£]?1? ?[\w. ]{0,12} ?= ?[$€£]?[\d.,]+ ?[\w. ]{0,30}\)$", block))
        ),
    ),
    Rule("caption", "describes a picture", _is_credited_caption),
    Rule("ornament", "has no word in it: a line of stars, dashes or a lone number", _is_ornament),
)
"""The rules on a block by itself, in the order in which they are tried."""
