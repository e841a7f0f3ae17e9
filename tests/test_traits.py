import json
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import load_corpus
from stance.errors import CorpusError
from stance.traits import describe, read_genres

GENRES = ROOT / "data" / "labeled" / "genres.json"


def _one(text="It rained.", outlet="The Lamp", date="2018-04-27", heading="", genres=None):
    frame = pd.DataFrame({"text": [text], "outlet": [outlet], "date": [date], "heading": [heading]}, index=[7])
    return describe(frame, genres).loc[7].to_dict()


def test_a_statement_is_described_by_its_words_and_its_article():
    found = _one("“We may talk,” he said.", heading="Talks", genres={"The Lamp": "news report"})
    assert found == {
        "outlet": "The Lamp",
        "year": 2018,
        "genre": "news report",
        "quote": True,
        "words": 5,
        "hedged": True,
        "headed": True,
    }


@pytest.mark.parametrize(
    ("date", "year"), [("2017", 2017), ("2017-09", 2017), ("", None), ("spring", None), ("20171", None)]
)
def test_the_year_is_that_of_the_date_or_none(date, year):
    assert _one(date=date)["year"] == year


@pytest.mark.parametrize(
    "text", ["Perhaps.", "It COULD be.", "Kim may agree.", "He reportedly left.", "They tend to wait."]
)
def test_a_hedge_is_a_whole_word(text):
    assert _one(text)["hedged"]


@pytest.mark.parametrize("text", ["On 9 May it rained.", "Theresa May left.", "The mighty army.", "A likelyhood.", ""])
def test_no_hedge_in_names_and_longer_words(text):
    assert not _one(text)["hedged"]


def test_an_outlet_without_a_genre_is_unknown():
    assert _one(genres={"Another": "opinion"})["genre"] == ""


@given(st.lists(st.tuples(st.text(), st.text(max_size=12), st.text(max_size=9)), max_size=5))
def test_any_rows_are_described_in_order(rows):
    frame = pd.DataFrame(rows, columns=["text", "date", "heading"], dtype=str).assign(outlet="The Lamp")
    found = describe(frame)
    assert list(found.columns) == ["outlet", "year", "genre", "quote", "words", "hedged", "headed"]
    assert list(found["words"]) == [len(text.split()) for text, _, _ in rows]
    json.dumps(found.to_dict(orient="records"), allow_nan=False)


def test_every_labeled_outlet_has_a_genre(codebook):
    genres = read_genres(GENRES)
    own = load_corpus(ROOT / "data", codebook, collections=("own",)).frame
    listed = {json.loads(line)["outlet"] for line in (ROOT / "data/raw/sources.jsonl").read_text("utf-8").splitlines()}
    assert not (set(own["outlet"]) | listed) - set(genres)


def test_every_labeled_outlet_of_others_has_a_genre(codebook, texts):
    frame = load_corpus(ROOT / "data", codebook, texts=texts).frame
    assert not set(frame["outlet"]) - set(read_genres(GENRES))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"genres": {"opinion": ""}, "outlets": {"The Lamp": "opinio"}}', "The Lamp: 'opinio' is not one of"),
        ('{"genres": {"opinion": ""}}', "must map"),
        ("[]", "must map"),
    ],
)
def test_a_malformed_table_of_genres_is_refused(tmp_path: Path, text, says):
    path = tmp_path / "genres.json"
    path.write_text(text)
    with pytest.raises(CorpusError, match=says):
        read_genres(path)
