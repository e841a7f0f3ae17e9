import json
from collections import Counter

import pytest
from conftest import ROOT, write_jsonl_rows

from stance.corpus import COLUMNS, count_labels, load_corpus, load_dataset, texts_folder
from stance.errors import CodebookError, CorpusError
from stance.storage import sha256

DATA = ROOT / "data"


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_labels_are_joined_to_their_text_and_neighbours(project, codebook):
    corpus = load_corpus(project / "data", codebook)
    assert list(corpus.frame.columns) == list(COLUMNS)
    assert len(corpus.frame) == 48
    row = corpus.frame[corpus.frame["statement_id"] == "article-00#1"].iloc[0]
    assert row["text"] == "Talks with Washington are pointless."
    assert row["previous"].startswith("Note 00")
    assert row["outlet"] == "The Lamp"
    assert str(corpus.collections[0]) == "own: 48 of 48 labeled statements have their text"


def test_the_fingerprint_follows_labels_and_text(project, codebook):
    before = load_corpus(project / "data", codebook).fingerprint
    assert load_corpus(project / "data", codebook).fingerprint == before
    path = project / "data" / "labeled" / "own" / "train.jsonl"
    rows = rows_of(path)
    rows[0]["stance"] = "neutral"
    write_jsonl_rows(path, rows)
    assert load_corpus(project / "data", codebook).fingerprint != before


def test_a_span_whose_text_changed_is_left_out_and_named(project, codebook):
    article = project / "data" / "raw" / "own" / "article-03.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("envoy", "consul").replace("treaty", "accord"), encoding="utf-8"
    )
    corpus = load_corpus(project / "data", codebook)
    (state,) = corpus.collections
    assert 0 < state.left_out < 5
    assert "no longer match their hash (first: " in state.reason
    assert "train.jsonl:13)" in state.reason
    assert len(corpus.frame) == 48 - state.left_out


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"motive": "peace"}, CodebookError, "Did you mean 'peace_treaty'?"),
        ({"start": "7"}, CorpusError, "field 'start' must be a whole number, not '7'"),
        ({"statement_id": "article-00#0"}, CorpusError, "stands a second time (first at "),
        ({"sha256": None}, CorpusError, "field 'sha256' must be a string"),
    ],
)
def test_a_malformed_label_is_named_by_file_and_line(project, codebook, change, error, said):
    path = project / "data" / "labeled" / "own" / "train.jsonl"
    rows = rows_of(path)
    rows[4] |= change
    write_jsonl_rows(path, rows)
    with pytest.raises(error) as caught:
        load_corpus(project / "data", codebook)
    assert f"{path}:5: " in str(caught.value)
    assert said in str(caught.value)


def test_an_unknown_collection_and_an_empty_folder_are_refused(project, codebook, tmp_path):
    with pytest.raises(CorpusError, match=r"no collection 'owm'.* Did you mean 'own'"):
        load_corpus(project / "data", codebook, collections=("owm",))
    with pytest.raises(CorpusError, match="holds no labeled collections"):
        load_corpus(tmp_path / "nothing", codebook)


def with_news(project, codebook):
    text = "They want talks. They want a treaty."
    source = {"article_id": "n1", "collection": "news", "file": "wire/articles.jsonl", "outlet": "Wire"}
    write_jsonl_rows(project / "data" / "raw" / "sources.jsonl", [source])
    label = {"statement_id": "x1", "article_id": "n1", "start": 0, "end": 16, "sha256": sha256(text[:16])}
    write_jsonl_rows(
        project / "data" / "labeled" / "news" / "train.jsonl",
        [label | {"motive": "direct_talks", "stance": "supportive"}],
    )
    return {"article_id": "n1", "outlet": "Wire", "text": text}


def test_the_text_of_others_is_resolved_from_a_folder_and_its_absence_is_counted(project, codebook, tmp_path):
    article = with_news(project, codebook)
    absent = load_corpus(project / "data", codebook)
    state = next(c for c in absent.collections if c.name == "news")
    assert (state.statements, state.left_out) == (1, 1)
    assert "--texts DIR, data.texts or STANCE_TEXTS" in str(state)
    texts = tmp_path / "texts"
    write_jsonl_rows(texts / "wire" / "articles.jsonl", [article])
    present = load_corpus(project / "data", codebook, texts=texts)
    assert "They want talks." in set(present.frame["text"])
    assert all(c.left_out == 0 for c in present.collections)


def test_a_missing_own_article_is_said_and_a_damaged_manifest_named(project, codebook):
    (project / "data" / "raw" / "own" / "article-00.md").unlink()
    (state,) = load_corpus(project / "data", codebook).collections
    assert (state.left_out, "restore it from the project" in state.reason) == (4, True)
    with_news(project, codebook)
    sources = project / "data" / "raw" / "sources.jsonl"
    sources.write_text('{"article_id": "n1", "collection": "news"}\n')
    with pytest.raises(CorpusError, match=r"sources\.jsonl:1: field 'file' is missing"):
        load_corpus(project / "data", codebook)
    sources.write_text("")
    with pytest.raises(CorpusError, match="names no source of collection 'news'"):
        load_corpus(project / "data", codebook)


def test_a_folder_of_texts_that_does_not_exist_is_refused(monkeypatch, tmp_path):
    monkeypatch.delenv("STANCE_TEXTS", raising=False)
    assert texts_folder() is None
    monkeypatch.setenv("STANCE_TEXTS", str(tmp_path / "gone"))
    with pytest.raises(CorpusError, match=r"STANCE_TEXTS=.*: no such folder of texts"):
        texts_folder()
    with pytest.raises(CorpusError, match="--texts="):
        texts_folder(tmp_path / "gone")


def test_datasets_have_named_splits_and_class_labels(project, codebook):
    data = load_corpus(project / "data", codebook).to_datasets()
    assert {name: len(split) for name, split in data.items()} == {"train": 32, "validation": 8, "test": 8}
    assert data["train"].features["stance"].names == list(codebook.labels("stance"))


def test_the_projects_own_labels_all_resolve(codebook):
    corpus = load_corpus(DATA, codebook, collections=("own",))
    (state,) = corpus.collections
    assert state.left_out == 0
    assert state.statements >= 700
    counts = count_labels(corpus.frame, codebook)
    assert counts["articles"] >= 40
    assert all(n > 0 for axis in codebook.axes for n in counts[axis].values())


def test_no_article_is_in_two_splits(codebook):
    for collection in ("own", "newswire", "seed"):
        seen = Counter()
        for path in (DATA / "labeled" / collection).glob("*.jsonl"):
            seen.update({row["article_id"] for row in rows_of(path)})
        assert seen
        assert max(seen.values()) == 1


def test_labels_on_the_text_of_others_carry_no_text():
    for collection in ("newswire", "seed"):
        for path in (DATA / "labeled" / collection).glob("*.jsonl"):
            assert all("text" not in row for row in rows_of(path))


@pytest.mark.parametrize("split_by", ["outlet", "date"])
def test_other_schemes_hold_out_only_the_natural_batch(codebook, texts, split_by):
    batch = {row["statement_id"]: row["batch"] for row in rows_of(DATA / "labeled" / "statements" / "newswire.jsonl")}
    frame = load_corpus(DATA, codebook, texts=texts, collections=("newswire",), split_by=split_by).frame
    held_out = frame[frame["split"] != "train"]
    assert set(held_out["statement_id"].map(batch)) == {"n"}
    if split_by == "outlet":
        assert frame[frame["outlet"] != ""].groupby("outlet")["split"].nunique().max() == 1
    else:
        assert held_out["date"].min() >= frame[frame["split"] == "train"]["date"].max()


def test_every_label_on_newswire_and_seed_resolves_by_hash(codebook, texts):
    corpus = load_corpus(DATA, codebook, texts=texts, collections=("newswire", "seed"))
    assert [c.left_out for c in corpus.collections] == [0, 0]


def test_validation_and_test_of_newswire_hold_only_the_natural_batch():
    batch = {row["statement_id"]: row["batch"] for row in rows_of(DATA / "labeled" / "statements" / "newswire.jsonl")}
    for split in ("validation", "test"):
        rows = rows_of(DATA / "labeled" / "newswire" / f"{split}.jsonl")
        assert {batch[row["statement_id"]] for row in rows} == {"n"}


def test_the_seed_article_is_for_testing_alone():
    assert [path.name for path in (DATA / "labeled" / "seed").glob("*.jsonl")] == ["test.jsonl"]


def test_hugging_face_loads_the_card_as_the_files_have_it(tmp_path, codebook):
    import datasets

    for config in ("own", "newswire", "seed"):
        data = datasets.load_dataset(
            str(DATA / "labeled"), config, cache_dir=str(tmp_path), download_mode="force_redownload"
        )
        for split, part in data.items():
            rows = rows_of(DATA / "labeled" / config / f"{split}.jsonl")
            names = part.features["motive"].names
            assert names == list(codebook.labels("motive"))
            assert [row["statement_id"] for row in rows] == list(part["statement_id"])
            assert [row["motive"] for row in rows] == [names[i] for i in part["motive"]]
    assert set(datasets.load_dataset(str(DATA / "labeled"), cache_dir=str(tmp_path))) == {"train", "validation", "test"}


def test_load_dataset_finds_the_data_folder_from_below(monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")
    monkeypatch.delenv("STANCE_TEXTS", raising=False)
    assert len(load_dataset()["train"]) == len(rows_of(DATA / "labeled" / "own" / "train.jsonl"))
    monkeypatch.chdir("/")
    with pytest.raises(CorpusError, match="no such data folder here or above"):
        load_dataset()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"article_id": "n1", "file": "a.jsonl"}], r"sources\.jsonl:1: field 'collection' is missing"),
        ([{"article_id": "n1", "collection": "news", "file": "a.txt"}], r"sources\.jsonl:1: field 'outlet' is missing"),
    ],
)
def test_sources_that_are_malformed_are_named_by_file_and_line(project, codebook, rows, said):
    with_news(project, codebook)
    write_jsonl_rows(project / "data" / "raw" / "sources.jsonl", rows)
    with pytest.raises(CorpusError, match=said):
        load_corpus(project / "data", codebook)


def test_an_own_article_that_is_missing_is_named(project, codebook):
    (project / "data" / "raw" / "own" / "article-03.md").unlink()
    (state,) = load_corpus(project / "data", codebook).collections
    assert state.left_out == 4
    assert "raw/own lacks article-03.md;" in str(state)
