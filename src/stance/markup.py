"""Plain text, Markdown and HTML as text with blocks: headings, paragraphs, and the page's clutter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

from stance.boilerplate import TERMINAL, recognise
from stance.errors import ArticleError

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article's text with one role.

    Parameters
    ----------
    kind : str
        ``"heading"``, ``"paragraph"`` or ``"boilerplate"``.
    start, end : int
        Where it stands in the article's text.
    rule : str
        For boilerplate, the rule that recognised it; for a heading of the whole article, ``"title"`` or ``"subtitle"``.
    """

    kind: str
    start: int
    end: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a file of markup holds: its plain text, the roles in it, and what it says about itself."""

    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, str]


def plain_blocks(text: str, title: str = "") -> tuple[Block, ...]:
    """Return the blocks of plain text; ``title`` is the article's title where it is known from elsewhere.

    Blank lines part blocks. A single line break parts them too, unless the text is hard-wrapped there, or the next line
    goes on in lower case.
    """
    spans = list(_spans(text))
    texts = [text[start:end] for start, end in spans]
    rules = recognise(texts)
    kinds = _guess_headings(texts, rules)
    return (
        tuple(
            _with_title(
                [Block(*each) for each in zip(kinds, *zip(*spans, strict=True), rules, strict=True)], texts, title
            )
        )
        if spans
        else ()
    )


def _spans(text: str) -> Iterator[Span]:
    """Yield the stretches between the line breaks that part blocks, without the white space around them."""
    lines = [match.span() for match in re.finditer(r"[^\s](?:[^\r\n]*[^\s])?", text)]
    width = _wrap_width(text, lines)
    start = None
    for line, following in zip_longest(lines, lines[1:]):
        start = line[0] if start is None else start
        if following is None or _is_blank_between(text, line, following) or not _runs_on(text, line, following, width):
            yield start, line[1]
            start = None


def _is_blank_between(text: str, line: Span, following: Span) -> bool:
    return len(re.findall(r"\r\n|\r|\n", text[line[1] : following[0]])) > 1


def _wrap_width(text: str, lines: Sequence[Span]) -> int:
    """Return the column at which the text is hard-wrapped; 0 where it is not.

    In wrapped text nearly no line that is followed by another has room for that one's first word.
    """
    pairs = [(one, two) for one, two in pairwise(lines) if not _is_blank_between(text, one, two)]
    width = max((right - left for pair in pairs for left, right in pair), default=0)
    full = sum(_is_full(text, one, two, width) for one, two in pairs)
    return width if len(pairs) >= 3 and 40 <= width <= 120 and full >= 0.8 * len(pairs) else 0


def _is_full(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this line (three columns of ragged edge allowed)."""
    first_word = text[following[0] : following[1]].split(maxsplit=1)[0]
    return line[1] - line[0] + 1 + len(first_word) > width - 3


def _runs_on(text: str, line: Span, following: Span, width: int) -> bool:
    if width:
        return _is_full(text, line, following, width)
    return text[following[0]].islower() and not TERMINAL.search(text[max(line[0], line[1] - 8) : line[1]])


def _guess_headings(texts: Sequence[str], rules: Sequence[str]) -> list[str]:
    """Tell headings by their shape and by the prose below them; at most two stand on top of each other."""
    kinds = ["boilerplate" if rule else "paragraph" for rule in rules]
    below, chain = "", 0
    for place in range(len(texts) - 1, -1, -1):
        if rules[place]:
            continue
        prose = bool(TERMINAL.search(below)) or len(below.split(maxsplit=15)) > 15
        if below and (prose or 0 < chain < 2) and looks_like_heading(texts[place]):
            kinds[place], chain = "heading", chain + 1
        else:
            chain = 0
        below = texts[place]
    return kinds


def looks_like_heading(block: str) -> bool:
    """Whether a block has a heading's shape: one short line that starts like a title and ends unlike a sentence."""
    if len(block) > 90 or "\n" in block or len(block.split()) > 12:
        return False
    starts = re.match(r"[\"“‘'(\[]?(?:[^\W\d_]|\d)", block)
    return bool(starts) and not block[0].islower() and not re.search(r"[.!?…:;,—–-][\"'”’»)\]]*$|[”\"]$", block)


def _with_title(blocks: list[Block], texts: Sequence[str], title: str) -> list[Block]:
    """Name the article's own title and subtitle, so that no section is taken to bear them."""
    if not _opens_with_title(blocks, texts, title):
        return blocks
    blocks[0] = Block("heading", blocks[0].start, blocks[0].end, "title")
    if len(blocks) > 1 and blocks[1].kind == "heading":
        blocks[1] = Block("heading", blocks[1].start, blocks[1].end, "subtitle")
    return blocks


def _opens_with_title(blocks: Sequence[Block], texts: Sequence[str], title: str) -> bool:
    if not blocks or blocks[0].rule or title:
        return bool(blocks) and bool(title) and _folded(texts[0]) == _folded(title)
    # A question may be a title as well, but only above a subtitle, a heading, the writer's name or the date, so that no
    # opening statement is lost.
    asks = texts[0].endswith("?") and looks_like_heading(texts[0].rstrip("?")) and len(blocks) > 2
    above = asks and (blocks[1].kind == "heading" or blocks[1].rule in {"byline", "dateline"})
    return blocks[0].kind == "heading" or above


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def markdown_page(source: str, where: object) -> Page:
    """Return the page in a Markdown file with or without front matter.

    Raises
    ------
    ArticleError
        Where the front matter is not closed or is no YAML mapping.
    """
    from markdown_it import MarkdownIt

    front, body = _split_front_matter(source, where)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    metadata = _front_matter(front, where)
    pieces = [(kind, text, level) for kind, text, level in _markdown_pieces(tokens) if text]
    if pieces and pieces[0][2] == "h1" and not metadata.get("title"):
        metadata["title"] = pieces[0][1]
    return page_of([(kind, text) for kind, text, _ in pieces], metadata)


def _split_front_matter(source: str, where: object) -> tuple[str, str]:
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        return "", source
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in {"---", "..."}:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    raise ArticleError(
        "front matter is opened by '---' but not closed", where=f"{where}:1", remedy="Close it with a line '---'."
    )


def _front_matter(front: str, where: object) -> dict[str, str]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        found = YAML(typ="safe").load(_COLON_IN_VALUE.sub(_quoted, front))
    except MarkedYAMLError as cause:
        line = cause.problem_mark.line + 2 if cause.problem_mark else 1
        raise _bad_front_matter(f"is not valid YAML: {cause.problem}", f"{where}:{line}") from None
    except (YAMLError, ValueError) as cause:
        raise _bad_front_matter(f"is not valid YAML: {cause}", where) from None
    if found is not None and not isinstance(found, dict):
        raise _bad_front_matter("is not a mapping of keys to values", f"{where}:1")
    return {str(key): str(value) for key, value in (found or {}).items() if value is not None}


# A headline often has a colon in it, which YAML would take for a second key.
_COLON_IN_VALUE = re.compile(r"^(\w+): +([^\s\"'\[{|>&*!#].*:(?: .*)?)$", re.MULTILINE)


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}: {json.dumps(match[2])}"


def _bad_front_matter(what: str, where: object) -> ArticleError:
    return ArticleError(
        f"front matter {what}".split("\n")[0],
        where=where,
        remedy="Write it as lines 'key: value' between two lines '---'.",
    )


def _markdown_pieces(tokens: Sequence[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, text and tag of headings, paragraphs, list items and quotes; tables, code and images are left out."""
    tag, tables = "", 0
    for token in tokens:
        tables += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        if token.type in {"heading_open", "paragraph_open"}:
            tag = token.tag
        elif token.type == "inline" and not tables:
            yield "paragraph" if tag == "p" else "heading", _inline_text(token.children or []), tag


def _inline_text(tokens: Iterable[Any]) -> str:
    said = {"softbreak": " ", "hardbreak": " "}
    parts = [token.content if token.type in {"text", "code_inline"} else said.get(token.type, "") for token in tokens]
    return " ".join("".join(parts).split())


def html_page(source: str | bytes, where: object) -> Page:
    """Return the article in an HTML page, found by trafilatura.

    Where that finds less than `PROSE`, as of text parted by ``<br>`` alone or put into a table for its layout,
    the prose of the page's body is taken.

    Raises
    ------
    ArticleError
        Where the page has no article in it.
    """
    from trafilatura import bare_extraction

    found: Any = bare_extraction(source, include_comments=False, include_tables=False, with_metadata=True)
    pieces = [piece for piece in _html_pieces(found.body) if piece[1]] if found is not None else []
    if _sentences(pieces) < PROSE and (page := _body_page(source)):
        return page
    if not any(kind == "paragraph" for kind, _ in pieces):
        raise ArticleError(
            "no article found in this HTML page", where=where, remedy="Save the article's text as .txt or .md."
        )
    names = {
        "title": found.title,
        "outlet": found.sitename,
        "date": found.date,
        "url": found.url,
        "licence": found.license,
    }
    return page_of(pieces, {name: str(value) for name, value in names.items() if value})


def _sentences(pieces: Sequence[tuple[str, str]]) -> int:
    return sum(len(_SENTENCE.findall(text)) for kind, text in pieces if kind == "paragraph")


PROSE = 3  # sentences; with fewer, what was found is a notice or a caption rather than an article
# What parts two lines in a page, and what holds none of its article.
_PARTING = (
    "br", "p", "div", "section", "article", "main", "table", "tr", "td", "th", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "pre", "hr", "center", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip
_OUTSIDE = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "button", "select")
_SENTENCE = re.compile(r"(?:\S+\s+){3,}?\S*[.!?…][\"'”’»)\]]*(?=\s|$)")


def _body_page(source: str | bytes) -> Page | None:
    """Return the lines of a page's body as plain text if they hold three sentences of prose at least."""
    from trafilatura.utils import load_html

    tree: Any = load_html(source)
    body = tree.find(".//body") if tree is not None else None
    if body is None:
        return None
    title = " ".join((tree.findtext(".//title") or "").split())
    for element in body.xpath("|".join(f".//{name}" for name in ("comment()", *_OUTSIDE))):
        element.drop_tree()  # keeps the text that follows it
    for element in body.iter():  # the source's own line breaks part nothing
        parting = "\n" if element.tag in _PARTING else ""
        element.text = parting + (element.text or "").replace("\n", " ")
        element.tail = parting + (element.tail or "").replace("\n", " ")
    lines = [" ".join(line.split()) for line in "".join(body.itertext()).split("\n")]
    text = "\n\n".join(filter(None, lines))
    if sum(len(_SENTENCE.findall(line)) for line in lines if TERMINAL.search(line)) < PROSE:
        return None
    return Page(text, plain_blocks(text, title), {"title": title} if title else {})


def _html_pieces(body: Any) -> Iterator[tuple[str, str]]:
    """Yield kind and text of trafilatura's elements; what a list or a quote holds is yielded one by one."""
    for element in body:
        if element.tag in {"list", "quote"} and len(element.xpath("./item | ./p")):
            yield from _html_pieces(element)
        elif element.tag in {"head", "p", "item", "quote", "ab"}:
            for broken in element.iter("lb"):
                broken.tail = "\n" + (broken.tail or "")
            for line in "".join(element.itertext()).split("\n"):
                yield "heading" if element.tag == "head" else "paragraph", " ".join(line.split())


def page_of(pieces: Sequence[tuple[str, str]], metadata: dict[str, str]) -> Page:
    """Join pieces by blank lines; their kinds are certain, only clutter is looked for."""
    texts = [text for _, text in pieces]
    rules = recognise(texts)
    blocks: list[Block] = []
    start = 0
    for (kind, text), rule in zip(pieces, rules, strict=True):
        end = start + len(text)
        blocks.append(
            Block("boilerplate" if rule and kind != "heading" else kind, start, end, "" if kind == "heading" else rule)
        )
        start = end + 2
    if blocks and blocks[0].kind == "heading" and _folded(texts[0]) == _folded(metadata.get("title", "")):
        blocks[0] = Block("heading", 0, blocks[0].end, "title")
    return Page("\n\n".join(texts), tuple(blocks), metadata)
