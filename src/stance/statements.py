"""Statements: an article cut at sentence ends, with exact offsets, headings and neighbours.

The segmenter weighs every full stop by what stands around it: the token before, the quotes and brackets that close, and
the word after. It has no state that runs through the text, so that an unclosed quote spoils nothing. `nupunkt` is not
asked: on newswire, its list of abbreviations ("met.", "bank.", "John.") cost more boundaries than it found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stance.articles import Article

# A stop, then what closes with it; a closing quote may be set off by a space, and an ellipsis be spaced out.
_STOP = re.compile(r"(?:\.(?:\s\.)+|[.!?…]+)(?:[.!?…\"'”’»)\]]|\s(?=[”’»](?:\s|$)))*(?:\[\d{1,3}\])?")
_NEXT = re.compile(r"(?P<dash>[—–-]+\s?)?(?P<opens>[\"“‘'«(\[•*@#$£€]*)\s?(?P<word>\w[\w’'-]*)?")
_TOKEN = re.compile(r"[\w.’'&/@-]*$")
_GLUED = re.compile(r"[“‘(]?[A-Z][a-z’']*[a-z ,]")
_INITIALS = re.compile(r"(?:.*[^\W\d_]\.)?[^\W\d_]$")
_LETTER = re.compile(r"[^\W\d_]")
_CLOSING_QUOTE = re.compile(r"[\"'”’»]")
_SPACE = re.compile(r"\s*")
_SAYING = (
    "said|says|asked|asks|added|adds|wrote|writes|told|replied|replies|answered|explained|insisted|declared|demanded|shouted"
    "|joked|quipped|remarked|wondered|warned|tweeted|recalled"
)
# “Why?” Ms Lee asked him. But not: “Why?” The minister said that it was over.
_ATTRIBUTION = re.compile(
    rf"(?:(?:[A-Z][\w.’'-]*|the|an?|then|also|later|has|had)\s){{1,5}}(?:{_SAYING})\b(?!\s(?:that|the|an?|it)\b)"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Before a name: never the end of a sentence.
_TITLES = _words(
    """mr mrs ms messrs mme mlle dr prof gen lt col sen sens rep reps gov adm maj capt cmdr brig sgt cpl rev hon pres
    amb supt det insp fr"""
)
_NEVER = _words("vs v e.g i.e cf")
# Before a number: not the end of a sentence; before anything else, it is.
_NUMBERED = _words(
    """no nos art arts sec para pp p vol vols fig figs ch ca jan feb mar apr jun jul aug sept sep oct nov dec"""
)
# The end of a sentence or not, depending on what follows. Capitalised, for "sat" and "miss" are words as well.
_CAPITALISED = _words(
    """inc corp co ltd bros jr sr dept est ave blvd univ st mt ft ala ariz ark calif colo conn del fla ga ill ind kan ky
    la md mass mich minn miss mo mont neb nev okla ore pa tenn tex vt va wash wis wyo jan feb aug sept oct nov dec mon
    tue tues wed thu thur thurs fri sat sun"""
)
_LOWER = _words("etc al approx dept govt est")
# Words that open a sentence, and hardly ever stand capitalised after an abbreviation within one.
_OPENERS = _words(
    """the a an this that these those he she it they we i you his her its their our your my there here but and or so
    yet nor for if when while as since because although though however moreover meanwhile instead still also
    then thus therefore hence what who why how where which whose in on at by from with without after before
    during under over until upon between among despite unlike like amid against to of not no yes now once even
    only some many most all both each every several few one two three another other others such is are was were
    do does did has have had can could will would should may might must let perhaps maybe well it's he's that's
    they're we're i'm there's what's don't earlier later last next"""
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an article.

    Parameters
    ----------
    article_id : str
        The article it stands in.
    index : int
        Its place among the article's statements, from 0.
    start, end : int
        Offsets into the article's text: ``article.text[start:end] == text``.
    text : str
        The statement.
    heading : str
        The nearest section heading above it; ``""`` where there is none.
    previous, following : str
        The statements before and after it in the article; ``""`` at the ends.
    """

    article_id: str
    index: int
    start: int
    end: int
    text: str
    heading: str = ""
    previous: str = ""
    following: str = ""


def split_statements(article: Article) -> list[Statement]:
    """Cut an article into statements; headings, titles and boilerplate are none."""
    found: list[tuple[int, int, str]] = []
    heading = ""
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind == "heading":
            heading = "" if block.rule else text
        elif block.kind == "paragraph":
            found += [(block.start + start, block.start + end, heading) for start, end in split_sentences(text)]
    texts = ["", *(article.text[start:end] for start, end, _ in found), ""]
    return [
        Statement(article.id, index, start, end, texts[index + 1], above, texts[index], texts[index + 2])
        for index, (start, end, above) in enumerate(found)
    ]


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Cut one paragraph at its sentence ends; return spans in order, with no white space at their edges.

    Closing quotes and brackets stay with their sentence. A quotation of several sentences is cut at each of them. One
    that is followed by the words that attribute it (``“Why?” Ms Lee asked.``) is one sentence with them.
    """
    spans: list[tuple[int, int]] = []
    start, last = _skip_space(text, 0), len(text.rstrip())
    for end, after in _boundaries(text, start):
        spans.append((start, end))
        start = after
    if spans and start < last and not _LETTER.search(text, start, last):  # an end mark such as "-30-"
        spans[-1] = (spans[-1][0], last)
    elif start < last:
        spans.append((start, last))
    return spans


def _skip_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _boundaries(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where each sentence but the last ends, and where the next one starts."""
    for stop in _STOP.finditer(text, start):
        after = _skip_space(text, stop.end())
        if after < len(text) and _ends(text, start, stop, after):
            yield stop.end(), after
            start = after


def _ends(text: str, start: int, stop: re.Match[str], after: int) -> bool:
    """Whether ``stop`` ends the sentence that began at ``start``; the next one would begin at ``after``."""
    found = _TOKEN.search(text, max(start, stop.start() - 30), stop.start())
    token = found[0] if found else ""
    if stop.end() == after:
        return _is_glued(text, token, stop)
    following = _NEXT.match(text, after)
    word = (following["word"] or "") if following else ""
    if not word or word[0].islower() or not _LETTER.search(text, start, stop.start()):
        return False
    if following and following["dash"] and _CLOSING_QUOTE.search(stop[0]):  # “...” — the speaker's name
        return False
    if _closes_aside(text, start, stop) or _is_attributed(text, stop, after):
        return False
    return _ends_before(word.lower().replace("’", "'") in _OPENERS, word, token, stop, start)


def _is_glued(text: str, token: str, stop: re.Match[str]) -> bool:
    """Whether the space after the stop was lost: ``it was over.The next day``."""
    plain = token.isalpha() and token[-2:].islower() and len(token) > 1
    return plain and stop[0] in {".", "?", "!", ".”", "?”", "!”"} and bool(_GLUED.match(text, stop.end()))


def _closes_aside(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the stop belongs to brackets within the sentence: ``MR LEE: (Laughs.) Yes``."""
    opening = {")": "(", "]": "["}.get(text[stop.end() - 1])
    return opening is not None and text.rfind(opening, max(start + 1, stop.start() - 300), stop.start()) >= 0


def _is_attributed(text: str, stop: re.Match[str], after: int) -> bool:
    return stop[0][0] in "?!" and bool(_CLOSING_QUOTE.search(stop[0])) and bool(_ATTRIBUTION.match(text, after))


def _ends_before(opener: bool, word: str, token: str, stop: re.Match[str], start: int) -> bool:
    """Decide by the token before the stop and the word after it."""
    if stop[0].startswith(("..", "…", ". .")):
        return opener
    if stop[0][0] != ".":
        return True
    plain = token.lower().lstrip("'’")
    if plain in _NEVER or (plain in _TITLES and not token.islower()) or stop.start() - start == 1:  # "Q. Who was it?"
        return False
    if plain in _NUMBERED and word[0].isdigit():
        return False
    short = plain in _LOWER or (plain in _CAPITALISED and not token.islower()) or _INITIALS.match(token)
    return opener if short else True
