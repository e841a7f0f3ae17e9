import json

import numpy as np
import pytest
from tiny_predictions import CODEBOOK, predictions

from stance.error_rates import ErrorRates
from stance.errors import CodebookError, ModelError
from stance.persist import read_model, save_model
from stance.predict import load_model
from stance.presets import BUNDLED


def frame(n=200, **columns):
    given = {"collection": "news", "split": "train", "batch": "", "agreed": True, "status": "ok"}
    return predictions(n).assign(**(given | columns))


def test_counts_are_of_every_statement():
    found = ErrorRates.count(frame(), ["news"])
    assert found.statements == 200
    assert sum(found.natural.values()) == 200
    assert found.articles == frame()["article_id"].nunique()


def test_test_split_and_out_of_domain_are_never_counted():
    rows = frame()
    split = np.where(np.arange(200) < 30, "test", "train")
    status = np.where((np.arange(200) >= 30) & (np.arange(200) < 50), "out_of_domain", "ok")
    assert ErrorRates.count(rows.assign(split=split, status=status), ["news"]).statements == 150
    assert ErrorRates.count(rows.assign(split="test"), ["news"]) is None


def test_the_first_collection_that_is_there_counts_alone():
    rows = frame(collection=np.where(np.arange(200) < 80, "own", "news"))
    assert ErrorRates.count(rows, ["absent", "news", "own"]).statements == 120
    assert ErrorRates.count(rows, ["absent"]) is None


def test_single_readings_are_left_out_where_others_were_read_twice():
    agreed = [None] * 150 + [True, False] * 25
    assert ErrorRates.count(frame(agreed=agreed), ["news"]).statements == 50
    assert ErrorRates.count(frame(agreed=None), ["news"]).statements == 200


def test_how_common_labels_are_is_told_by_the_natural_mix():
    found = ErrorRates.count(frame(batch=np.where(np.arange(200) < 150, "m", "n")), ["news"])
    assert found.statements == 200
    assert sum(found.natural.values()) == 50


def test_plain_data_reads_back():
    found = ErrorRates.count(frame(), ["news"])
    again = ErrorRates.from_dict(json.loads(json.dumps(found.to_dict())), CODEBOOK)
    assert again == found


@pytest.mark.parametrize(
    ("key", "value"),
    [("counts", []), ("counts", [["talks", "pro", "talks", "pro", "ok", 0]]), ("natural", [["talks", "pro", True]]),
     ("counts", [["talks", "pro", "talks", "pro", "sure", 2]])],
)  # fmt: skip
def test_what_no_counts_are_is_refused(key, value):
    data = ErrorRates.count(frame(), ["news"]).to_dict() | {key: value}
    with pytest.raises(ValueError, match="error rates"):
        ErrorRates.from_dict(data, CODEBOOK)


def test_rates_of_another_codebook_are_refused():
    data = ErrorRates.count(frame(), ["news"]).to_dict() | {"natural": [["oil", "pro", 2]]}
    with pytest.raises(CodebookError, match="oil"):
        ErrorRates.from_dict(data, CODEBOOK)


def test_the_bundled_model_carries_rates_of_newswire():
    rates = load_model().rates
    assert rates.collection == "newswire"
    assert rates.statements > 4_000
    assert {cell[4] for cell in rates.counts} == {"ok", "abstain"}


def test_rates_travel_with_a_model_and_are_under_its_seal(tmp_path):
    name, classifier, decision = read_model(BUNDLED)
    save_model(tmp_path / "with", name, classifier, decision)
    assert read_model(tmp_path / "with")[1].rates == classifier.rates
    (tmp_path / "with" / "error_rates.json").write_text("{}")
    with pytest.raises(ModelError, match="SHA-256"):
        read_model(tmp_path / "with")
    classifier.rates = None
    save_model(tmp_path / "without", name, classifier, decision)
    assert read_model(tmp_path / "without")[1].rates is None
