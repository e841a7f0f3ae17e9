import hashlib
import io
import json
import pickle
import shutil
import zipfile

import pytest

from stance.errors import ModelError
from stance.predict import load_model
from stance.train import run_experiment


@pytest.fixture
def run(project):
    return run_experiment(project / "tiny.yaml")


def test_a_loaded_model_predicts_as_the_trained_one_did(run):
    predictions = run.predictions
    texts = run.statements()["text"].to_dict()
    table = load_model(run.path).predict_statements([texts[id_] for id_ in predictions["statement_id"]])
    assert list(table["motive"]) == list(predictions["predicted_motive"])
    assert list(table["stance"]) == list(predictions["predicted_stance"])
    assert (table["motive_proba"] - predictions["motive_proba"]).abs().max() < 1e-6


def test_the_codebook_travels_inside_the_model(run, codebook):
    assert load_model(run.path).codebook == codebook
    assert load_model(run.path / "model").codebook == codebook


def test_no_file_of_a_model_is_a_pickle(run):
    for path in (run.path / "model").iterdir():
        assert path.suffix in {".json", ".skops"}
        with pytest.raises(Exception):  # noqa: B017, PT011 - any refusal will do
            pickle.loads(path.read_bytes())
    with zipfile.ZipFile(run.path / "model" / "weights.skops") as archive:
        assert not [name for name in archive.namelist() if name.endswith((".pkl", ".pickle"))]


def refused(path):
    with pytest.raises(ModelError) as caught:
        load_model(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    assert "no such folder" in refused(tmp_path / "gone")
    assert "is neither a run directory nor a model" in refused(tmp_path)


def test_a_changed_weights_file_is_refused(run):
    path = run.path / "model" / "weights.skops"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "does not match the SHA-256" in refused(run.path)


def test_another_format_and_an_unknown_key_are_refused(run):
    path = run.path / "model" / "model.json"
    header = json.loads(path.read_text())
    path.write_text(json.dumps(header | {"format": 1}))
    assert "is a model of format 1, and this version reads format 2" in refused(run.path)
    path.write_text(json.dumps(header | {"trusted": ["os.system"]}))
    assert "unknown key 'trusted'" in refused(run.path)
    path.write_text(json.dumps(header | {"kind": "oracle.v9"}))
    assert "is a model of kind 'oracle.v9', and this version knows ensemble.v1, fast.v1" in refused(run.path)
    path.write_text("[]")
    assert "format None" in refused(run.path)


class Foreign:
    def __init__(self):
        self.x = 1


def with_file(run, file, data):
    folder = run.path / "model"
    header = json.loads((folder / "model.json").read_text())
    (folder / file).write_bytes(data)
    header["files"][file] = hashlib.sha256(data).hexdigest()
    (folder / "model.json").write_text(json.dumps(header))


def with_weights(run, weights):
    with_file(run, "weights.skops", weights)


def test_foreign_types_are_refused_even_where_the_hash_was_made_to_match(run):
    import skops.io

    with_weights(run, skops.io.dumps({"features": Foreign(), "heads": {}}))
    said = refused(run.path)
    assert "holds types that a model of ours never has" in said
    assert "Foreign" in said


def test_a_foreign_archive_and_no_archive_are_refused(run):
    import skops.io

    with_weights(run, b"not a zip file")
    assert "is not a skops file" in refused(run.path)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("hello.txt", "hello")
    with_weights(run, archive.getvalue())
    assert "is not a skops file" in refused(run.path)
    with_weights(run, skops.io.dumps([1, 2]))
    assert "holds no features and heads" in refused(run.path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda words: {}, "has the blocks [], and the features"),
        (lambda words: {name: ngrams[:-1] for name, ngrams in words.items()}, "n-grams for"),
        (lambda words: [], "does not fit together"),
    ],
)
def test_a_vocabulary_that_does_not_fit_is_refused_even_where_its_hash_does(run, change, said):
    path = run.path / "model" / "vocabulary.json"
    with_file(run, path.name, json.dumps(change(json.loads(path.read_text()))).encode())
    assert said in refused(run.path)


def test_a_codebook_whose_labels_were_edited_is_refused(run):
    path = run.path / "model" / "model.json"
    path.write_text(path.read_text().replace("direct_talks", "direct_walks"))
    assert "the motive head knows label 'direct_talks', which its codebook does not have" in refused(run.path)


def test_a_temperature_of_no_axis_is_refused(run):
    path = run.path / "model" / "model.json"
    header = json.loads(path.read_text())
    path.write_text(json.dumps(header | {"temperature": {"mood": 1.0}}))
    assert "temperatures are not of its codebook's axes" in refused(run.path)


def test_a_run_can_be_moved(run, tmp_path):
    moved = tmp_path / "elsewhere with spaces"
    shutil.copytree(run.path, moved)
    assert len(load_model(moved).predict("They want talks.")) == 1


@pytest.mark.parametrize(
    "words", ["{", '{"0-word_tfidf.v1": 1}', '{"0-word_tfidf.v1": [["a"]]}'], ids=["cut", "number", "nested"]
)
def test_a_vocabulary_that_is_no_vocabulary_is_refused(run, words):
    with_file(run, "vocabulary.json", words.encode())
    assert "does not fit together" in refused(run.path)


def test_an_ngram_that_stands_twice_is_refused(run):
    path = run.path / "model" / "vocabulary.json"
    words = json.loads(path.read_text(encoding="utf-8"))
    words["0-word_tfidf.v1"][1] = words["0-word_tfidf.v1"][0]
    with_file(run, path.name, json.dumps(words).encode())
    assert "n-grams for" in refused(run.path)


@pytest.mark.parametrize("features", [[1], {}, "text", None])
def test_features_and_heads_of_another_kind_are_refused(run, features):
    import skops.io

    with_file(run, "vocabulary.json", b"{}")
    with_weights(run, skops.io.dumps({"features": features, "heads": {}}))
    assert "does not fit together" in refused(run.path)
