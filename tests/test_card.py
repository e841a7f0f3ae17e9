import json

import pytest
from conftest import ROOT

LABELED = ROOT / "data" / "labeled"


def test_the_croissant_metadata_validates_and_its_records_are_the_files():
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(LABELED / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    records = list(dataset.records("own-test-statements"))
    rows = [json.loads(line) for line in (LABELED / "own" / "test.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(records) == len(rows)
    first = {key.rpartition("/")[2]: value for key, value in records[0].items()}
    assert first["statement_id"].decode() == rows[0]["statement_id"]
    assert first["start"] == rows[0]["start"]


@pytest.mark.parametrize(
    "section", ["How it was made", "Splits", "Agreement", "Known skews", "Use and misuse", "Licence and citation"]
)
def test_the_card_says_what_a_reader_needs(section):
    assert f"\n## {section}" in (LABELED / "README.md").read_text(encoding="utf-8")


def test_the_card_calls_language_models_language_models():
    assert "language models" in (LABELED / "README.md").read_text(encoding="utf-8")
