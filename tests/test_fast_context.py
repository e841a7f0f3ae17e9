"""Which fields around the statement the fast model reads."""

import pytest
from test_models import labeled

from stance.classifier import label_codes
from stance.fast import FastClassifier

AROUND = {"previous": "talks talks", "following": "treaty treaty", "heading": "sanctions sanctions"}


@pytest.fixture
def train():
    rows = [
        ("they want talks with washington", "direct_talks", "supportive"),
        ("the treaty would be signed", "peace_treaty", "skeptical"),
        ("sanctions talks and treaty", "economic_relief", "supportive"),
    ]
    return labeled(rows * 3).assign(previous="talks", following="a treaty", heading="sanctions")


@pytest.mark.parametrize("context", [(), ("heading",), ("following", "previous"), ("previous", "following", "heading")])
def test_only_the_named_fields_are_read_and_a_saved_model_knows_them(train, codebook, tmp_path, context):
    model = FastClassifier(codebook, context=context).fit(train)
    loaded = FastClassifier.load(tmp_path, codebook, model.save(tmp_path))
    plain = model.scores(train)["motive"]
    assert plain.argmax(axis=1).tolist() == label_codes(train, "motive", codebook).tolist()
    for name, words in AROUND.items():
        changed = train.assign(**{name: words})
        assert (model.scores(changed)["motive"] != plain).any() == (name in context)
        assert (loaded.scores(changed)["motive"] == model.scores(changed)["motive"]).all()
    assert model.unfitted().context == context
