from collections import Counter

from conftest import ROOT

from stance.articles import read_articles
from stance.errors import CorpusError
from stance.storage import read_jsonl, sha256

FILES = {
    name: [row for _, row in read_jsonl(ROOT / "data" / "attribution" / f"{name}.jsonl", CorpusError)]
    for name in ("sources", "heldout")
}
ROWS = [row for rows in FILES.values() for row in rows]
PLACES = ("speaker", "mention", "affiliation")


def test_two_annotators_labeled_every_statement():
    votes = Counter((row["article_id"], row["start"], row["end"]) for row in ROWS)
    assert len(votes) == 527 + 400
    assert set(votes.values()) == {2}
    assert {row["annotator"] for row in ROWS} == {"annotator-1", "annotator-2"}


def test_a_speaker_is_named_unless_the_voice_is_the_articles_own():
    for row in ROWS:
        named = row["speaker"] or row.get("speaker_in_title") or row.get("speaker_in_outlet")
        assert row["kind"] in {"own", "speaker", "continued"}
        assert bool(named) == (row["kind"] != "own")


def test_no_article_is_in_both_files():
    articles = [{row["article_id"] for row in rows} for rows in FILES.values()]
    assert not set.intersection(*articles)


def test_no_text_stands_in_the_labels():
    assert not [value for row in ROWS for name in PLACES if isinstance(value := row[name], str)]


def test_spans_are_where_their_hash_says(texts):
    news = (texts / "newswire" / name for name in ("articles.jsonl", "unlabeled.jsonl"))
    articles = {article.id: article.text for path in news for article in read_articles(path)}
    rows = [row for row in ROWS if row["article_id"] in articles]
    assert len(rows) == 1000 + 800
    for row in rows:
        text = articles[row["article_id"]]
        assert sha256(text[row["start"] : row["end"]]) == row["sha256"]
        assert all(0 <= row[name][0] < row[name][1] <= len(text) for name in PLACES if row[name])
