import pytest
from conftest import ROOT, write_jsonl_rows

from stance.annotations import (
    Annotation,
    agreed,
    consensus,
    read_all_annotations,
    read_annotations,
    read_revisions,
    revise,
)
from stance.errors import CodebookError, CorpusError
from stance.storage import read_jsonl


def vote(annotator, motive, stance="supportive"):
    return Annotation("s1", annotator, motive, stance)


def test_most_annotators_decide_each_axis(codebook):
    votes = [vote("a", "direct_talks"), vote("b", "direct_talks", "neutral"), vote("c", "peace_treaty", "neutral")]
    assert consensus(votes, codebook) == {"s1": ("direct_talks", "neutral")}


def test_a_tie_goes_to_the_last_annotator(codebook):
    votes = [vote("a", "direct_talks"), vote("b", "peace_treaty"), vote("c", "us_withdrawal", "skeptical")]
    assert consensus(votes, codebook) == {"s1": ("us_withdrawal", "supportive")}


def test_no_motive_always_takes_a_neutral_stance(codebook):
    votes = [vote("a", "none", "neutral"), vote("b", "direct_talks"), vote("c", "none", "neutral")]
    assert consensus([*votes, vote("d", "direct_talks"), vote("e", "none", "neutral")], codebook)["s1"] == (
        "none",
        "neutral",
    )


def test_an_unknown_label_a_missing_field_and_a_second_vote_are_named_by_line(codebook, tmp_path):
    good = {"statement_id": "s1", "annotator": "a", "motive": "none", "stance": "neutral"}
    path = tmp_path / "a.jsonl"
    write_jsonl_rows(path, [good, good | {"annotator": "b", "motive": "non"}])
    with pytest.raises(CodebookError, match=r"a\.jsonl:2: motive 'non' is not in codebook"):
        read_annotations(path, codebook)
    write_jsonl_rows(path, [good, {"statement_id": "s2"}])
    with pytest.raises(CorpusError, match=r"a\.jsonl:2: field 'annotator' is missing"):
        read_annotations(path, codebook)
    write_jsonl_rows(path, [good, good])
    with pytest.raises(CorpusError, match=r"a\.jsonl:2: a labels s1 a second time \(first at .*a\.jsonl:1\)"):
        read_annotations(path, codebook)
    path.write_text("{oops\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"a\.jsonl:1: not valid JSON"):
        read_annotations(path, codebook)


def test_a_revision_outweighs_the_votes_and_must_name_its_ruling(codebook, tmp_path):
    path = tmp_path / "revisions.jsonl"
    assert read_revisions(path, codebook) == {}
    row = {"statement_id": "s1", "motive": "none", "stance": "neutral", "by": "x", "ruling": "Questions"}
    write_jsonl_rows(path, [row])
    before = {"s1": ("direct_talks", "neutral"), "s2": ("none", "neutral")}
    assert revise(before, read_revisions(path, codebook)) == before | {"s1": ("none", "neutral")}
    write_jsonl_rows(path, [row | {"ruling": "Whim"}])
    with pytest.raises(CorpusError, match=r"revisions\.jsonl:1: ruling 'Whim' is not in codebook"):
        read_revisions(path, codebook)
    write_jsonl_rows(path, [row, row])
    with pytest.raises(CorpusError, match=r"revisions\.jsonl:2: 's1' is revised twice"):
        read_revisions(path, codebook)


@pytest.mark.parametrize("collection", ["own", "newswire", "seed"])
def test_every_statement_of_the_project_is_annotated_and_every_annotation_has_its_statement(codebook, collection):
    labeled = ROOT / "data" / "labeled"
    agreed = consensus(read_annotations(labeled / "annotations" / f"{collection}.jsonl", codebook), codebook)
    statements = {
        row["statement_id"] for _, row in read_jsonl(labeled / "statements" / f"{collection}.jsonl", CorpusError)
    }
    assert statements == set(agreed)


def test_annotators_agree_when_both_labels_are_the_same_for_all():
    def votes(id_, *pairs):
        return [Annotation(id_, f"a{n}", *pair) for n, pair in enumerate(pairs)]

    alike, apart = ("direct_talks", "supportive"), ("direct_talks", "skeptical")
    given_ = votes("x", alike, alike) + votes("y", alike, apart, alike) + votes("z", alike)
    assert agreed(given_) == {"x": True, "y": False, "z": None}


def test_single_readings_have_no_agreement(codebook):
    votes = read_annotations(ROOT / "data" / "labeled" / "annotations" / "seed.jsonl", codebook)
    assert set(agreed(votes).values()) == {None}


def test_annotations_of_collections_are_read_where_there_are_any(tmp_path, codebook):
    rows = [{"statement_id": "s1", "annotator": who, "motive": "none", "stance": "neutral"} for who in ("one", "two")]
    write_jsonl_rows(tmp_path / "labeled" / "annotations" / "news.jsonl", rows)
    assert [each.annotator for each in read_all_annotations(tmp_path, ["other", "news"], codebook)] == ["one", "two"]
    assert read_all_annotations(tmp_path, ["other"], codebook) == []
