import json

from typer.testing import CliRunner

from stance.articles import Article, read_article
from stance.boilerplate import REASONS
from stance.cli import app
from stance.skipped import skipped, skipped_frame, skipped_report
from stance.statements import split_statements

TEXT = "The quay\n\nBy Ada Lund\n\nIt began early.\n\nSubscribe to The Gull\n\nNobody slept.\n\nBy Jan Moens"
PAGE = "<html><body><nav>Home News Sport</nav><p>{}</p></body></html>"
PROSE = "The mayor closed the quay on Monday. Nobody in the town was surprised by it. The sluice had failed before."


def test_every_block_that_is_no_statement_is_listed_with_its_reason():
    article = Article.from_text(TEXT, id="quay")
    found = skipped(article)
    assert [(each.rule, each.text) for each in found] == [
        ("byline", "By Ada Lund"),
        ("subscribe", "Subscribe to The Gull"),
        ("byline", "By Jan Moens"),
    ]
    assert all(article.text[each.start : each.end] == each.text for each in found)
    assert {each.reason for each in found} == {REASONS["byline"], REASONS["subscribe"]}
    assert not {each.text for each in found} & {each.text for each in split_statements(article)}


def test_an_article_without_clutter_skips_nothing():
    assert skipped(Article.from_text("It began early.")) == []
    assert "0 words skipped in 0 blocks" in skipped_report(Article.from_text("It began early."))


def test_the_report_counts_words_and_groups_by_rule():
    report = skipped_report(Article.from_text(TEXT, id="quay"))
    assert report.startswith("quay\n7 words kept, 10 words skipped in 3 blocks\n")
    assert report.index("byline (2): names the writer") < report.index("subscribe (1): ")
    assert "10–21  By Ada Lund" in report


def test_what_the_reader_of_a_page_left_out_is_said(tmp_path):
    path = tmp_path / "quay.html"
    path.write_text(PAGE.format(PROSE))
    assert "left out by the page reader: 3 words of menus, links and forms" in skipped_report(read_article(path))


def test_a_frame_holds_the_blocks_of_all_articles():
    frame = skipped_frame([Article.from_text(TEXT, id=name) for name in "ab"])
    assert list(frame["article_id"]) == ["a", "a", "a", "b", "b", "b"]
    assert list(skipped_frame([]).columns) == ["article_id", "start", "end", "rule", "reason", "text"]


def run(*arguments):
    return CliRunner().invoke(app, ["predict", *map(str, arguments), "--explain-skipped"])


def test_the_command_lists_instead_of_predicting(tmp_path):
    (tmp_path / "quay.txt").write_text(TEXT)
    shown = run(tmp_path / "quay.txt")
    assert shown.exit_code == 0
    assert "subscribe (1): asks the reader to subscribe" in shown.stdout
    rows = run(tmp_path / "quay.txt", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(row)["rule"] for row in rows] == ["byline", "subscribe", "byline"]


def test_the_command_writes_a_file(tmp_path):
    (tmp_path / "quay.txt").write_text(TEXT)
    assert run(tmp_path / "quay.txt", "-o", tmp_path / "out.csv").exit_code == 0
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("quay,10,21,byline,")


def test_statements_cannot_be_skipped(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"text": "It began."}\n')
    assert run(tmp_path / "rows.jsonl", "--unit", "statement").exit_code != 0
