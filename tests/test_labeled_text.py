import json

import pytest
from conftest import write_jsonl_rows

from stance.errors import StanceError
from stance.labeled_config import HubSplit, LabeledDataConfig
from stance.labeled_text import read_labeled_text

TRAIN = [
    {"text": "Talks will help.", "target": "talks", "label": "pro"},
    {"text": "Talks will fail.", "target": "talks", "label": "con"},
    {"text": "A treaty was read.", "target": "treaty", "label": "neutral"},
]
TEST = [{"text": "Talks may help.", "target": "talks", "label": "pro"}]


@pytest.fixture
def read(tmp_path):
    def _read(train=TRAIN, test=TEST, **config):
        write_jsonl_rows(tmp_path / "train.jsonl", train)
        write_jsonl_rows(tmp_path / "test.jsonl", test)
        named = {"train": "train.jsonl", "test": "test.jsonl", "target": "target"} | config
        return read_labeled_text(LabeledDataConfig(**named), [tmp_path])

    return _read


def test_rows_are_read_in_order_with_an_id_and_labels_sorted(read):
    data = read()
    assert data.labels == ["con", "neutral", "pro"]
    assert list(data.splits) == ["train", "test"]
    assert list(data.splits["train"]["id"]) == ["train-1", "train-2", "train-3"]
    assert list(data.splits["train"]["text"]) == [row["text"] for row in TRAIN]
    assert data.notes == []


def test_without_a_target_column_targets_are_empty(read):
    assert set(read(target=None).splits["train"]["target"]) == {""}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_format_and_any_column_names_give_the_same_rows(read, tmp_path, kind):
    import pandas as pd

    table = pd.DataFrame(TRAIN).rename(columns={"text": "body", "label": "side"})
    table.to_csv(tmp_path / "t.csv", index=False) if kind == "csv" else table.to_parquet(tmp_path / "t.parquet")
    (tmp_path / "e.csv").write_text("side;body;target\npro;Talks may help.;talks\n", encoding="utf-8")
    columns = {"text": "body", "label": "side", "target": "target"}
    data = read_labeled_text(LabeledDataConfig(train=f"t.{kind}", test="e.csv", **columns), [tmp_path])
    assert data.fingerprint == read().fingerprint


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A folder that the datasets library reads as it reads a dataset on the hub; its labels are numbers with names."""
    import datasets

    features = datasets.Features(
        text=datasets.Value("string"),
        target=datasets.Value("string"),
        label=datasets.ClassLabel(names=["con", "neutral", "pro"]),
    )
    splits = {"train": TRAIN, "test": TEST}
    made = {name: datasets.Dataset.from_list(rows, features=features) for name, rows in splits.items()}
    for name, dataset in made.items():
        dataset.to_parquet(tmp_path / "hub" / f"{name}-00000-of-00001.parquet")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    return str(tmp_path / "hub")


def test_a_hugging_face_dataset_is_read_by_split_with_the_names_of_its_labels(read, hub):
    sources = {split: HubSplit(dataset=hub, split=split) for split in ("train", "test")}
    data = read_labeled_text(LabeledDataConfig(**sources, target="target"), [])
    assert data.fingerprint == read().fingerprint


def test_a_split_that_a_hugging_face_dataset_lacks_is_refused_in_one_line(read, hub):
    with pytest.raises(StanceError, match=r"\(dev\): cannot be loaded: ValueError") as caught:
        read(validation=HubSplit(dataset=hub, split="dev"))
    assert "\n" not in str(caught.value)


def test_numbers_are_labels_too(read):
    rows = [row | {"label": number} for number, row in enumerate(TRAIN)]
    assert read(rows, [TEST[0] | {"label": 1}]).labels == ["0", "1", "2"]


def test_train_rows_whose_text_is_tested_are_dropped_counted_and_said(read):
    data = read([*TRAIN, {"text": "talks MAY help", "target": "other", "label": "con"}])
    assert len(data.splits["train"]) == 3
    assert data.notes == ["train: rows dropped, because their text also stands in test: 1"]


def test_pairs_in_conflict_are_counted_and_kept(read):
    data = read([*TRAIN, TRAIN[0] | {"label": "con"}, TRAIN[0] | {"label": "neutral"}, TRAIN[1]])
    assert len(data.splits["train"]) == 6
    assert data.notes == ["train: pairs of text and target under conflicting labels, all rows kept: 1"]
    assert read([*TRAIN, TRAIN[0] | {"target": "other", "label": "con"}]).notes == []


NAN = float("nan")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": ""}, "train.jsonl:4: the text is empty (column 'text'). Mend or remove that row."),
        ({"text": " \n"}, "train.jsonl:4: the text is empty"),
        ({"text": NAN}, "train.jsonl:4: the text is missing (nan in column 'text')"),
        ({"text": "NaN"}, "train.jsonl:4: the text is missing ('NaN' in column 'text')"),
        ({"text": None}, "train.jsonl:4: the text is missing (None in column 'text')"),
        ({"text": 5}, "train.jsonl:4: the text is no string: 5"),
        ({"text": "\ud800"}, "train.jsonl:4: field 'text' holds half a character"),
        ({"target": ""}, "train.jsonl:4: the target is empty"),
        ({"label": NAN}, "train.jsonl:4: the label is missing"),
        ({"label": ["pro"]}, "train.jsonl:4: the label is no string: ['pro']"),
        ({"label": 0.5}, "train.jsonl:4: the label is no string: 0.5"),
    ],
)
def test_a_row_that_cannot_be_learned_from_is_refused_with_its_place(read, tmp_path, row, said):
    config = LabeledDataConfig(train="train.jsonl", test="test.jsonl", target="target")
    write_jsonl_rows(tmp_path / "test.jsonl", TEST)
    lines = [json.dumps(each) for each in [*TRAIN, TRAIN[0] | row]]  # escaped, so that half a character can be written
    (tmp_path / "train.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(StanceError) as caught:
        read_labeled_text(config, [tmp_path])
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "config", "said"),
    [
        ({}, {"label": "labels"}, "no column 'labels', which data.label names. Did you mean 'label'?"),
        ({}, {"target": "topic"}, "no column 'topic', which data.target names"),
        ({}, {"text": "body"}, "no column 'body', which data.text names"),
        ({}, {"validation": "absent.jsonl"}, "no file 'absent.jsonl' in the texts folder or beside the config"),
        ({"train": []}, {}, "train.jsonl: is empty"),
        ({"train": TRAIN[:1]}, {}, "train has 1 label(s) to learn from, and two are needed"),
        ({"test": [TEST[0] | {"label": "prO"}]}, {}, "test.jsonl:1: label 'prO' stands in no train row"),
        ({"train": [row | {"i": 1} for row in TRAIN]}, {"id": "i"}, "train.jsonl:2: id '1' stands twice"),
    ],
)
def test_data_that_do_not_fit_are_refused_in_one_line(read, rows, config, said):
    with pytest.raises(StanceError) as caught:
        read(**rows, **config)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_broken_parquet_file_is_refused_in_one_line(read, tmp_path):
    (tmp_path / "broken.parquet").write_bytes(b"no parquet")
    with pytest.raises(StanceError, match="is no Parquet file") as caught:
        read(validation="broken.parquet")
    assert "\n" not in str(caught.value)
