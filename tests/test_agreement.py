import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from stance.agreement import agreement, cohen_kappa, krippendorff_alpha, render_agreement
from stance.annotations import Annotation
from stance.errors import CorpusError

LABELS = ("a", "b", "c")


def confusion(first, second):
    counts = np.zeros((len(LABELS), len(LABELS)))
    for x, y in zip(first, second, strict=True):
        counts[LABELS.index(x), LABELS.index(y)] += 1
    return counts


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=60))
def test_kappa_is_that_of_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    if len(set(first) | set(second)) < 2:
        assert np.isnan(cohen_kappa(confusion(first, second)))
        return
    assert np.isclose(cohen_kappa(confusion(first, second)), cohen_kappa_score(first, second))


def test_alpha_is_that_of_the_books_example():
    # Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section B: nominal data, two observers, alpha 0.095
    # for binary data: ten units, observers agree on six.
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    counts = np.zeros((2, 2))
    for x, y in zip(first, second, strict=True):
        counts[x, y] += 1
    assert round(float(krippendorff_alpha(counts)), 3) == 0.095


def test_perfect_and_chance_agreement():
    assert krippendorff_alpha(np.diag([5.0, 5.0])) == cohen_kappa(np.diag([5.0, 5.0])) == 1
    assert cohen_kappa(np.full((2, 2), 5.0)) == 0
    assert np.isnan(krippendorff_alpha(np.array([[4.0, 0], [0, 0]])))


def votes(rows):
    return [Annotation(f"s{i}", name, m, s) for i, row in enumerate(rows) for name, (m, s) in row.items()]


TALKS, TREATY, NONE = ("direct_talks", "supportive"), ("peace_treaty", "skeptical"), ("none", "neutral")


def test_the_pair_that_read_most_is_compared_and_the_third_only_shown(codebook):
    rows = [
        {"x": TALKS, "y": TALKS},
        {"x": NONE, "y": NONE},
        {"x": TREATY, "y": TALKS, "z": NONE},
        {"x": TREATY, "y": TREATY},
        {"x": TREATY},
    ]
    found = agreement(votes(rows), {f"s{i}": f"a{i // 2}" for i in range(5)}, codebook)
    assert found["statements"] == 4
    assert found["read_once"] == 1
    assert found["annotators"] == {"x": 5, "y": 4, "z": 1}
    assert found["axes"]["motive"]["agree"] == 0.75
    assert found["axes"]["motive"]["kappa"]["low"] <= found["axes"]["motive"]["kappa"]["value"]
    (disputed,) = found["disputed"]
    assert disputed["statement_id"] == "s2"
    assert disputed["votes"]["z"] == list(NONE)
    page = render_agreement("own", found, codebook)
    assert "| motive | 0.750 |" in page
    assert "| 4 `peace_treaty` | 0 | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |" in page
    assert "`s2`: x peace_treaty/skeptical; y direct_talks/supportive; z none/neutral" in page


def test_one_annotator_alone_cannot_agree(codebook):
    with pytest.raises(CorpusError, match="no two annotators labeled the same of 1 statements"):
        agreement(votes([{"x": TALKS}]), {"s0": "a"}, codebook)
