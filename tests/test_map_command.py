import io
import json

import pandas as pd
import pytest

TEXT = (
    "SEOUL — The envoy said the North wants direct talks with Washington. "
    "Pyongyang keeps its bombs because it fears an invasion, an analyst said. It rained in the capital.\n"
)


@pytest.fixture
def stance(stance_bytes):
    return stance_bytes  # pictures go to standard output too


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "talks.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_an_article_gives_a_chart(stance, article):
    code, out, _ = stance("map", article)
    assert code == 0
    assert "skeptical │ supportive" in out.decode()
    assert "3 statements of 1 article" in out.decode()


def test_a_table_gives_the_map_of_the_articles_it_was_made_of(stance, article, tmp_path):
    for name in ("rows.parquet", "rows.csv", "rows.jsonl"):
        assert stance("predict", article, "--details", "-o", tmp_path / name)[0] == 0
        assert stance("map", tmp_path / name, "--format", "json")[1] == stance("map", article, "--format", "json")[1]


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".svg", b"<svg"), (".png", b"\x89PNG"), (".json", b"{"), (".csv", b"motive,name"), (".graphml", b"<?xml")],
)
def test_the_suffix_names_the_format(stance, article, tmp_path, suffix, start):
    path = tmp_path / f"map{suffix}"
    assert stance("map", article, "-o", path)[0] == 0
    assert path.read_bytes().startswith(start)


def test_groups(stance, article, tmp_path):
    code, out, _ = stance("map", article, "--by", "source", "--format", "json")
    assert code == 0
    assert [group["source"] for group in json.loads(out)["groups"]]
    assert stance("map", article, "--by", "article")[1].decode().startswith("talks")
    code, out, _ = stance("map", article, "--by", "outlet", "--format", "csv")
    assert set(pd.read_csv(io.BytesIO(out))["outlet"]) == {"(not known)"}
    code, out, _ = stance("map", article, "--format", "table", "--by", "source")
    assert code == 0


def test_an_event_list_and_networks(stance, article):
    assert stance("map", article, "--format", "dna")[1].startswith(b'"statement ID";"time"')
    for how in ("congruence", "conflict", "subtract"):
        assert stance("map", article, "--format", "graphml", "--network", how, "--abstained")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "map.pdf"], "suffix '.pdf'"),
        (["--by", "year", "--format", "dna"], "Leave --by out"),
        (["--network", "conflict"], "Give --format graphml"),
        (["--abstained"], "Leave it out"),
    ],
)
def test_what_does_not_go_together_is_one_line(stance, article, arguments, said):
    code, _, err = stance("map", article, *arguments)
    assert code == 1
    assert said in err
    assert err.count("\n") == 1


def test_an_article_given_twice_is_not_counted_twice(stance, article, tmp_path):
    stance("predict", article, "--details", "-o", tmp_path / "rows.parquet")
    code, _, err = stance("map", article, tmp_path / "rows.parquet")
    assert code == 1
    assert "twice" in err


def test_predictions_under_another_codebook_are_refused(stance, article, tmp_path):
    stance("predict", article, "--details", "-o", tmp_path / "rows.csv")
    table = pd.read_csv(tmp_path / "rows.csv").assign(motive="oil")
    table.to_csv(tmp_path / "other.csv", index=False)
    code, _, err = stance("map", tmp_path / "other.csv")
    assert code == 1
    assert "oil" in err


def test_a_missing_file_is_one_line(stance, tmp_path):
    code, _, err = stance("map", tmp_path / "absent.txt")
    assert code == 1
    assert err.count("\n") == 1
