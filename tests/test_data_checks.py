import json

import pytest
from conftest import ROOT, write_jsonl_rows
from test_build import unbuilt  # noqa: F401 - a fixture

from stance.build import build_labeled
from stance.data_checks import CODES, check_data


@pytest.fixture
def data(unbuilt, codebook):  # noqa: F811
    for path in (unbuilt / "raw" / "own").glob("*.md"):
        front = "title: T\noutlet: O\ndate: 2017-01-01\nlicence: CC-BY-4.0\n---\n\n"
        path.write_text(path.read_text(encoding="utf-8").replace("---\n\n", front, 1), encoding="utf-8")
    build_labeled(unbuilt, codebook, None)
    return unbuilt


def errors(data, codebook):
    return [finding for finding in check_data(data, codebook) if finding.severity == "error"]


def rewrite(path, change):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    write_jsonl_rows(path, change(rows))


def test_sound_data_has_no_errors_and_few_statements_are_only_a_warning(data, codebook):
    assert errors(data, codebook) == []
    warnings = check_data(data, codebook)
    assert {finding.code for finding in warnings} == {"SD010"}
    assert "reunification" in " ".join(finding.what for finding in warnings)


BROKEN = {
    "SD001": lambda d: (d / "labeled/statements/own.jsonl").open("a").write("{oops\n"),
    "SD002": lambda d: rewrite(
        d / "labeled/statements/own.jsonl", lambda r: [r[0] | {"start": r[0]["start"] + 2}, *r[1:]]
    ),
    "SD003": lambda d: rewrite(d / "labeled/annotations/own.jsonl", lambda r: r[2:]),
    "SD004": lambda d: rewrite(d / "labeled/annotations/own.jsonl", lambda r: [*r, r[-1]]),
    "SD005": lambda d: rewrite(d / "labeled/annotations/own.jsonl", lambda r: [*r[:-1], r[-1] | {"motive": "peace"}]),
    "SD006": lambda d: (d / "raw/own/empty.md").write_text("---\nid: empty\n"),
    "SD011": lambda d: rewrite(d / "labeled/own/train.jsonl", lambda r: [r[0] | {"motive": "reunification"}, *r[1:]]),
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_defect_is_found_with_its_place_and_nothing_else_is_lost(data, codebook, code):
    BROKEN[code](data)
    found = errors(data, codebook)
    assert {finding.code for finding in found} == {code}, found
    assert all(finding.where and finding.advice for finding in found)
    assert len(found) <= 2


def test_two_articles_with_one_id_are_found(data, codebook):
    body = (data / "raw/own/a01.md").read_text(encoding="utf-8")
    (data / "raw/own/z.md").write_text(body, encoding="utf-8")
    (found,) = errors(data, codebook)
    assert (found.code, "article id 'a01' is also that of" in found.what) == ("SD004", True)


def leak(data, text):
    """Put one text into a train and a test article, as spans and articles have it."""
    splits = json.loads((data / "labeled/splits.json").read_text())
    for split in ("train", "test"):
        name = next(name for name, its in splits.items() if its == split)
        path = data / "raw/own" / f"{name}.md"
        path.write_text(path.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")


def test_near_duplicates_in_two_splits_and_shared_frames_are_found(data, codebook):
    leak(data, " ".join(f"word{i}" for i in range(60)))
    assert {"SD007", "SD009"} == {finding.code for finding in errors(data, codebook)}


def test_every_code_is_explained():
    assert {f"SD{i:03d}" for i in range(1, 12)} == set(CODES)


def test_the_projects_own_data_has_no_error(codebook):
    assert [str(finding) for finding in errors(ROOT / "data", codebook)] == []


def test_all_labeled_data_has_no_error(codebook, texts):
    assert [str(finding) for finding in check_data(ROOT / "data", codebook, texts) if finding.severity == "error"] == []
