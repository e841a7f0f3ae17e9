import os

import pytest

from stance.errors import ArticleError
from stance.listing import list_files


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.pdf", "2017/a.txt", "2017/c.html", ".hidden.txt", ".git/d.txt", "e.jsonl", "f.png", "g"):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("It began.")
    return tmp_path


def test_a_folder_is_all_below_it_but_for_what_is_hidden(tree, caplog):
    listed = [
        ("news/a.txt", "a.txt"),
        ("news/b.pdf", "b"),
        ("news/2017/a.txt", "2017/a.txt"),
        ("news/2017/c.html", "c"),
    ]
    assert list_files(["news"]) == listed
    assert "news: left out files of other kinds (1 .jsonl, 1 .png, 1 without suffix)" in caplog.text


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("news/**/*.txt", ["news/2017/a.txt", "news/a.txt"]),
        ("news/*/a.*", ["news/2017/a.txt"]),
        ("*/?.p[dn]*", ["news/b.pdf", "news/f.png"]),
    ],
)
def test_patterns_are_expanded(tree, pattern, files):
    assert [path for path, _ in list_files([pattern])] == files


def test_a_file_that_looks_like_a_pattern_is_itself(tree):
    (tree / "a[1].txt").write_text("It began.")
    assert list_files(["a[1].txt"]) == [("a[1].txt", "a[1]")]


def test_ids_of_addresses_and_packed_files():
    urls = ["https://a.example/news/quay.html?x=1", "https://b.example/quay", "https://c.example/", "-", "x/y.jsonl.gz"]
    ids = [id_ for _, id_ in list_files(urls)]
    assert ids == ["a.example/news/quay.html?x=1", "b.example/quay", "c.example", "standard-input", "y"]


def test_errors_stand_where_files_would(tree):
    (tree / "empty").mkdir()
    (tree / "empty" / "x.png").write_text("")
    (_, first), (_, second), third = list_files(["empty", "no/*.txt", "news/b.pdf"])
    assert str(first).startswith("empty: no article file in this directory. Known kinds: .")
    assert str(second) == "no/*.txt: no file matches this pattern. Check it."
    assert third == ("news/b.pdf", "b")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_said_to_be(tree):
    (tree / "news" / "2017").chmod(0)
    assert any(isinstance(id_, ArticleError) for _, id_ in list_files(["news"]))
