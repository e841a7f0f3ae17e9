import pytest
from tiny_encoders import DIMS, make_onnx_encoder, make_static_encoder

from stance import encoders
from stance.embedding import Embedding
from stance.errors import ConfigError, ModelError
from stance.predict import load_model
from stance.train import run_experiment

TEXTS = ["The envoy wants talks with Washington.", "A treaty would end the war.", "It rained in the capital.", ""]
ALL = (
    "features=[{name: word_tfidf.v1}, {name: lexicon.v1, weight: 0.3}, {name: sentence_encoder.v1, encoder: tiny},"
    " {name: static_embedding.v1, encoder: tiny-static, field: previous}]"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "encoders"
    monkeypatch.setenv("STANCE_ENCODERS", str(folder))
    make_onnx_encoder(folder / "tiny")
    make_static_encoder(folder / "tiny-static")
    return folder


def swap(folder):
    """Put another encoder in its place, as a later session would find it."""
    make_onnx_encoder(folder / "tiny", seed=1)
    encoders._load.cache_clear()


def test_an_embedding_gives_the_encoders_vectors(folder):
    embedding = Embedding("tiny", "onnx").fit(TEXTS)
    assert embedding.transform(TEXTS).shape == (len(TEXTS), DIMS)
    assert embedding.transform([]).shape == (0, DIMS)


def test_an_encoder_of_another_kind_is_refused(folder):
    with pytest.raises(ConfigError, match="encoder 'tiny' is of kind onnx, not static"):
        Embedding("tiny", "static").fit(TEXTS)


def test_another_encoder_of_the_same_name_is_refused(folder):
    embedding = Embedding("tiny", "onnx").fit(TEXTS)
    swap(folder)
    with pytest.raises(ModelError, match="encoder tiny: is not the encoder that the model was trained with"):
        embedding.transform(TEXTS)


def test_a_model_with_every_kind_of_block_is_saved_and_predicts_the_same(folder, project):
    run = run_experiment(project / "tiny.yaml", overrides=[ALL])
    encoders._load.cache_clear()
    model, texts = load_model(run.path), run.statements()["text"].to_dict()
    table = model.predict_statements([texts[id_] for id_ in run.predictions["statement_id"]])
    assert list(table["motive"]) == list(run.predictions["predicted_motive"])
    assert (table["motive_proba"] - run.predictions["motive_proba"]).abs().max() < 1e-6
    assert not any("encoder" in path.name for path in (run.path / "model").iterdir())
    assert model.predict_statements(["They want a treaty."])["evidence"].iloc[0]
    swap(folder)
    with pytest.raises(ModelError, match="trained with"):
        model.predict_statements(TEXTS)


def test_a_model_of_embeddings_alone_knows_every_word(folder, project):
    features = "features=[{name: sentence_encoder.v1, encoder: tiny}]"
    model = load_model(run_experiment(project / "tiny.yaml", overrides=[features]).path)
    assert model.classifier.coverage(["The envoy wants talks.", "Zucker und Mehl"]) == [1.0, 1.0]
    assert set(model.predict_statements(["The envoy wants talks."])["evidence"]) == {""}


def test_an_encoder_that_a_config_names_and_is_not_here_stops_the_experiment(folder, project):
    with pytest.raises(ConfigError, match=r"no encoder 'gone' is here \(present: tiny, tiny-static\)"):
        run_experiment(project / "tiny.yaml", overrides=["features=[{name: sentence_encoder.v1, encoder: gone}]"])
    with pytest.raises(ConfigError, match=r"features\.0\.encoder: string should match pattern"):
        run_experiment(project / "tiny.yaml", overrides=["features=[{name: sentence_encoder.v1, encoder: ../x}]"])
    assert not (project / "experiments" / "runs").exists()
