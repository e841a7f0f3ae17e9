import pytest
from made_files import ATOM, FEED, MHTML, make_docx, make_mail, make_pdf

from stance.errors import ArticleError
from stance.file_kinds import HEAD, SUFFIXES, kind_of

CONTENT = {
    "pdf": make_pdf([[]]),
    "docx": make_docx((None, "It began.")),
    "feed": FEED.encode(),
    "html": b"\n<!-- saved --><!DOCTYPE html>\n<html>",
    "mail": make_mail("It began."),
}


@pytest.mark.parametrize(("suffix", "kind"), SUFFIXES.items())
def test_a_suffix_tells_the_kind(suffix, kind):
    assert kind_of(f"a{suffix.upper()}", b"It began.", "a") == kind


@pytest.mark.parametrize("kind", CONTENT)
@pytest.mark.parametrize("name", ["a", "a.xyz", "a.txt", ""])
def test_content_tells_it_where_the_suffix_is_wrong_or_missing(kind, name, caplog):
    assert kind_of(name, CONTENT[kind][:HEAD], "where") == kind
    assert ("where: is " in caplog.text) == (name == "a.txt")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ATOM.encode(), "feed"),
        (MHTML.encode(), "mail"),
        ('<?xml version="1.0"?><html lang="en">'.encode("utf-16"), "html"),
        (b'{"text": "a"}', "jsonl"),
        (b"id;text\n1;It began.", "csv"),
        (b"PAR1\x15", "parquet"),
        (b"It began.", "text"),
        (b"Subject: the quay\n\nIt began.", "text"),
        (b"Text, they said, is text\nand no table.", "text"),
        (b"", "text"),
    ],
)
def test_content_without_a_name(content, kind):
    assert kind_of("", content, "where") == kind


def test_an_error_page_saved_as_a_pdf_is_a_page(caplog):
    assert kind_of("a.pdf", b"<html>", "a.pdf") == "html"
    assert "a.pdf: is an HTML page by its content; read as that" in caplog.text


def test_rows_of_json_may_be_a_text_where_the_suffix_says_so():
    assert kind_of("a.txt", b'{"text": "a"}', "a.txt") == "text"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Word document"),
        (b"{\\rtf1", "an RTF document"),
        (b"\x89PNG\r\n", "an image"),
        (b"\xff\xd8\xff\xe0", "an image"),
        (b"7z\xbc\xaf", "an archive"),
        (b'[{"text": "a"}]', "a JSON array"),
    ],
)
def test_what_is_not_read_is_named(content, said):
    with pytest.raises(ArticleError, match=f"x: is {said}"):
        kind_of("a.txt", content, "x")
