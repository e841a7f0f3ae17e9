import io
import json
import sys

import pandas as pd
import pytest
from conftest import write_jsonl_rows
from markdown_it import MarkdownIt
from rich.console import Console
from test_paired import CODEBOOK, predictions

import stance
from stance import cli
from stance.compare import compare_runs
from stance.compare_report import render_html, render_markdown, signed
from stance.compare_table import terminal_comparison
from stance.errors import RunError
from stance.runs import load_run

NASTY = "He said <script>alert(1)</script> | *no* [talks](http://evil.example) & `more` [bold]x[/bold] </details>"


def write_run(folder, name, frame, *, config=None, evaluations=None):
    """Write what a comparison reads of a run directory."""
    path = folder / name
    rows = frame.assign(status="ok", joint_proba=0.5).to_dict("records")
    write_jsonl_rows(path / "predictions.jsonl", [{k: v for k, v in row.items() if v is not None} for row in rows])
    named = evaluations or dict.fromkeys(zip(frame["collection"], frame["split"], strict=True))
    collections = [{"name": "own", "statements": 60, "resolved": 60, "left_out": 0, "reason": ""}]
    files = {
        "config.yaml": {"name": name, "data": {"root": "data"}, "model": {"name": "linear_svm.v1"}} | (config or {}),
        "manifest.json": {"format": load_format(), "run": name, "name": name, "seed": 0, "commit": "a" * 40},
        "metrics.json": {
            "data": {"collections": collections},
            "evaluations": [{"collection": c, "split": s} for c, s in named],
        },
        "model/model.json": {"codebook": CODEBOOK.to_dict()},
    }
    for file, content in files.items():
        (path / file).parent.mkdir(parents=True, exist_ok=True)
        (path / file).write_text(json.dumps(content), encoding="utf-8")
    return path


def load_format():
    from stance.runs import FORMAT

    return FORMAT


def both_collections(seed):
    """Own statements, which carry their text, and newswire, which must not."""
    own = predictions(seed).assign(collection="own", split="test", text=NASTY)
    news = predictions(seed + 100).assign(collection="newswire", split="test", text=None)
    news["statement_id"] = "n" + news["statement_id"]
    return pd.concat([own, news], ignore_index=True)


@pytest.fixture
def runs(tmp_path):
    a = write_run(tmp_path, "one-1", both_collections(1))
    return a, write_run(tmp_path, "two-2", both_collections(2), config={"model": {"name": "fast.v1"}})


@pytest.fixture
def command(capfdbinary, monkeypatch):
    """Run ``stance compare`` in this process; gives exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["stance", "compare", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capfdbinary.readouterr()
        return stopped.value.code or 0, out.decode(), err.decode()

    return run


def on_terminal(comparison, width=80):
    console = Console(file=io.StringIO(), width=width)
    console.print(terminal_comparison(comparison.to_dict()))
    return console.file.getvalue()


def test_a_run_against_itself_differs_in_nothing(runs):
    found = stance.compare_runs(runs[0], load_run(runs[0]))
    assert isinstance(found, stance.Comparison)
    assert found.frame()["difference"].eq(0).all()
    assert found.flips().empty
    assert list(found.flips().columns[:4]) == ["collection", "split", "right", "statement_id"]
    assert found.data["differences"] == {"config": [], "data": [], "environment": []}


def test_only_what_differs_is_listed(runs):
    found = compare_runs(*runs).data["differences"]
    assert found["config"] == [
        {"key": "name", "a": "one-1", "b": "two-2"},
        {"key": "model.name", "a": "linear_svm.v1", "b": "fast.v1"},
    ]
    assert not found["data"]
    assert not found["environment"]


def test_frame_has_a_row_for_every_evaluation_and_metric(runs):
    frame = compare_runs(*runs).frame()
    assert list(zip(frame["collection"], frame["metric"], strict=True))[:4] == [
        ("own", "motive_macro_f1"),
        ("own", "stance_macro_f1"),
        ("own", "joint_accuracy"),
        ("newswire", "motive_macro_f1"),
    ]
    assert (frame["difference"] - (frame["b"] - frame["a"])).abs().max() < 2e-6
    assert (frame["low"] <= frame["difference"]).all()
    assert (frame["difference"] <= frame["high"]).all()


def test_the_order_of_rows_in_the_files_does_not_matter(tmp_path, runs):
    shuffled = both_collections(2).sample(frac=1, random_state=0)
    other = write_run(tmp_path, "shuffled", shuffled, evaluations=[("own", "test"), ("newswire", "test")])
    there, back = compare_runs(runs[0], other), compare_runs(other, runs[0])
    assert there.frame()["difference"].equals(compare_runs(*runs).frame()["difference"])
    assert there.frame()["low"].tolist() == pytest.approx((-back.frame()["high"]).tolist(), abs=2e-6)


def test_same_runs_give_the_same_bytes(runs):
    one, again = (compare_runs(*runs) for _ in range(2))
    assert one.to_dict(None) == again.to_dict(None)
    assert render_markdown(one.to_dict()) == render_markdown(again.to_dict())
    assert one._repr_html_() == again._repr_html_()


def test_other_statements_are_refused_with_counts_and_an_example(tmp_path, runs):
    other = write_run(tmp_path, "other", predictions(1).iloc[:50].assign(collection="own", split="test"))
    with pytest.raises(RunError) as caught:
        compare_runs(runs[0], other)
    assert "own test: 10 of 60 statements differ (10 only in A), such as s050" in str(caught.value)
    assert str(caught.value).endswith("Train both on the same data, split alike.")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("column", "value"), [("stance", "neutral"), ("end", 7), ("article_id", "article-99")])
def test_another_gold_label_or_place_is_refused(tmp_path, runs, column, value):
    frame = predictions(1).assign(collection="own", split="test")
    at = frame.index[frame[column] != value][0]
    frame.loc[at, column] = value
    with pytest.raises(RunError, match=rf"1 of 60 statements differ \(1 with another .*such as s{at:03d}"):
        compare_runs(runs[0], write_run(tmp_path, "other", frame))


def test_runs_that_evaluated_nothing_in_common_are_refused(tmp_path, runs):
    other = write_run(tmp_path, "other", predictions(1).assign(collection="own", split="validation"))
    with pytest.raises(RunError, match="share no split to compare: own test: evaluated only by A"):
        compare_runs(runs[0], other)


def test_another_codebook_is_refused(tmp_path, runs):
    plain = CODEBOOK.to_dict()
    plain["axes"][0]["labels"].append({"id": "other_label", "name": "Other", "definition": "."})
    (runs[1] / "model" / "model.json").write_text(json.dumps({"codebook": plain}), encoding="utf-8")
    with pytest.raises(RunError, match="codebooks have different labels"):
        compare_runs(*runs)


def test_what_cannot_be_compared_is_skipped_and_named(tmp_path, runs):
    frame = both_collections(2)
    changed = frame["statement_id"] == "ns003"
    frame.loc[changed, "end"] += 1
    found = compare_runs(runs[0], write_run(tmp_path, "other", frame))
    assert [each["collection"] for each in found.data["evaluations"]] == ["own"]
    reason = "1 of 60 statements differ (1 with another place or gold label), such as ns003"
    assert found.data["skipped"] == [{"collection": "newswire", "split": "test", "reason": reason}]
    for rendered in (render_markdown(found.to_dict()), render_html(found.to_dict()), on_terminal(found, 200)):
        assert f"not compared: newswire test: {reason}" in rendered


def test_a_named_split_is_compared_alone(runs):
    found = compare_runs(*runs, split="newswire:test")
    assert [each["collection"] for each in found.data["evaluations"]] == ["newswire"]
    with pytest.raises(RunError, match="Known: newswire:test, own:test"):
        compare_runs(*runs, split="own:tset")


def test_only_own_texts_are_shown(runs):
    flips = compare_runs(*runs).flips()
    assert flips.loc[flips["collection"] == "own", "text"].eq(NASTY).all()
    assert flips.loc[flips["collection"] == "newswire", "text"].isna().all()
    shown = render_markdown(compare_runs(*runs, split="newswire:test").to_dict())
    assert "belongs to its publisher" in shown
    assert "characters" in shown


def test_markdown_shows_a_text_and_runs_none_of_it(runs):
    shown = render_markdown(compare_runs(*runs).to_dict(flips=2))
    assert r"\<script>alert(1)\</script> \| \*no\* [talks\](http://evil.example) & \`more\`" in shown
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(shown)
    assert "<script" not in html
    assert "evil.example" not in html.replace("http://evil.example) &amp;", "")
    assert html.count("<details>") == html.count("</details>") == 6  # settings, McNemar, and two for each evaluation
    assert html.index("<table>") < html.index("<details>")


def test_markdown_says_how_many_flips_there_are_though_it_shows_fewer(runs):
    found = compare_runs(*runs, split="own:test")
    n = found.data["evaluations"][0]["flips"]["a_right"]["n"]
    assert n > 1
    assert f"**A right, B wrong: {n}** (the 1 most confident)" in render_markdown(found.to_dict(flips=1))


def test_html_is_escaped_and_holds_the_figure(runs):
    html = compare_runs(*runs)._repr_html_()
    assert "<svg" in html
    assert "<script" not in html


@pytest.mark.parametrize("width", [80, 140])
def test_terminal_fits_its_width_and_takes_no_markup_from_a_text(runs, width):
    shown = on_terminal(compare_runs(*runs), width)
    assert max(map(len, shown.splitlines())) <= width
    assert "[bold]x[/bold]" in " ".join(on_terminal(compare_runs(*runs), 400).split())
    assert "--split newswire:test" in shown


def test_plot_returns_itself_and_draws_where_it_is_told(runs):
    from matplotlib.figure import Figure

    found = compare_runs(*runs)
    assert found.plot() is found
    axes = Figure().add_subplot()
    assert found.plot(axes).ax_ is axes
    assert found.figure_ is axes.figure
    assert next(label.get_text() for label in axes.get_yticklabels()) == "own test (60)"


def test_repr_names_the_runs_and_what_to_do_next(runs):
    assert repr(compare_runs(*runs)) == "Comparison(A one-1, B two-2)  # .frame(), .flips(), .plot(), .to_dict()"


def test_a_difference_that_rounds_to_zero_keeps_its_sign():
    assert [signed(value) for value in (0.0004, -0.0004, 0.0, None)] == ["+0.000", "−0.000", "0.000", "–"]


def test_command_prints_a_table(command, runs):
    code, out, _ = command(*runs)
    assert code == 0
    assert "own test, 60 statements of 15 articles" in out
    assert "McNemar" in out


def test_command_writes_json_and_markdown_by_suffix(command, runs, tmp_path):
    assert command(*runs, "--flips", 1, "-o", tmp_path / "x.json")[0] == 0
    data = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert len(data["evaluations"][0]["flips"]["a_right"]["statements"]) == 1
    assert command(*runs, "-o", tmp_path / "x.md")[0] == 0
    assert (tmp_path / "x.md").read_text(encoding="utf-8").startswith("# one-1 (A) against two-2 (B)")
    assert json.loads(command(*runs, "--format", "json")[1])["format"] == 1


def test_command_exits_with_1_for_bad_runs_and_2_for_wrong_use(command, runs, tmp_path):
    code, _, err = command(runs[0], tmp_path / "nosuch")
    assert (code, err.count("\n")) == (1, 1)
    assert "is not a run directory" in err
    assert command(*runs, "--format", "pdf")[0] == 2
    assert command(runs[0])[0] == 2


def test_text_of_others_is_not_written_into_a_run(command, runs, tmp_path):
    code, _, err = command(*runs, "--texts", tmp_path, "-o", runs[1] / "compare.md")
    assert code == 1
    assert "not written into a run directory" in err
    assert not (runs[1] / "compare.md").exists()
