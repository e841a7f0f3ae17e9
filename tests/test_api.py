import json
import threading

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import load_model
from stance.articles import Article
from stance.predict import COLUMNS, DETAILS
from stance.tables import DIGITS

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

ARTICLE = {
    "id": "harbour",
    "title": "What the talks are for",
    "outlet": "The Harbour Post",
    "date": "2017-10-03",
    "text": "“A treaty that ends the war is all Kim wants,” the envoy said.\n\nThe ferry leaves at noon.",
}


def post(web, path, body, **options):
    return web.post(f"/api/v1/{path}", json=body, **options)


def test_predict_gives_the_rows_of_the_table(web):
    answer = post(web, "predict", ARTICLE | {"proba": True})
    article = Article.from_text(**ARTICLE)
    table = load_model().predict(article, details=True, proba=True).round(DIGITS)
    assert answer.status_code == 200
    assert answer.json()["model"] == "fast"
    pd.testing.assert_frame_equal(
        pd.DataFrame(answer.json()["statements"])[list(table.columns)], table, check_dtype=False
    )


def test_the_typed_row_has_the_columns_of_the_table(web):
    from stance.api_models import StatementOut

    assert list(StatementOut.model_fields) == [*COLUMNS, *DETAILS]


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_predicted_or_refused_in_one_line(web, text):
    answer = post(web, "predict", {"text": text})
    if not text.strip():
        assert answer.status_code == 422
        assert "\n" not in answer.json()["error"]
        return
    assert answer.status_code == 200
    for row in answer.json()["statements"]:
        assert row["text"] == text[row["start"] : row["end"]]


def test_markup_comes_back_as_the_text_it_is_and_as_json_alone(web):
    text = "<script>alert(1)</script> They want talks, he said."
    answer = post(web, "predict", {"text": text})
    assert answer.json()["statements"][0]["text"] in text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ({}, "body.text", "field required"),
        ({"txt": "They want talks."}, "body.txt", "unknown field 'txt'"),
        ({"text": " \n"}, "body.text", "is empty"),
        ({"text": 4}, "body.text", "valid string"),
        ({"text": "They want talks.", "title": "x" * 1001}, "body.title", "at most 1000"),
        ({"text": "They want talks.", "outlet": "\ud800"}, "body.outlet", "half a character"),
        ([], "body", "valid dictionary"),
    ],
)
def test_a_refusal_names_the_rule_the_place_and_the_remedy(web, body, where, said):
    raw = json.dumps(body).encode()  # which writes half a character as an escape
    answer = web.post("/api/v1/predict", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert set(answer.json()) == {"error", "where", "remedy"}
    assert answer.json()["where"] == where
    assert said in answer.json()["error"]
    assert answer.json()["remedy"]


def test_broken_json_is_named_with_its_place(web):
    answer = web.post("/api/v1/predict", content=b'{"text": ', headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["where"] == "body, character 9"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "nothing", 404), ("DELETE", "predict", 405), ("GET", "predict", 405)]
)
def test_unknown_paths_and_methods_are_refused_as_json(web, method, path, status):
    answer = web.request(method, f"/api/v1/{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "where", "remedy"}


def test_an_item_that_is_refused_does_not_hold_up_its_batch(web):
    items = [ARTICLE, {"text": "", "id": "empty"}, 4, {"text": "They want talks.", "id": "last"}]
    answer = post(web, "predict/batch", {"articles": items})
    assert answer.status_code == 200
    first, second, third, last = answer.json()["results"]
    assert [first["id"], second["id"], third["id"], last["id"]] == ["harbour", "empty", "", "last"]
    assert second["problem"]["where"] == "text"
    assert second["problem"]["error"] == "is empty"
    assert third["statements"] == []
    assert first["problem"] is last["problem"] is None
    assert first["statements"] == post(web, "predict", ARTICLE).json()["statements"]
    assert last["statements"][0]["article_id"] == "last"


def test_articles_of_a_batch_may_share_an_id(web):
    results = post(web, "predict/batch", {"articles": [ARTICLE, ARTICLE]}).json()["results"]
    assert results[0] == results[1]
    assert len(results[0]["statements"]) == 2


def test_a_batch_of_statements_gives_one_row_each(web):
    given_ = [{"text": "It wants that.", "previous": "A treaty would end the war.", "id": "a"}, {"text": "It rained."}]
    results = post(web, "predict/batch", {"statements": given_, "proba": True}).json()["results"]
    assert [len(each["statements"]) for each in results] == [1, 1]
    expected = load_model().predict_statements(["It wants that."], previous=["A treaty would end the war."])
    assert results[0]["statements"][0]["motive"] == expected["motive"][0]
    assert results[0]["statements"][0]["article_id"] == "a"
    assert "proba_motive_none" in results[0]["statements"][0]


def test_a_batch_with_no_sound_item_is_answered_all_the_same(web):
    answer = post(web, "predict/batch", {"statements": [{"text": ""}]})
    assert answer.status_code == 200
    assert answer.json()["results"][0]["problem"]["error"] == "is empty"


@pytest.mark.parametrize("body", [{}, {"articles": [ARTICLE], "statements": [{"text": "It rained."}]}])
def test_a_batch_holds_one_of_the_two_lists(web, body):
    assert post(web, "predict/batch", body).status_code == 422


@pytest.mark.parametrize("kind", ["articles", "statements"])
def test_a_batch_has_a_limit(web, kind):
    answer = post(web, "predict/batch", {kind: [{"text": "It rained."}] * 5001})
    assert answer.status_code == 413
    assert answer.json()["where"] == f"body.{kind}"


def test_the_map_counts_what_predict_says(web):
    drawn = post(web, "map", {"articles": [ARTICLE, ARTICLE]}).json()
    row = next(each for each in drawn["motives"] if each["motive"] == "peace_treaty")
    assert row["statements"] == 2
    assert drawn["totals"]["articles"] == 2


def test_health_answers_while_a_long_article_is_worked_on(web):
    long = {"text": "They want a treaty, the envoy said. " * 4_000}
    answers = []
    at_work = threading.Thread(target=lambda: answers.append(post(web, "predict", long)))
    at_work.start()
    health = web.get("/api/v1/health")
    assert at_work.is_alive()
    assert health.json()["status"] == "ok"
    at_work.join()
    assert len(answers[0].json()["statements"]) == 4_000


def test_the_codebook_comes_whole(web, codebook):
    assert web.get("/api/v1/codebook").json() == codebook.to_dict()


def test_openapi_types_requests_answers_and_refusals(web):
    described = web.get("/openapi.json").json()
    operation = described["paths"]["/api/v1/predict/batch"]["post"]
    refused = {
        operation["responses"][status]["content"]["application/json"]["schema"]["$ref"]
        for status in ("413", "422", "503", "504")
    }
    assert refused == {"#/components/schemas/Problem"}
    items = described["components"]["schemas"]["BatchIn"]["properties"]["articles"]["items"]
    assert items == {"$ref": "#/components/schemas/ArticleIn"}
    assert described["components"]["schemas"]["PredictIn"]["example"]["text"]


def test_the_examples_of_the_description_are_accepted(web):
    described = web.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if method == "post":
                named = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                example = described["components"]["schemas"][named]["example"]
                assert web.post(path, json=example).status_code == 200
