import pytest

from stance.codebook import Codebook
from stance.legend import COLOURS, Legend, motive_tags


def with_labels(codebook, axis, labels, null):
    data = codebook.to_dict()
    each = next(each for each in data["axes"] if each["id"] == axis)
    each["labels"] = [{"id": label, "name": label.title(), "definition": "D"} for label in [*labels, null]]
    each["null_label"] = null
    return Codebook.from_dict(data)


@pytest.mark.parametrize(
    "labels",
    [
        ["direct_talks", "dt", "defence_treaty", "d_t", "dtx"],
        ["a", "b", "a_b", "ab"],
        ["x", *(f"x{n}" for n in range(12))],
    ],
)
def test_no_two_motives_share_a_tag(codebook, labels):
    tags = motive_tags(with_labels(codebook, "motive", labels, "nothing"))
    assert list(tags) == labels
    assert len(set(tags.values())) == len(labels)


def test_tags_are_initials(codebook):
    tags = motive_tags(codebook)
    assert tags["regime_survival"] == "RS"
    assert tags["reunification"] == "RE"
    assert codebook.null_label("motive") not in tags


def test_more_motives_than_colours_begin_anew(codebook):
    legend = Legend.of(with_labels(codebook, "motive", [f"m_{n}" for n in range(COLOURS + 1)], "nothing"))
    colours = [each["colour"] for each in legend.motives.values()]
    assert colours == [*range(1, COLOURS + 1), 1]
    assert legend.motive_name("nothing") == "Nothing"


def test_every_stance_has_a_line_and_the_null_label_its_own(codebook):
    assert {label: each["sign"] for label, each in Legend.of(codebook).stances.items()} == {
        "supportive": "▲",
        "skeptical": "▼",
        "neutral": "●",
    }
    many = Legend.of(with_labels(codebook, "stance", ["a", "b", "c", "d"], "neutral"))
    assert [each["line"] for each in many.stances.values()] == [1, 2, 3, 3, 0]
