import pytest
from conftest import write_jsonl_rows

from stance import batches
from stance.articles import Article
from stance.batches import Batch, cut

ROWS = [{"id": f"a{n}", "text": f"They want talks number {n}."} for n in range(10)]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(batches, "RECORDS", 3)


@pytest.fixture
def file(tmp_path):
    write_jsonl_rows(tmp_path / "rows.jsonl", ROWS)
    return str(tmp_path / "rows.jsonl")


def ids(batch):
    return [each.id if isinstance(each, Article) else each["id"] for each in batch.records]


@pytest.mark.parametrize("unit", ["article", "statement"])
def test_a_collection_is_cut_in_order_and_can_be_entered_at_any_batch(small, file, unit):
    whole = list(cut([file], unit))
    assert [ids(batch) for batch in whole] == [["a0", "a1", "a2"], ["a3", "a4", "a5"], ["a6", "a7", "a8"], ["a9"]]
    assert [batch.first for batch in whole] == [0, 3, 6, 9]
    for done in range(5):
        assert list(cut([file], unit, skip=sum(batch.read for batch in whole[:done]))) == whole[done:]


def test_long_texts_fill_a_batch_sooner(file, monkeypatch):
    monkeypatch.setattr(batches, "CHARACTERS", 40)
    assert [len(batch.records) for batch in cut([file], "statement")] == [2] * 5


def test_what_cannot_be_read_is_set_aside_where_it_stands(small, tmp_path):
    lines = ['{"id": "a", "text": "x"}', "{oops", '{"id": "a", "text": "y"}', '{"text": "z"}', '{"text": "z"}']
    path = tmp_path / "s.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = cut([str(path)], "statement")
    assert (ids(first), ids(second), second.first) == (["a"], ["", ""], 1)
    assert [(each.where, each.id) for each in first.rejected] == [(f"{path}:2", ""), (f"{path}:3", "a")]
    assert "Give each statement its own id, or none." in str(first.rejected[1].error())


def test_an_id_that_stood_in_a_part_passed_over_still_counts(small, tmp_path):
    write_jsonl_rows(tmp_path / "s.jsonl", [*ROWS[:3], ROWS[0]])
    (rest,) = cut([str(tmp_path / "s.jsonl")], "statement", skip=3)
    assert rest == Batch(3, [], rest.rejected)
    assert rest.rejected[0].id == "a0"
