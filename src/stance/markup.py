"""Plain text and Markdown as text with blocks: headings, paragraphs, and the page's clutter."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

from stance.boilerplate import FRAGMENT, TERMINAL, is_label, recognise
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
    """What a file of markup holds: its plain text, the roles in it, and what it says about itself.

    Parameters
    ----------
    text : str
        What is read of it.
    blocks : tuple of Block
        The roles in the text.
    metadata : dict
        Title, outlet and the like.
    left_out : int
        Words of the page that are not in the text: menus, links, forms.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, str]
    left_out: int = 0


TITLE_WITHIN = 6  # blocks from the top of a page


def plain_blocks(text: str, title: str = "") -> tuple[Block, ...]:
    """Return the blocks of plain text; ``title`` is the article's title where it is known from elsewhere.

    Blank lines part blocks. A single line break parts them too, unless the text is hard-wrapped there, or the next line
    goes on in lower case.
    """
    spans = list(plain_spans(text))
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


def plain_spans(text: str) -> Iterator[Span]:
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
    if re.search(r"[a-z]{3}[.!?] [A-Z]", block):  # the middle of a paragraph that is cut into lines
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
    return read_pieces([(kind, text) for kind, text, _ in pieces], metadata)


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


def read_pieces(pieces: Sequence[tuple[str, str]], metadata: dict[str, str], left_out: int = 0) -> Page:
    """Join pieces by blank lines.

    Parameters
    ----------
    pieces : sequence of (kind, text)
        ``"heading"`` and ``"paragraph"`` are certain; a ``"label"`` may be no more than a word of the page, and a
        ``"line"`` may be a heading as well.
    metadata : dict
        What is known about the article.
    left_out : int
        Words of the page that are in none of the pieces.
    """
    texts = [text for _, text in pieces]
    rules = recognise(texts, [place for place, (kind, _) in enumerate(pieces) if kind == "heading"])
    guessed = _guess_headings(texts, rules)
    running = {text for text, count in Counter(texts).items() if count > 1}
    blocks: list[Block] = []
    start = 0
    for (given, text), rule, guess in zip(pieces, rules, guessed, strict=True):
        kind, why = _role(given, text, rule, guess, runs=text in running)
        blocks.append(Block(kind, start, start + len(text), why))
        start += len(text) + 2
    return Page("\n\n".join(texts), tuple(_titled(blocks, texts, metadata.get("title", ""))), metadata, left_out)


def _role(given: str, text: str, rule: str, guess: str, *, runs: bool) -> tuple[str, str]:
    """Return a piece's kind and rule; ``runs`` says that the text stands on the page more than once."""
    if rule:
        return "boilerplate", rule
    if given in {"heading", "paragraph"}:
        return given, ""
    kind = guess if given == "line" else "paragraph"
    if (kind == "paragraph" or runs or is_label(text)) and FRAGMENT.matches(text):
        return "boilerplate", FRAGMENT.name
    return kind, ""


def _titled(blocks: list[Block], texts: Sequence[str], title: str) -> list[Block]:
    """Name the headline: the title, or three words of it at least, which may stand below a label or two of the page."""
    for place, (block, text) in enumerate(zip(blocks[:TITLE_WITHIN], texts, strict=False)):
        name = _folded(text)
        if title and (name == _folded(title) or (name.count(" ") > 1 and name in _folded(title))):
            blocks[place] = Block("heading", block.start, block.end, "title")
            break
    return blocks
