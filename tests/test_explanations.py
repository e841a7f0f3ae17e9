import pandas as pd
import pytest
from conftest import make_project

from stance.articles import Article
from stance.ensemble import Ensemble
from stance.explanation_text import explanation_text
from stance.explanations import explain
from stance.predict import Model, load_model
from stance.train import run_experiment

ARTICLE = Article.from_text(
    "The envoy wants talks with Washington. It rained in the capital. Nobody believes in a peace treaty.\n\n"
    "Xyzzy blorp frotz quux gnusto.",
    id="a",
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return run_experiment(make_project(tmp_path_factory.mktemp("project")) / "tiny.yaml").load_model()


@pytest.fixture(scope="module")
def fast():
    return load_model()


@pytest.fixture(scope="module")
def blended(fast):
    """A model whose words cannot be told exactly."""
    classifier = Ensemble(fast.codebook, [fast.classifier], [1.0], fast.classifier.temperature)
    classifier.domain = fast.classifier.domain
    return Model("blended", classifier, fast.decision)


@pytest.mark.parametrize("name", ["tiny", "fast", "blended"])
def test_one_explanation_a_row_with_the_same_labels_and_status(name, request):
    model = request.getfixturevalue(name)
    table = model.predict([ARTICLE, ARTICLE])
    explained = model.explain([ARTICLE, ARTICLE])
    shown = [
        (e.article_id, e.statement_index, e.text, e.of("motive").label, e.of("stance").label, e.status)
        for e in explained
    ]
    assert shown == list(
        table[["article_id", "statement_index", "text", "motive", "stance", "status"]].itertuples(
            index=False, name=None
        )
    )
    probas = pd.DataFrame([{f"{label.axis}_proba": label.proba for label in e.labels} for e in explained])
    pd.testing.assert_frame_equal(probas, table[["motive_proba", "stance_proba"]])


def test_words_are_held_against_the_runner_up_and_strongest_first(fast):
    label = fast.explain(ARTICLE)[0].of("motive")
    assert (label.label, label.exact) == ("direct_talks", True)
    assert label.against not in ("", label.label)
    assert next(word.term for word in label.words if word.field == "text") == "talks"
    weights = [abs(word.weight) for word in label.words]
    assert weights == sorted(weights, reverse=True)
    text = ARTICLE.text[:38]
    assert max(label.marks, key=lambda mark: mark.weight)[:2] == (text.index("talks"), text.index("talks") + 5)


def test_the_runner_up_of_the_motive_is_the_second_likeliest(fast):
    row = fast.predict(ARTICLE, proba=True).iloc[0]
    proba = {motive: row[f"proba_motive_{motive}"] for motive in fast.codebook.labels("motive")}
    assert fast.explain(ARTICLE)[0].of("motive").against == sorted(proba, key=proba.get)[-2]


def test_without_a_motive_the_stance_follows_by_rule(fast):
    explanation = fast.explain("The missile flew 800 kilometres before it fell into the sea.")[0]
    assert explanation.of("motive").label == "none"
    assert explanation.of("stance").words == ()
    assert "by rule" in explanation_text(explanation, fast.codebook)


def test_words_of_other_models_are_told_by_leaving_them_out(blended):
    explanation = blended.explain(ARTICLE, statement=0)[0]
    label = explanation.of("motive")
    assert (label.exact, label.against, label.words[0].term) == (False, "", "talks")
    assert "approximate" in explanation_text(explanation, blended.codebook)
    silent = explain(blended, [ARTICLE], statement=0, occlude=False)[0].of("motive")
    assert (silent.words, silent.exact) == ((), False)


def test_plain_data_has_every_number_rounded(fast):
    data = fast.explain(ARTICLE, statement=0)[0].to_dict()
    assert data["labels"][0]["words"][0].keys() == {"term", "field", "weight"}
    assert data["labels"][0]["proba"] == round(data["labels"][0]["proba"], 4)


@pytest.mark.parametrize("width", [40, 80])
def test_text_keeps_to_its_width_and_marks_words_without_colour(fast, width):
    text = explanation_text(fast.explain(ARTICLE, statement=0)[0], fast.codebook, width)
    assert max(map(len, text.splitlines())) <= width
    assert "*talks*" in text


def test_nothing_to_explain(fast):
    assert fast.explain("") == []
    assert fast.explain(ARTICLE, statement=99) == []


def test_an_article_in_another_language_is_told(fast):
    german = "Der Minister sagte am Montag, dass die Verhandlungen mit der Regierung noch nicht begonnen haben. " * 3
    assert "in German, and this model reads English." in fast.explain(german)[0].why
