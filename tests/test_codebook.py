import copy

import pytest
from conftest import ROOT

from stance.codebook import Codebook, load_codebook, render_codebook
from stance.errors import CodebookError


def test_the_codebook_has_its_axes_labels_and_target(codebook):
    assert codebook.axes == ("motive", "stance")
    assert codebook.labels("stance") == ("supportive", "skeptical", "neutral")
    assert codebook.labels("motive")[0] == "negotiating_leverage"
    assert codebook.labels("motive")[-1] == codebook.null_label("motive") == "none"
    assert len(codebook.labels("motive")) == 9
    assert codebook.axis("stance").target.startswith("the regime pursues this aim")
    assert len(codebook.rulings) == 33
    assert all(ruling.reason and ruling.example for ruling in codebook.rulings[11:])


def test_it_survives_a_round_trip_as_plain_data(codebook):
    assert Codebook.from_dict(codebook.to_dict()) == codebook


def test_the_annotators_page_is_rendered_from_it_and_holds_everything(codebook):
    page = render_codebook(codebook)
    assert (ROOT / "data" / "labeled" / "CODEBOOK.md").read_text(encoding="utf-8") == page
    for axis in codebook.definitions:
        for label in axis.labels:
            assert f"`{label.id}`" in page
            assert label.definition in page
            assert all(cue in page for cue in label.cues)
        assert all(note in page for note in axis.notes)
    for ruling in codebook.rulings:
        assert all(part in page for part in (ruling.title, ruling.text, ruling.reason, ruling.example))


@pytest.mark.parametrize(
    ("motive", "stance", "said"),
    [
        ("peace_treety", "neutral", "Did you mean 'peace_treaty'?"),
        ("direct_talks", "sceptical", "Did you mean 'skeptical'?"),
        ("none", "supportive", "motive 'none' always takes stance 'neutral'"),
    ],
)
def test_a_label_outside_the_codebook_is_refused_with_its_place(codebook, motive, stance, said):
    with pytest.raises(CodebookError) as caught:
        codebook.check(motive, stance, "labels.jsonl:7")
    assert str(caught.value).startswith("labels.jsonl:7: ")
    assert said in str(caught.value)


def mutated(codebook, change):
    data = copy.deepcopy(codebook.to_dict())
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda d: d["axes"][0]["labels"].append(d["axes"][0]["labels"][0]),
            "declares label 'negotiating_leverage' twice",
        ),
        (lambda d: d["axes"][0].update(null_label="nothing"), "null_label 'nothing' is not one of its labels"),
        (lambda d: d["axes"].reverse(), "axes must be motive, then stance"),
        (lambda d: d["axes"][1].update(target=""), "needs a target"),
        (
            lambda d: d["axes"][0]["labels"][0].update(definitoin="x"),
            "unknown key 'definitoin'. Did you mean 'definition'?",
        ),
        (lambda d: d["axes"][0]["labels"][0].update(id="Two Words"), "axes.0.labels.0.id"),
        (lambda d: d["rulings"].append(d["rulings"][0]), "two rulings share an id"),
    ],
)
def test_a_malformed_codebook_is_refused(codebook, change, said):
    with pytest.raises(CodebookError) as caught:
        Codebook.from_dict(mutated(codebook, change))
    assert said in str(caught.value)


def test_another_codebook_can_be_swapped_in(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(
        "name: other\nversion: '1'\ntitle: T\nunit: U\naxes:\n"
        "  - {id: motive, question: Q, instructions: I, null_label: nil, labels: [{id: power, name: P, definition: D},"
        " {id: nil, name: N, definition: D}]}\n"
        "  - {id: stance, question: Q, instructions: I, target: T, null_label: flat, labels: [{id: pro, name: P, definition: D},"
        " {id: flat, name: F, definition: D}]}\n",
        encoding="utf-8",
    )
    assert load_codebook(path).labels("motive") == ("power", "nil")


def test_a_missing_or_broken_file_is_named_with_its_line(tmp_path):
    with pytest.raises(CodebookError, match=r"none\.yaml: no such file"):
        load_codebook(tmp_path / "none.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: x\naxes: [\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"broken\.yaml:3:1: not valid YAML"):
        load_codebook(broken)
