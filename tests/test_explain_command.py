import json

import pytest
from typer.testing import CliRunner

from stance.articles import read_article
from stance.cli import app
from stance.errors import ArticleError, StanceError
from stance.predict import load_model
from stance.reading_view import reading_page

TEXT = "The envoy wants talks with Washington. Nobody believes in a peace treaty.\n"


@pytest.fixture
def article(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def run(*arguments):
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_every_statement_is_explained_in_eighty_columns(article):
    lines = run("explain", article).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.startswith("a, statement")] == ["a, statement 1", "a, statement 2"]


def test_one_statement_is_named_by_its_number(article):
    shown = run("explain", article, "--statement", 2).stdout
    assert "treaty" in shown
    assert "envoy" not in shown.split("motive")[0]


def test_json_is_what_the_library_gives(article, tmp_path):
    expected = [each.to_dict() for each in load_model().explain(article)]
    assert json.loads(run("explain", article, "--format", "json").stdout) == json.loads(json.dumps(expected))
    run("explain", article, "-o", tmp_path / "e.json")
    assert json.loads((tmp_path / "e.json").read_text(encoding="utf-8")) == json.loads(json.dumps(expected))


def test_a_statement_that_is_not_there_is_refused(article):
    with pytest.raises(StanceError, match="article 'a' has no statement 3"):
        run("explain", article, "--statement", 3)
    assert run("explain", article, "--statement", 0).exit_code == 2


def test_the_page_is_written_by_its_suffix_or_its_name(article, tmp_path):
    expected = reading_page(load_model(), [read_article(article)])
    run("predict", article, "-o", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == expected
    assert run("predict", article, "--format", "html").stdout == expected


def test_a_page_shows_articles_and_sets_aside_what_cannot_be_read(article, tmp_path):
    assert run("predict", article, "--format", "html", "--unit", "statement").exit_code == 2
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    result = run("predict", article, bad, "--format", "html")
    assert "set aside" in result.stderr
    assert result.stdout.count("<article") == 1
    with pytest.raises(ArticleError):
        run("predict", bad, "--format", "html")
