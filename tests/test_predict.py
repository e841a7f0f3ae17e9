from pathlib import Path

import pandas as pd
import pytest
from conftest import make_project
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.articles import Article
from stance.errors import ArticleError
from stance.predict import COLUMNS
from stance.train import run_experiment


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return run_experiment(make_project(tmp_path_factory.mktemp("project")) / "tiny.yaml").load_model()


TEXT = "A question of peace\n\nThe envoy wants talks with Washington. “A treaty is all we ask,” she said.\n"


def test_one_row_a_statement_with_the_contracts_columns(model):
    table = model.predict(TEXT)
    assert list(table.columns) == list(COLUMNS)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS
    assert list(table["text"]) == [TEXT[s:e] for s, e in zip(table["start"], table["end"], strict=True)]
    assert list(table["statement_index"]) == list(range(len(table)))
    assert table["motive_proba"].between(0, 1).all()
    assert set(table["status"]) <= {"ok", "abstain", "out_of_domain"}


def test_a_str_is_text_a_path_is_a_file_and_both_may_be_mixed(model, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert len(model.predict(str(file))) <= 1  # the path as text: no file is opened
    table = model.predict([file, Article.from_text("They want talks.", id="b"), "They want a treaty."])
    assert list(dict.fromkeys(table["article_id"])) == ["a", "b", "text-3"]
    pd.testing.assert_frame_equal(model.predict(file), model.predict(Path(file)))


def test_an_article_without_statements_gives_an_empty_table_of_the_same_kind(model):
    for empty in ("", "   \n\n", []):
        table = model.predict(empty)
        assert len(table) == 0
        assert {name: str(dtype) for name, dtype in table.dtypes.items()} == COLUMNS
    assert list(model.predict("", proba=True).columns) == list(model.predict(TEXT, proba=True).columns)


def test_proba_columns_sum_to_one_and_hold_the_chosen_label(model, codebook):
    table = model.predict(TEXT, proba=True)
    for axis in codebook.axes:
        columns = [f"proba_{axis}_{label}" for label in codebook.labels(axis)]
        assert table[columns].sum(axis=1).round(9).eq(1).all()
        chosen = [row[f"proba_{axis}_{row[axis]}"] for _, row in table.iterrows()]
        assert chosen == list(table[f"{axis}_proba"])


def test_statements_come_back_in_order_one_row_each(model):
    texts = ["They want talks.", "", "They want a treaty.", "They want talks."]
    table = model.predict_statements(texts, ids=["a", "b", "c", "d"])
    assert list(table["text"]) == texts
    assert list(table["article_id"]) == ["a", "b", "c", "d"]
    assert table["status"][1] == "out_of_domain"
    assert len(model.predict_statements([])) == 0


def test_frames_and_arrays_of_statements_are_taken(model):
    frame = pd.DataFrame({"text": ["They want talks.", "They want a treaty."], "previous": ["", "Before."]})
    table = model.predict_statements(frame["text"], previous=frame["previous"].to_numpy())
    assert list(table["text"]) == list(frame["text"])


@pytest.mark.parametrize("wrong", [None, 7, b"They want talks.", {"text": "They want talks."}])
def test_what_is_no_article_is_refused(model, wrong):
    with pytest.raises(TypeError, match=r"articles must be str, pathlib.Path, Article or an iterable of these, not"):
        model.predict(wrong)


def test_half_a_character_is_refused(model):
    with pytest.raises(ArticleError, match="half a character"):
        model.predict("They want \ud800 talks.")
    with pytest.raises(ArticleError, match="half a character"):
        model.predict(Article("\ud800", "They want talks."))
    with pytest.raises(ArticleError, match="half a character") as raised:
        model.predict_statements(["a", "b"], previous=["", "\udfff"])
    assert raised.value.where == "texts[1]"
    assert "previous" in raised.value.what


def test_neighbours_of_another_length_are_refused(model):
    with pytest.raises(ValueError, match="previous has 1 entries, and texts has 2"):
        model.predict_statements(["a", "b"], previous=["x"])
    with pytest.raises(ValueError, match="not one string"):
        model.predict_statements("a")


def test_words_never_seen_are_out_of_domain(model):
    table = model.predict_statements(
        ["Die Suppe braucht mehr Salz und frische Petersilie.", "They want talks with Washington."]
    )
    assert list(table["status"]) == ["out_of_domain", "ok"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_sound_table(model, codebook, text):
    table = model.predict(text)
    assert list(table["text"]) == [text[s:e] for s, e in zip(table["start"], table["end"], strict=True)]
    for motive, stance in zip(table["motive"], table["stance"], strict=True):
        codebook.check(motive, stance)


def test_details_add_what_the_map_groups_by():
    from stance import Article, load_model

    given = Article("a", "Talks will fail, Ana Ruiz said.", title="Talks", outlet="The Harbour Post", date="2017-11-02")
    table = load_model().predict(given, details=True)
    assert list(table.columns[-4:]) == ["affiliation", "outlet", "date", "title"]
    assert table[["outlet", "date", "title"]].to_numpy().tolist() == [["The Harbour Post", "2017-11-02", "Talks"]]
    assert set(load_model().predict([], details=True).dtypes.astype(str).tail(4)) == {"str"}


GERMAN = "Der Gesandte will Gespräche mit Washington. Ein Vertrag würde den Krieg beenden, sagte er am Montag."


def test_an_article_in_another_language_is_out_of_domain_and_said_to_be(model, caplog):
    table = model.predict([Article("a", GERMAN), Article("b", TEXT)])
    assert set(table[table["article_id"] == "a"]["status"]) == {"out_of_domain"}
    assert set(table[table["article_id"] == "b"]["status"]) == {"ok"}
    notices = [record.getMessage() for record in caplog.records]
    assert notices == ["a: is in German, and this model reads English: no label of it is to be used"]


def test_a_statement_long_enough_to_tell_its_language_is_out_of_domain(model):
    table = model.predict_statements([GERMAN, "They want talks with Washington."])
    assert list(table["status"]) == ["out_of_domain", "ok"]
