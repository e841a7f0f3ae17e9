import pytest
from conftest import ROOT, write_jsonl_rows

from stance.agreement_tables import agreement_by_axis, agreement_by_label, count_annotators, measure_agreement
from stance.errors import CorpusError


@pytest.fixture(scope="module")
def found(codebook):
    return {name: measure_agreement(ROOT / "data", name, codebook) for name in ("newswire", "own")}


def test_every_table_has_the_numbers_of_the_committed_page(found, codebook):
    page = (ROOT / "data" / "labeled" / "AGREEMENT.md").read_text(encoding="utf-8")
    counts = count_annotators(found)
    assert f"annotator-2 {counts.loc['newswire', 'annotator-2']:,}" in page
    axes = agreement_by_axis(found)
    assert list(axes["axis"]) == ["motive", "stance"] * 2
    for row in axes.to_dict("records"):
        assert f"| {row['agree']:.3f} | {row['kappa']:.2f} [{row['kappa_low']:.2f}, {row['kappa_high']:.2f}] |" in page
    labels = agreement_by_label(found)
    assert list(labels["label"][:9]) == list(codebook.labels("motive"))
    assert {"collection", "axis", "n", "alpha", "alpha_low", "alpha_high"} <= set(labels.columns)


def test_a_collection_without_annotations_is_refused(tmp_path, codebook):
    write_jsonl_rows(tmp_path / "labeled" / "statements" / "own.jsonl", [])
    with pytest.raises(CorpusError):
        measure_agreement(tmp_path, "own", codebook)
