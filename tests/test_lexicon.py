import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError
from stance.lexicon import LexiconCounts, load_lexicon

TERMS = {"negation": ["no", "no longer", "don't"], "refusal": ["doubt*", "turned down"], "hedge": ["so-called"]}


def counts(text):
    """Terms of each category in a text."""
    columns = LexiconCounts(TERMS)._columns([text])[0]
    assert (columns[:3] == (columns[3:] > 0)).all()
    return dict(zip(TERMS, np.expm1(columns[3:]).round().astype(int).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No, and no again.", (2, 0, 0)),
        ("It is no longer so.", (1, 0, 0)),
        ("I don’t know; don't ask.", (2, 0, 0)),
        ("Nobody noted the north.", (0, 0, 0)),
        ("He doubted what was beyond doubt.", (0, 2, 0)),
        ("They turned  down the so-called deal.", (0, 1, 1)),
        ("", (0, 0, 0)),
    ],
)
def test_terms_are_counted_as_whole_words(text, expected):
    assert tuple(counts(text).values()) == expected


def test_a_text_has_length_1_on_average():
    texts = ["No.", "He doubted it, no doubt.", "The so-called deal."]
    matrix = LexiconCounts(TERMS).fit(texts).transform(texts)
    assert matrix.multiply(matrix).sum(axis=1).mean() == pytest.approx(1)


def test_a_category_never_met_in_training_stays_finite():
    fitted = LexiconCounts(TERMS).fit(["It rained."])
    assert np.isfinite(fitted.transform(["No doubt."]).toarray()).all()
    assert fitted.transform([]).shape == (0, 6)


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1))
def test_any_text_can_be_counted(texts):
    lexicon = {name: list(terms) for name, terms in load_lexicon().categories.items()}
    matrix = LexiconCounts(lexicon).fit(texts).transform(texts).toarray()
    assert matrix.shape == (len(texts), 2 * len(lexicon))
    assert np.isfinite(matrix).all()


def test_the_english_lexicon_finds_what_each_category_is_for():
    lexicon = load_lexicon()
    counter = LexiconCounts({name: list(terms) for name, terms in lexicon.categories.items()})
    for category, text in {
        "hedge": "It is perhaps so.",
        "negation": "They won't come.",
        "contrast": "Yet the talks went on.",
        "attribution": "Analysts warned of it.",
        "condition": "Unless it stops, nothing moves.",
        "refusal": "Pyongyang ruled out a deal.",
        "agreement": "Both sides agreed.",
    }.items():
        assert counter._columns([text])[0][list(lexicon.categories).index(category)] == 1, category
    assert all(30 <= len(terms) <= 70 for terms in lexicon.categories.values())


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("[]", "hedge needs terms"),
        ("[may, may]", "each of them once"),
        ("[May]", "a term is lower-case words parted by single blanks, not 'May'"),
        ("['a  b']", "not 'a  b'"),
        ("[no]\n  x: 3", "valid tuple"),
    ],
)
def test_a_malformed_lexicon_is_refused_with_its_line(tmp_path, terms, said):
    path = tmp_path / "lexicon.yaml"
    path.write_text(f"name: x\nversion: '1'\nlicense: CC0\ncategories:\n  hedge: {terms}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"lexicon\.yaml:\d") as caught:
        load_lexicon(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
