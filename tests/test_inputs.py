import io
import json
import sys

import pytest
from made_files import FEED, MONEY, QUAY, column, make_docx, make_pdf

from stance.articles import Article
from stance.errors import ArticleError
from stance.inputs import each_article, each_statement, read_inputs


@pytest.fixture
def stdin(monkeypatch):
    def give(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"It began.\r\n", ["It began.\n"]),
        ("It “began”.".encode("cp1252"), ["It “began”."]),
        (f"<html><body><p>{QUAY}</p><p>{MONEY}</p></body></html>".encode(), [f"{QUAY}\n\n{MONEY}"]),
        (b'{"text": "a"}\n{"text": "b"}\n', ["a", "b"]),
        (b"id,text\n1,a\n2,b\n", ["a", "b"]),
        (make_pdf([column(60, 700, [QUAY])]), [QUAY]),
        (make_docx((None, QUAY)), [QUAY]),
    ],
    ids=["text", "windows", "HTML", "JSON Lines", "CSV", "PDF", "Word"],
)
def test_standard_input_is_what_it_holds(stdin, data, texts):
    stdin(data)
    articles = read_inputs(["-"])
    assert [article.text for article in articles] == texts
    if len(articles) == 1:
        assert articles[0].id == "standard-input"


def test_standard_input_without_anything(stdin):
    stdin(b"")
    with pytest.raises(ArticleError, match="standard input: is empty"):
        read_inputs(["-"])


def test_after_an_error_the_next_row_entry_and_file_go_on(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{oops\n{"text": ""}\n{"text": "b"}\n')
    (tmp_path / "b.pdf").write_text("%PDF")
    (tmp_path / "c.rss").write_text(FEED)
    (tmp_path / "d.txt").write_text("It began.")
    names = ["a.jsonl", "b.pdf", "gone.txt", "c.rss", "d.txt"]
    found = [
        (place.removeprefix(f"{tmp_path}/"), type(each)) for place, each in each_article([tmp_path / n for n in names])
    ]
    assert found == [
        ("a.jsonl:1", Article), ("a.jsonl:2", ArticleError), ("a.jsonl:3", ArticleError), ("a.jsonl:4", Article),
        ("b.pdf", ArticleError), ("gone.txt", ArticleError), ("c.rss:entry 1", Article), ("c.rss:entry 2", ArticleError),
        ("d.txt", Article),
    ]  # fmt: skip


def test_a_file_that_vanishes_after_it_was_listed(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("It began.")
    found = each_article([tmp_path])
    assert isinstance(next(found)[1], Article)
    (tmp_path / "b.txt").unlink()
    errors = [str(each) for _, each in found if isinstance(each, ArticleError)]
    assert errors == [f"{tmp_path / 'b.txt'}: no such file. Check the path."]


def test_the_same_file_twice_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("It began.")
    with pytest.raises(ArticleError, match="is also that of"):
        read_inputs([tmp_path / "a.txt", tmp_path / "*.txt"])


def test_statements_of_all_collections_and_their_errors(tmp_path, stdin):
    stdin(b'{"text": "d"}\n')
    rows = [{"text": "a", "id": 0, "previous": None}, {"id": 1}, {"text": 5}, {"text": "\ud800"}, {"text": "b"}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "b.csv").write_text("text,heading\nc,The money\n")
    found = list(each_statement([tmp_path / "*.*", tmp_path, "-"]))
    texts = [row["text"] for _, row in found if isinstance(row, dict)]
    errors = [str(row).removeprefix(f"{tmp_path}/") for _, row in found if isinstance(row, ArticleError)]
    assert texts == ["a", "b", "c", "d"]
    assert found[0][1] == {"text": "a", "id": "0", "previous": "", "following": "", "heading": ""}
    assert errors[0].startswith("a.jsonl:2: no field 'text'")
    assert errors[1].startswith("a.jsonl:3: field 'text' is no string: 5")
    assert errors[2].startswith("a.jsonl:4: field 'text' holds half a character")
    assert len(errors) == 4  # a folder is no collection


def test_an_address_may_come_as_a_path(monkeypatch):
    from pathlib import Path

    from stance import web_pages

    asked = []
    monkeypatch.setattr(
        web_pages, "download", lambda url: asked.append(url) or web_pages.Download(url, b"It began.", "a.txt", "")
    )
    (article,) = read_inputs([Path("https://gull.example/quay")])
    assert asked == ["https://gull.example/quay"]
    assert (article.id, article.url, article.text) == ("quay", asked[0], "It began.")
