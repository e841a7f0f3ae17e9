import json

import pytest
from conftest import ROOT, make_project, write_jsonl_rows

from stance.build import build_labeled
from stance.corpus import OWN, load_corpus
from stance.errors import CorpusError
from stance.storage import sha256

TOWNS = ["Amber", "Birch", "Cedar", "Dahlia", "Elm", "Fern", "Gorse", "Hazel", "Iris", "Juniper"]


@pytest.fixture
def unbuilt(tmp_path):
    """Thirty articles of three statements in a world of their own wording, annotated but not built."""
    data = make_project(tmp_path) / "data"
    for path in [*data.rglob("*.md"), *(data / "labeled" / "own").iterdir()]:
        path.unlink()
    kinds = [("direct_talks", "supportive"), ("peace_treaty", "skeptical"), ("none", "neutral")]
    spans, votes = [], []
    for number in range(30):
        name = f"a{number:02d}"
        sentences = [f"In {TOWNS[number % 10]} street {number} they said thing {number}{kind}." for kind in "xyz"]
        body = "\n\n".join(sentences)
        (data / "raw" / "own" / f"{name}.md").write_text(f"---\nid: {name}\n---\n\n{body}\n", encoding="utf-8")
        for at, (text, (motive, stance)) in enumerate(zip(sentences, kinds, strict=True)):
            start = body.index(text)
            id_ = f"{name}#{at}"
            spans.append(
                {
                    "statement_id": id_,
                    "article_id": name,
                    "start": start,
                    "end": start + len(text),
                    "sha256": sha256(text),
                }
            )
            votes += [{"statement_id": id_, "annotator": a, "motive": motive, "stance": stance} for a in ("a1", "a2")]
    write_jsonl_rows(data / "labeled" / "statements" / "own.jsonl", spans)
    write_jsonl_rows(data / "labeled" / "annotations" / "own.jsonl", votes)
    return data


def files(data):
    return {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def test_building_makes_splits_files_and_card_and_building_again_the_same_bytes(unbuilt, codebook):
    (line,) = build_labeled(unbuilt, codebook, None)
    assert line.startswith("own: 90 of 90 statements in splits (train ")
    first = files(unbuilt)
    assert {
        "labeled/own/train.jsonl",
        "labeled/own/test.jsonl",
        "labeled/README.md",
        "labeled/splits.json",
    } <= first.keys()
    build_labeled(unbuilt, codebook, None)
    assert files(unbuilt) == first
    corpus = load_corpus(unbuilt, codebook)
    assert len(corpus.frame) == 90
    assert corpus.frame.groupby("article_id")["split"].nunique().eq(1).all()


def test_an_article_keeps_its_split_when_others_come(unbuilt, codebook):
    build_labeled(unbuilt, codebook, None)
    before = json.loads((unbuilt / "labeled" / "splits.json").read_text())
    twin = next(name for name, split in before.items() if split == "test")
    body = (unbuilt / "raw" / "own" / f"{twin}.md").read_text(encoding="utf-8").replace(f"id: {twin}", "id: copy")
    (unbuilt / "raw" / "own" / "copy.md").write_text(body, encoding="utf-8")
    for kind in ("statements", "annotations"):
        path = unbuilt / "labeled" / kind / "own.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        rows += [
            json.loads(json.dumps(row).replace(f'"{twin}', '"copy'))
            for row in rows
            if row["statement_id"].startswith(twin)
        ]
        write_jsonl_rows(path, rows)
    build_labeled(unbuilt, codebook, None)
    after = json.loads((unbuilt / "labeled" / "splits.json").read_text())
    assert {name: after[name] for name in before} == before
    assert after["copy"] == "test"  # the near-duplicate of a test article must not train


def test_the_cards_prose_stays_when_its_front_matter_is_renewed(unbuilt, codebook):
    build_labeled(unbuilt, codebook, None)
    card = unbuilt / "labeled" / "README.md"
    card.write_text(card.read_text() + "# About\n\nWords of ours.\n")
    build_labeled(unbuilt, codebook, None)
    assert card.read_text().endswith("# About\n\nWords of ours.\n")
    assert card.read_text().startswith("---\npretty_name: ")


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        (
            "statements",
            lambda row: row | {"start": row["start"] + 1},
            "statements/own.jsonl:1: the span of 'a00#0' does not match its hash",
        ),
        (
            "statements",
            lambda row: row | {"statement_id": "zz"},
            "statements/own.jsonl:1: statement 'zz' has no annotation",
        ),
        ("annotations", lambda row: {"annotator": "x"}, "annotations/own.jsonl:1: field 'statement_id' is missing"),
    ],
)
def test_a_broken_input_is_named_and_nothing_is_built(unbuilt, codebook, file, change, said):
    path = unbuilt / "labeled" / file / "own.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    write_jsonl_rows(path, [change(rows[0]), *rows[1:]])
    with pytest.raises(CorpusError) as caught:
        build_labeled(unbuilt, codebook, None)
    assert said in str(caught.value)
    assert not (unbuilt / "labeled" / "splits.json").exists()


def test_a_new_article_without_its_text_is_named(unbuilt, codebook):
    (unbuilt / "raw" / "own" / "a07.md").unlink()
    with pytest.raises(CorpusError, match="article 'a07' has no split yet, and its text is not there"):
        build_labeled(unbuilt, codebook, None)


def test_the_committed_files_are_what_is_built_from_their_sources(tmp_path, codebook, texts):
    import shutil

    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "labeled" / OWN)
    build_labeled(tmp_path / "data", codebook, texts)
    assert files(tmp_path / "data") == files(ROOT / "data")
