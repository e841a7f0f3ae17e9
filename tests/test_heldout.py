import pandas as pd

from stance.heldout import held_out


def test_held_out_is_validation_and_the_natural_part_of_train_of_the_first_collection_that_is_there():
    rows = [
        ("3", "news", "validation", "n"), ("2", "news", "train", "n"), ("1", "news", "train", "s"),
        ("0", "news", "test", "n"), ("4", "own", "validation", ""),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["statement_id", "collection", "split", "batch"])
    assert list(held_out(frame, ["absent", "news", "own"])["statement_id"]) == ["2", "3"]
    assert list(held_out(frame, ["own", "news"])["statement_id"]) == ["4"]
    assert held_out(frame, ["absent"]).empty
