import codecs
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.articles import Article, read_article, read_articles
from stance.errors import ArticleError
from stance.file_kinds import SUFFIXES
from stance.sources import speakers
from stance.statements import split_statements

PAGE = """<html><head><title>What the port wants</title><meta property="og:site_name" content="The Gull"></head><body>
<nav><a href="/">Home</a></nav><article><h1>What the port wants</h1>
<p>The mayor of Ostend said on Monday that the port would be closed until the spring, and nobody was surprised.</p>
<h2>A quarrel about money</h2><p>“It costs too much,” said <a href="/m">Mr. Moens</a>. “We have <b>nothing</b> left.”</p>
<ul><li>First, the sluice will be mended by a firm from Ghent.</li></ul>
<blockquote><p>The port is the heart of the town, and a heart must beat.</p></blockquote></article></body></html>"""


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def outline(article):
    return [(block.kind, block.rule, article.text[block.start : block.end]) for block in article.blocks]


def test_text_file_is_kept_exactly(file):
    article = read_article(file("port.txt", codecs.BOM_UTF8 + b"A quarrel  \r\n\r\n  It began.\r\n"))
    assert (article.id, article.title, article.text) == ("port", "A quarrel", "A quarrel  \n\n  It began.\n")
    assert outline(article) == [("heading", "title", "A quarrel"), ("paragraph", "", "It began.")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_respected(file, encoding):
    assert read_article(file("port.txt", "The café closed.".encode(encoding))).text == "The café closed."


def test_title_and_subtitle_are_not_section_headings():
    text = "What does the port want?\n\nThe mayor’s aim is hard to tell\n\nIt began early.\n\nThe money\n\nIt ran out."
    article = Article.from_text(text)
    assert article.title == "What does the port want?"
    assert [block.rule for block in article.blocks] == ["title", "subtitle", "", "", ""]
    assert [block.kind for block in article.blocks] == ["heading", "heading", "paragraph", "heading", "paragraph"]


def test_a_given_title_wins():
    article = Article.from_text("The money\n\nIt ran out.", title="What the port wants")
    assert article.title == "What the port wants"
    assert outline(article)[0] == ("heading", "", "The money")
    assert Article.from_text("THE MONEY\n\nIt ran out.", title="The money").blocks[0].rule == "title"


def test_an_opening_question_is_a_statement():
    assert [block.kind for block in Article.from_text("Who pays?\n\nNobody does.\n\nIt is late.").blocks] == [
        "paragraph"
    ] * 3


def test_a_heading_has_prose_below():
    article = Article.from_text("It began early.\n\nThe money\n\nIt ran out.\n\nNo comment", title="x")
    assert [block.kind for block in article.blocks] == ["paragraph", "heading", "paragraph", "paragraph"]


def test_line_breaks_part_paragraphs():
    article = Article.from_text("It began early.\nNobody slept.\n \nIt ran out.", title="x")
    assert [text for _, _, text in outline(article)] == ["It began early.", "Nobody slept.", "It ran out."]


def test_hard_wrapped_lines_are_joined():
    text = (
        "The mayor of Ostend said on Monday that the\nport would be closed until the spring, and\n"
        "nobody in the town was surprised to hear it\nagain.\n\nThe money\n\nIt ran out in the first week of the year,\n"
        "and Mr. Moens had none to lend to the town."
    )
    article = Article.from_text(text, title="x")
    assert [(kind, shown.count("\n")) for kind, _, shown in outline(article)] == [
        ("paragraph", 3),
        ("heading", 0),
        ("paragraph", 1),
    ]


def test_a_line_that_goes_on_in_lower_case_is_joined():
    assert len(Article.from_text("The mayor left the\ntown at noon.", title="x").blocks) == 1


def test_markdown_becomes_plain_text(file):
    source = (
        "---\nid: port-1\ntitle: 'Quay: the end'\ndate: 2018-03-04\ngenre: ignored\n---\n\nThe *mayor* [left](http://x.example).\n"
        "Nobody `saw`.\n\n```\ncode\n```\n\n| a |\n|---|\n| b |\n\n![quay](q.png)\n\n## The **money**\n\n- It ran out.\n\n> “Who pays?”\n"
    )
    article = read_article(file("port.md", source))
    assert (article.id, article.title, article.date) == ("port-1", "Quay: the end", "2018-03-04")
    assert article.text == "The mayor left. Nobody saw.\n\nThe money\n\nIt ran out.\n\n“Who pays?”"
    assert [block.kind for block in article.blocks] == ["paragraph", "heading", "paragraph", "paragraph"]


def test_markdown_without_front_matter(file):
    article = read_article(file("port.markdown", "# What the port wants\n\nIt began.\n\n## Who pays?\n\nNobody.\n"))
    assert (article.id, article.title) == ("port", "What the port wants")
    assert [block.rule for block in article.blocks] == ["title", "", "", ""]


def test_a_headline_with_a_colon_needs_no_quotes(file):
    assert read_article(file("port.md", "---\ntitle: The quay: an end\n---\nIt began.")).title == "The quay: an end"


def test_html_keeps_headings_lists_and_quotes(file):
    article = read_article(file("port.html", PAGE))
    assert (article.title, article.outlet) == ("What the port wants", "The Gull")
    assert [block.kind for block in article.blocks] == [
        "heading",
        "paragraph",
        "heading",
        "paragraph",
        "paragraph",
        "paragraph",
    ]
    assert "“It costs too much,” said Mr. Moens. “We have nothing left.”" in article.text
    assert "Home" not in article.text


def test_html_may_declare_its_encoding(file):
    page = '<html><head><meta charset="windows-1252"></head><body><p>The café closed. Nobody minded.</p></body></html>'
    assert read_article(file("port.htm", page.encode("cp1252"))).text == "The café closed. Nobody minded."


PROSE = (
    "The mayor closed the quay on Monday.<br><br>Nobody in the town was surprised.<br>The sluice had\nfailed before."
)


def test_html_parted_by_line_breaks_alone(file):
    page = f"<html><head><title>The quay</title></head><body><!-- ad -->The quay<br>{PROSE}</body></html>"
    article = read_article(file("port.html", page))
    assert article.title == "The quay"
    assert outline(article) == [
        ("heading", "title", "The quay"),
        ("paragraph", "", "The mayor closed the quay on Monday."),
        ("paragraph", "", "Nobody in the town was surprised."),
        ("paragraph", "", "The sluice had failed before."),
    ]


def test_a_question_above_byline_and_date_is_the_title():
    article = Article.from_text("What does Kim want?\n\nBy Jane Doe\n\n12 March 2017\n\nKim wants talks, they say.")
    assert article.title == "What does Kim want?"
    assert [(block.kind, block.rule) for block in article.blocks] == [
        ("heading", "title"),
        ("boilerplate", "byline"),
        ("boilerplate", "dateline"),
        ("paragraph", ""),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_of_a_spreadsheet(file, separator):
    rows = f'id{separator}text\n1{separator}"It began, and; it\tended."\n'
    assert [article.text for article in read_articles(file("port.csv", rows))] == ["It began, and; it\tended."]


def test_jsonl_collection(file):
    rows = [
        {"text": "It\u2028began.", "article_id": "a", "outlet": "The Gull", "date": None, "extra": 1},
        {"text": "It ended."},
    ]
    first, second = read_articles(
        file("port.jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n")
    )
    assert (first.id, first.text, first.outlet, first.date) == ("a", "It\u2028began.", "The Gull", "")
    assert second.id == "port-2"


def test_csv_collection_with_a_long_text_over_lines(file):
    text = "It began.\n\n" + "Nobody slept. " * 20_000
    first, second = read_articles(file("port.csv", f'id,text\r\n1,"{text}"\r\n2,It ended.\r\n'))
    assert (first.id, first.text, second.text) == ("1", text, "It ended.")


def test_directory_is_read_in_order(file, tmp_path):
    file("b.txt", "It ended.")
    file("a.md", "It began.")
    file("notes.docx~", b"no")
    file(".c.txt", "Hidden.")
    assert [article.id for article in read_articles(tmp_path)] == ["a", "b"]


def test_one_file_is_a_collection_of_one(file):
    assert [article.text for article in read_articles(file("a.txt", "It began."))] == ["It began."]


BAD = {
    "empty.txt": (b"", "empty.txt: is empty"),
    "blank.txt": (b" \n\t", "white space"),
    "nul.txt": (b"ab\0c", "NUL byte at offset 2"),
    "half.txt": (codecs.BOM_UTF16_LE + b"a", "is not UTF-16-LE"),
    "port.pdf": (b"%PDF", "port.pdf: is a damaged PDF"),
    "port.doc": (b"\xd0\xcf\x11\xe0", "an old Word document (.doc), or one protected by a password, which is not read"),
    "port.zip": (b"PK\x03\x04", "is no sound .docx file"),
    "photo.txt": (b"\xff\xd8\xff\xe0", "is an image, which is not read. Have its text recognised (OCR) first."),
    "large.txt": (b"word " * (5 << 20), "is larger than 20 MB, which no article is. Split it, or give its articles as"),
    "nul.html": (b"<html>\0", "NUL byte at offset 6"),
    "nav.html": (b"<html><body><nav>Home</nav></body></html>", "no article found"),
    "links.html": (b"<html><body>Home<br>News<br>Sport<br>About us</body></html>", "no article found"),
    "code.md": (b"```\ncode\n```\n", "no prose"),
    "open.md": (b"---\ntitle: x\n\nIt began.", "open.md:1: front matter is opened"),
    "yaml.md": (b"---\nid: a\ntitle: [x\n---\nIt began.", "yaml.md:3: front matter is not valid YAML"),
    "list.md": (b"---\n- a\n---\nIt began.", "not a mapping"),
    "case.csv": (b"Text\nIt began.\n", "case.csv:1: no column 'text'. Did you mean 'Text'?"),
    "gap.csv": (b"text,id\nIt began.,1\n,2\n", "gap.csv:3: field 'text' is empty"),
    "comma.csv": (b"id,text\n1,It began, and it ended.\n", "comma.csv:2: more fields"),
    "quote.csv": (b'text\n"It began.\n', "quote.csv:2: not valid CSV"),
    "twice.csv": (b"id,text\n1,It began.\n1,It ended.\n", "twice.csv:2. Give each"),
    "brace.jsonl": (b'{"text": "It began."}\n{oops\n', "brace.jsonl:2: not valid JSON"),
    "list.jsonl": (b"[1]\n", "list.jsonl:1: not a JSON object"),
    "field.jsonl": (b'{"texts": "It began."}\n', "field.jsonl:1: no field 'text'. Did you mean 'texts'?"),
    "number.jsonl": (b'{"text": 5}\n', "is no string: 5"),
    "half.jsonl": (b'{"text": "\\ud800."}\n', "half a character"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_line(file, name):
    content, expected = BAD[name]
    with pytest.raises(ArticleError) as caught:
        read_articles(file(name, content))
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_one_article(tmp_path, file):
    with pytest.raises(ArticleError, match="no such file"):
        read_article(tmp_path / "missing.txt")
    with pytest.raises(ArticleError, match="is a directory"):
        read_article(tmp_path)
    with pytest.raises(ArticleError, match="is a collection"):
        read_article(file("a.csv", "text\nIt began.\n"))
    with pytest.raises(ArticleError, match="no such file"):
        read_articles(tmp_path / "missing.jsonl")


def test_files_of_one_name_are_told_apart_by_their_paths(tmp_path, file):
    with pytest.raises(ArticleError, match="no article file"):
        read_articles(tmp_path)
    (tmp_path / "2017").mkdir()
    for name in ("a.txt", "a.md", "2017/a.txt", "b.txt"):
        file(name, "It began.")
    assert [article.id for article in read_articles(tmp_path)] == ["a.md", "a.txt", "b", "2017/a.txt"]


def test_ids_that_files_give_themselves_must_differ(tmp_path, file):
    for name in ("a.md", "b.md"):
        file(name, "---\nid: port\n---\nIt began.")
    with pytest.raises(ArticleError, match=r"b\.md: id 'port' is also that of .*a\.md"):
        read_articles(tmp_path)


def test_what_is_not_utf_8_is_read_and_told(file, caplog):
    assert read_article(file("latin.txt", "A “café”, he said.".encode("cp1252"))).text == "A “café”, he said."
    assert "latin.txt: is not UTF-8; read as windows-1252" in caplog.text


def test_control_characters_and_writing_from_the_right_keep_offsets():
    text = "It\x0b began,\x1b[0m 🙂 שלום he said.\n\nIt ended\u200f here."
    article = Article.from_text(text)
    assert article.text == text
    assert [article.text[each.start : each.end] for each in article.blocks] == text.split("\n\n")


MILLION = 1_000_000
HARD = {
    "straight quotes": '"' * MILLION, "opening quotes": "“" * MILLION, "nested": "“a ‘b " * (MILLION // 6),
    "open sentences": "“He said so. " * (MILLION // 13), "words": "word\n" * 10_000, "brackets": "(" * MILLION,
    "stops": ". " * (MILLION // 2), "blank": "x" + "\n" * MILLION + "y",
}  # fmt: skip


@pytest.mark.parametrize("kind", HARD)
def test_hard_text_of_a_million_characters_takes_linear_time(kind):
    """Not timed: with squared time, it would not end."""
    article = Article.from_text(HARD[kind])
    statements = split_statements(article)
    assert len(speakers(statements, outlet="")) == len(statements)


def junk():
    """Bytes that begin as a file of some kind does, and go on at random."""
    starts = [
        b"",
        b"%PDF-1.4\n",
        b"PK\x03\x04",
        b"<html><body>",
        b"<rss version='2.0'><channel><item>",
        b"MIME-Version: 1.0\n",
    ]
    starts += [
        b"PAR1",
        b"\x1f\x8b\x08\x00",
        b'{"text": ',
        b"text,id\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"---\n",
        b"# a\n\n",
    ]
    return st.tuples(st.sampled_from(starts), st.binary(max_size=200)).map(b"".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from([*SUFFIXES, "", ".xyz", ".jsonl.gz"]))
def test_random_bytes_of_any_suffix_give_articles_or_one_line(tmp_path, data, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data.draw(junk()))
    try:
        articles = read_articles(path)
    except ArticleError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert all(article.text.strip() for article in articles)
