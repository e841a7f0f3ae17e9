"""English words by which news says who is speaking: verbs of saying, people, bodies, and what frames them.

All word lists of `stance.sources` and its helpers are here; another language needs another copy of this file.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["say", "that", "act"]
Form = Literal["base", "s", "past", "ing"]


class Verb(NamedTuple):
    """A verb of saying in one of its forms."""

    lemma: str
    kind: Kind
    form: Form


def _words(*listed: str) -> frozenset[str]:
    return frozenset(" ".join(listed).split())


# Words follow these by themselves (`Ruiz said it rose`).
_SAY = "say tell argue contend write insist"
# These also take plain objects (`warned Seoul`, `called early`): a "that", comma, quotation or clause must follow.
_THAT = """acknowledge add admit affirm allege answer ask assert assure boast call caution claim comment
complain concede
conclude confess confirm continue counter declare disclose emphasise emphasize estimate explain forecast hint
indicate inform
joke lament maintain mention note observe opine post predict quip recall recount reiterate remark repeat reply
report respond
retort signal speculate state stress suggest swear testify tweet underline underscore warn wonder find read point"""
# To do these is to say something, whatever follows. What one may also do in silence (welcome, reject, defend) is
# left out.
_ACT = """accuse announce blame cite condemn criticise criticize demand denounce deny describe dismiss express pledge
promise question reveal threaten urge vow"""
_IRREGULAR = {
    "say": ("says", "said", "saying"),
    "tell": ("tells", "told", "telling"),
    "write": ("writes", "wrote", "writing"),
    "find": ("finds", "found", "finding"),
    "read": ("reads", "read", "reading"),
    "forecast": ("forecasts", "forecast", "forecasting"),
    "swear": ("swears", "swore", "swearing"),
    "admit": ("admits", "admitted", "admitting"),
    "quip": ("quips", "quipped", "quipping"),
}


def _forms(lemma: str) -> tuple[str, str, str]:
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"
    return f"{lemma}{'es' if lemma.endswith('ss') else 's'}", f"{lemma}ed", f"{lemma}ing"


def _conjugated(kind: Kind, lemmas: str) -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for lemma in lemmas.split():
        s, past, ing = _forms(lemma)
        found |= {lemma: Verb(lemma, kind, "base")} | {s: Verb(lemma, kind, "s")}
        found |= {past: Verb(lemma, kind, "past"), ing: Verb(lemma, kind, "ing")}
    return found


VERBS = _conjugated("act", _ACT) | _conjugated("that", _THAT) | _conjugated("say", _SAY)
# `According to Ruiz`, `quoting Ruiz`, `in the words of Ruiz`: the speaker follows at once.
LEADS = _words("according quoted quotes quoting cited cites citing")
# What only tells words when nothing else can be meant.
STRICT = _words("find point read call")
# Nouns as well: `North Korean claims that`, `news reports that`.
ALSO_NOUNS = _words(
    "reports claims notes comments calls posts tweets signals estimates states answers demands promises pledges"
)
HEARER_FOLLOWS = _words(
    "tell assure inform urge accuse blame call describe"
)  # After these stands whom they are said to.

_PEOPLE = """official analyst expert spokesman spokesmen spokeswoman spokeswomen spokesperson minister premier
president chancellor
diplomat ambassador general commander admiral colonel officer researcher scholar professor envoy negotiator
leader aide author
critic observer lawmaker senator congressman congressmen congresswoman representative legislator governor mayor defector
adviser advisor secretary director historian economist activist scientist physicist engineer fellow
correspondent reporter
journalist witness source people chief head chairman chairwoman chair chairperson director-general expert specialist
strategist professor lecturer teacher student resident farmer trader businessman candidate nominee dictator
ruler king queen
prince pope bishop pastor priest lawyer attorney prosecutor judge police soldier veteran editor columnist writer
commentator blogger host anchor skeptic sceptic supporter opponent republican democrat conservative liberal insider
participant member coordinator counsel counselor counselors inspector investigator manager executive ceo founder
co-founder
deputy counterpart delegate representative spokesmen men women man woman father mother sister brother wife
husband daughter
son survivor refugee tourist neighbour neighbor outsider congressmen politician parliamentarian whistleblower planner
intern trainer doctor nurse victim relative dissident demonstrator protester organiser organizer hacker"""
_BODIES = """ministry government agency agencies newspaper paper report statement study administration
department military army
navy committee commission council site website magazine bulletin journal network media broadcaster embassy office group
regime mission company firm think-tank tank institute institution university center centre court parliament
senate congress
editorial commentary article communique proclamation order resolution indictment survey poll document memo letter tweet
survey police party union association organization organisation coalition alliance bank daily weekly outlet
outlets service
station channel team delegation command forces army campaign authorities authority bureau presidency embassy panel
intelligence press wire"""


def _both(listed: str) -> frozenset[str]:
    """Singulars and plurals."""
    ies = {f"{word[:-1]}ies" for word in listed.split() if word.endswith("y")}
    return _words(listed) | {f"{word}s" for word in listed.split()} | ies


PEOPLE = _both(_PEOPLE)
BODIES = _both(_BODIES)
ROLES = PEOPLE | BODIES
# Documents speak when nobody else is named, and for whoever issued them.
# Adjectives and nouns that stand between a name and a role: `North Korean state media`, `U.S. intelligence officials`.
MODIFIERS = ROLES | _words(
    """state government military defense defence foreign senior top former ex then-president vice deputy prime
    ministry news
    opposition presidential national public security nuclear missile political trade economic human rights local chief
    intelligence ruling party state-run state-controlled official private prominent other unnamed unidentified
    anonymous many several some press relations affairs missile policy health air naval border unification acting
    interim
    veteran retired longtime research assistant associate associated think non-proliferation nonproliferation arms
    control
    administration leading independent western regional congressional"""
)
_SPEAKING_PRESS = """reuters yonhap kcna cnn bbc nbc abc cbs fox msnbc npr afp ap bloomberg xinhua kyodo tass
nhk times post
journal herald guardian telegraph newspaper newspapers news agency media magazine website press ilbo daily tribune
broadcaster network outlet outlets report reports rodong sinmun"""
# Who passes on what others say: of `The Post reports that officials said`, the officials speak.
PRESS = _words(_SPEAKING_PRESS)

TITLES = _words(
    "Mr Mrs Ms Dr Gen Sen Rep Gov Lt Col Adm Prof Maj Capt Cmdr Amb Sir Lord Mr. Mrs. Ms. Dr. Gen. Sen. Rep. Gov.",
    "Lt. Col. Adm. Prof. Maj. Capt. Cmdr. Amb. Sgt. Rev. Hon.",
)
RANKS = _words(
    """president vice prime minister premier secretary senator representative congressman congresswoman governor general
    colonel admiral captain chairman chancellor king queen prince pope ambassador professor judge mayor director
    spokesman spokeswoman spokesperson commander marshal comrade republican democratic democrat leader chief chairwoman
    candidate commissioner lady president-elect counselor justice attorney envoy speaker doctor"""
)
DATES = _words(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December Jan. Feb. Aug. Sept. Oct. Nov. Dec. AM PM EDT EST GMT KST"""
)
# Capitalised only because they open a sentence: never the start of a name.
OPENERS = _words(
    """I He She It They We You This That These Those There Here What Who Whom Whose Which But And Or Yet So As If In
    On At
    For From By With To Of After Before Since While When Where Although Though Because Still Now Then Today Yesterday
    Meanwhile However Instead Also Later Earlier Indeed Finally Perhaps Even Not No Nor Just Last Asked Speaking
    According Moreover Nevertheless Nonetheless Only Once Under Over Until Unlike Despite During Following Amid Among
    Between Against Through Without Within Upon Both Either Neither How Why Whether Is Are Was Were Do Does Did Has
    Have Had
    Can Could Will Would Should May Might Must Let Yes Well Never Often Recently Separately Additionally
    Furthermore Thus Hence Therefore Again Next First Second Third Overall Similarly Likewise Ultimately Initially Apart
    Aside Rather Than Citing Quoting Writing Referring Responding Answering Addressing Noting Adding Calling Saying
    Given"""
)
DETERMINERS = _words(
    "the a an one another some several many most two three four five few other his her its their our these those both "
    "The A An One Another Some Several Many Most Two Three Four Five Few Other Others His Her Its Their Our My "
    "These Those Both All"
)
PRONOUNS = _words("he she it they He She It They")
PREPOSITIONS = _words(
    """of for at in from with on to by about into over under after before against between among during through
    without within via toward towards than near across behind beyond upon amid like unlike despite following
    Of For At In From With On To By About Into Over Under Against Between Among During Through Without Within Via"""
)
PLACING = _words("of for at in from with to on")  # What may join a role to its body or place.
# Words that no description of a speaker runs across.
FUNCTION = (
    PREPOSITIONS
    | DETERMINERS
    | PRONOUNS
    | _words(
        """as and or but that which who whom whose what when while where why how if because though although since until
    is are was were be been being has have had do does did will would can could shall should may might must not
    never also only just so then there here this these those i you we me us him them yet nor whether unless even ago
    more less very too still already now later earlier than much such reportedly said say says told saying"""
    )
)
# After these comes a clause of somebody else's: `the river, which Ruiz said was safe`.
SUBORDINATORS = _words(
    """which that what everything whom whose where how why when if whether because after before until since than
    whatever
    unless once That What Whom Where How Why When If Whether Because After Before Until Since Unless Once"""
)
LINKERS = _words(
    "and but as while although though so or yet And But As While Although Though So Or Yet who Who then Then however "
    "However Still Also also meanwhile Meanwhile"
)
AUXILIARIES = _words(
    """is are was were will would can could may might must should has have had does did do isn't aren't wasn't
    weren't won't
    wouldn't can't couldn't hasn't haven't hadn't doesn't didn't don't cannot isn’t aren’t wasn’t weren’t won’t
    wouldn’t can’t
    couldn’t hasn’t haven’t hadn’t doesn’t didn’t don’t remains remain wants want needs need"""
)
PAST = _words(
    "made met held took gave left spoke put sent led began got came went saw kept had stood sat ran brought paid "
    "sought set won lost "
    "drew flew rose fell grew cut hit struck used"
)
HAVING = _words(
    "has have had also later then once again further even first initially previously recently repeatedly still "
    "himself herself itself themselves has've always often now just subsequently all both already"
)
BEING = _words("is are was were be been being get got gets am")
DENYING = _words(
    "not never to did does do will would can could should may might must shall cannot didn't didn’t doesn't "
    "doesn’t won't "
    "won’t wouldn't wouldn’t couldn't couldn’t don't don’t let"
)
INTERPOSED = _words(
    "on in at last this during earlier later yesterday today after via from through Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday late early also"
)
ENDS = _words(
    "in on at during who from after last this when as to while earlier later with before for yesterday today of "
    "by and but "
    "via adding referring speaking told that"
)
JOINERS = _words("of for and de del da bin ibn al von van der the la le &")
# Families that stand before the given name, without a hyphen to tell.
FAMILY_FIRST = _words(
    """Kim Lee Park Choi Choe Moon Kang Chung Jung Cho Jo Yoon Yun Jang Chang Lim Im Han Oh Seo Shin Kwon Hwang Ahn
    An Song Ryu
    Yoo Yu Hong Jeon Chun Ko Koh Bae Paek Baek Nam Noh Roh Ri Rhee Pak Hyon Hyun Suh Woo Cha Thae Wang Li Zhang Liu Chen
    Yang Huang Zhao Wu Zhou Xu Sun Hu Zhu Lin Guo He Geng Lu Xi Hua Cui Tsai Nguyen Tran Pham Mao Deng Wen Jiang"""
)
# Governments go by the names of their countries and capitals: the commonest are here, to tell them from people.
PLACES = _words(
    """korea states kingdom china japan russia iran iraq syria israel india pakistan ukraine france germany britain
    australia
    canada seoul pyongyang washington beijing tokyo moscow tehran london paris berlin brussels vienna geneva house
    pentagon kremlin
    nations union north south east west america u.s. us uk u.k. u.n. un eu nato asean dprk rok prc iaea cia fbi
    america's
    city street peninsula sea island islands zone war summit games olympics peace treaty agreement act deal day year"""
)
# Adverbs end in "ly"; these words do as well.
NO_ADVERBS = _words("family ally assembly daily weekly monthly supply reply anomaly monopoly italy july")
PURPOSE = _words("promise vow pledge threaten")  # Said of what one will do: `vowed to stay`.
WORDS_FOLLOW = _words("that : how why what whether")
QUALIFYING = _words("senior former top unnamed unidentified anonymous other current retired prominent leading")
# What stands before a colon at the start of a paragraph, and is nobody.
NO_SPEAKERS = _words(
    "Source Sources Note Notes Photo Image Images Related Update Updated Figure Table Read Video Correction Watch "
    "Credit "
    "Credits Caption Title Author Editor Editors Contact Date Time Place Location Re Subject Example Summary"
)
