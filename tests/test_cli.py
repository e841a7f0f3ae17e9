import io
import json
import logging
import os
import shutil
import stat
import subprocess
import sys

import pandas as pd
import pytest
from conftest import make_project, write_jsonl_rows

from stance import cli
from stance.train import run_experiment

ARTICLE = "The envoy wants talks with Washington. A treaty would end the war. It rained in the capital.\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("project"))
    return project, run_experiment(project / "tiny.yaml")


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "piece.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_train_prints_the_run_directory_alone_on_standard_output(stance, tmp_path, monkeypatch):
    project = make_project(tmp_path)
    monkeypatch.chdir(project)
    code, out, err = stance("train", "tiny.yaml", "--set", "seed=3")
    assert code == 0
    assert (project / out.strip() / "report.html").is_file()
    assert out.startswith("experiments/runs/tiny-")
    assert "own test (n=8): motive macro-F1 " in err


def test_predict_shows_a_table_that_names_motives(stance, trained, article):
    code, out, _ = stance("predict", article, "--model", trained[1].path)
    assert code == 0
    assert "piece  3 statements" in out
    assert "Direct talks with the US" in out
    assert "supportive" in out


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_the_format_follows_the_suffix_and_all_hold_the_same(stance, trained, article, tmp_path, suffix):
    target = tmp_path / f"out.{suffix}"
    code, out, err = stance("predict", article, "--model", trained[1].path, "-o", target)
    assert (code, out) == (0, "")
    assert "wrote " in err
    read = {"csv": pd.read_csv, "jsonl": lambda p: pd.read_json(p, lines=True), "parquet": pd.read_parquet}[suffix]
    table = read(target)
    assert list(table["motive"]) == ["direct_talks", "peace_treaty", "none"]
    assert table["motive_proba"].between(0, 1).all()


def test_standard_input_and_output_carry_only_data(stance, trained):
    code, out, err = stance(
        "predict", "-", "--model", trained[1].path, "--format", "jsonl", "--proba", stdin=ARTICLE.encode()
    )
    assert (code, err) == (0, "")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["article_id"] for row in rows] == ["standard-input"] * 3
    assert "proba_motive_none" in rows[0]


def test_statements_come_back_one_for_one(stance, trained, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("id,text,previous\na,They want talks. And a treaty.,Before.\nb,,\n", encoding="utf-8")
    code, out, _ = stance("predict", path, "--unit", "statement", "--model", trained[1].path, "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(row["article_id"], row["text"]) for row in rows] == [("a", "They want talks. And a treaty."), ("b", "")]
    code, out, _ = stance(
        "predict",
        "-",
        "--unit",
        "statement",
        "--model",
        trained[1].path,
        "--format",
        "csv",
        stdin=b'{"text": "They want talks."}\n',
    )
    assert code == 0
    assert out.count("\n") == 2


def write(path, data):
    path.write_bytes(data)
    return path


BAD = {
    "missing": (lambda p: p / "gone.txt", "gone.txt: no such file"),
    "empty": (lambda p: write(p / "e.txt", b""), "e.txt: is empty"),
    "blank": (lambda p: write(p / "b.txt", b" \n\n "), "b.txt: holds nothing but white space"),
    "binary": (lambda p: write(p / "x.txt", b"\x89PNG\x00\x01\x02"), "x.txt: is an image, which is not read"),
    "html": (lambda p: write(p / "h.html", b"<html><body><nav>Menu</nav></body></html>"), "h.html: "),
    "no column": (lambda p: write(p / "c.csv", b"txt,id\nhello,1\n"), "no column 'text'. Did you mean 'txt'?"),
    "json": (lambda p: write(p / "j.jsonl", b"{oops\n"), "j.jsonl:1: not valid JSON"),
    "empty folder": (lambda p: p, "no article file in this directory"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_clear_line_exit_1_and_nothing_half_written(stance, trained, tmp_path, kind):
    (tmp_path / "in").mkdir()
    make, said = BAD[kind]
    target = tmp_path / "out.csv"
    code, out, err = stance("predict", make(tmp_path / "in"), "--model", trained[1].path, "-o", target)
    assert code == 1
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("error: ")
    assert said in err
    assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [("Sign up for our free newsletter\n", 0), ("They want talks with Washington.\n", 1)],
    ids=["clutter", "one"],
)
def test_only_boilerplate_is_no_error_and_one_sentence_is_one_row(stance, trained, tmp_path, text, rows):
    path = write(tmp_path / "a.txt", text.encode())
    code, out, _ = stance("predict", path, "--model", trained[1].path, "--format", "csv")
    assert code == 0
    assert len(out.splitlines()) == 1 + rows
    assert out.startswith("article_id,statement_index,start,end,heading,text,source,motive,")


def test_markup_in_an_id_is_printed_as_it_is(stance, trained, tmp_path):
    path = write(tmp_path / "m.csv", b"id,text\n[/x] [bold]y :smile:,They want talks with Washington.\n")
    code, out, _ = stance("predict", path, "--model", trained[1].path)
    assert (code, "[/x] [bold]y :smile:  1 statements" in out) == (0, True)


def test_a_suffix_that_names_no_format_is_refused(stance, trained, article, tmp_path):
    code, _, err = stance("predict", article, "--model", trained[1].path, "-o", tmp_path / "x.xlsx")
    assert (code, "Known suffixes: .jsonl, .csv, .parquet" in err) == (1, True)
    assert not (tmp_path / "x.xlsx").exists()


def test_an_id_of_zero_is_an_id(stance, trained, tmp_path):
    path = write(tmp_path / "s.jsonl", b'{"id": 0, "text": "They want talks."}\n')
    _, out, _ = stance("predict", path, "--unit", "statement", "--model", trained[1].path, "--format", "jsonl")
    assert json.loads(out)["article_id"] == "0"


def test_a_bad_row_on_standard_input_is_said_to_be_there(stance, trained):
    for rows, said in [
        (b"{oops\n", "error: standard input:1: not valid JSON"),
        (b"", "error: standard input: is empty"),
        (b'{"id": "a"}\n', "error: standard input:1: no field 'text'"),
    ]:
        code, out, err = stance("predict", "-", "--unit", "statement", "--model", trained[1].path, stdin=rows)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert err.startswith(said)


@pytest.mark.parametrize("field", ["text", "id", "previous", "heading"])
def test_half_a_character_in_a_statement_is_named(stance, trained, tmp_path, field):
    path = write(tmp_path / "s.jsonl", json.dumps({"text": "They want talks."} | {field: "\ud800"}).encode())
    code, out, err = stance("predict", path, "--unit", "statement", "--model", trained[1].path)
    assert (code, out) == (1, "")
    assert f"s.jsonl:1: field {field!r} holds half a character" in err


def test_a_folder_to_write_to_must_exist(stance, trained, article, tmp_path):
    code, _, err = stance("predict", article, "--model", trained[1].path, "-o", tmp_path / "no" / "out.csv")
    assert (code, "no such folder to write to" in err) == (1, True)
    assert not (tmp_path / "no").exists()


def test_a_record_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(stance, trained, tmp_path):
    rows = b'{"id":"a","text":"They want talks."}\n{oops\n{"id":"a","text":"y"}\n{"id":"b","sentence":"x"}\n'
    path, target = write(tmp_path / "s.jsonl", rows), tmp_path / "out.jsonl"
    predict = "predict", path, "--unit", "statement", "--model", trained[1].path
    code, _, err = stance(*predict, "-o", target)
    assert (code, len(target.read_text().splitlines())) == (0, 1)
    assert err.endswith("out.jsonl\n3 records set aside in " + str(tmp_path / "out.jsonl.rejected.jsonl") + "\n")
    aside = [json.loads(line) for line in (tmp_path / "out.jsonl.rejected.jsonl").read_text().splitlines()]
    assert [row["where"] for row in aside] == [f"{path}:{line}" for line in (2, 3, 4)]
    assert (aside[1]["id"], aside[1]["reason"]) == ("a", "id 'a' stands a second time")
    assert aside[2]["remedy"] == "Known: id, sentence."
    for shown in (["--format", "jsonl"], []):
        code, out, err = stance(*predict, *shown)
        assert (code, "They want talks." in out) == (0, True)
        assert err.count("set aside: ") == 3
        assert f"set aside: {path}:3: id 'a' stands a second time. Give each statement its own id, or none.\n" in err


def test_where_no_record_can_be_read_the_first_is_named_and_there_is_no_output(stance, trained, tmp_path):
    path = write(tmp_path / "s.jsonl", b"{oops\n{oops\n")
    for options in (["-o", tmp_path / "out.csv"], ["--format", "csv"], []):
        code, out, err = stance("predict", path, "--model", trained[1].path, *options)
        assert (code, out) == (1, "")
        assert f"error: {path}:1: none of 2 records can be read; of the first: not valid JSON" in err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.csv.rejected.jsonl", "s.jsonl"]


def test_standard_input_goes_to_a_file_and_leaves_nothing_else(stance, trained, tmp_path):
    predict = "predict", "-", "--unit", "statement", "--model", trained[1].path, "-o", tmp_path / "out.csv"
    code, _, err = stance(*predict, stdin=b'{"text": "They want talks."}\n')
    assert (code, len((tmp_path / "out.csv").read_text().splitlines())) == (0, 2)
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"], err


def test_parquet_goes_to_standard_output_whole(stance, trained, article, capfdbinary, monkeypatch):
    monkeypatch.setattr(
        sys, "argv", ["stance", "predict", str(article), "--model", str(trained[1].path), "--format", "parquet"]
    )
    with pytest.raises(SystemExit):
        cli.main()
    assert len(pd.read_parquet(io.BytesIO(capfdbinary.readouterr()[0]))) == 3


def test_a_model_that_is_none_and_a_config_with_a_typo_exit_1(stance, tmp_path, article):
    code, _, err = stance("predict", article, "--model", tmp_path)
    assert (code, "is neither a run directory nor a model" in err) == (1, True)
    code, _, err = stance("predict", article, "--model", "fsat")
    assert (code, "no such folder" in err, "fast, accurate" in err) == (1, True, True)
    config = make_project(tmp_path / "p") / "tiny.yaml"
    config.write_text(config.read_text().replace("folds", "flods"))
    code, out, err = stance("train", config)
    assert (code, out) == (1, "")
    assert "unknown key 'flods'. Did you mean 'folds'?" in err
    assert not (tmp_path / "p" / "experiments").exists()


def test_a_report_is_rendered_again_and_with_texts_only_elsewhere(stance, trained, tmp_path):
    run = trained[1]
    before = (run.path / "report.html").read_bytes()
    assert stance("report", run.path)[0] == 0
    assert (run.path / "report.html").read_bytes() == before
    code, _, err = stance("report", run.path, "--texts", tmp_path)
    assert (code, "-o FILE.html" in err) == (1, True)
    assert stance("report", run.path, "-o", tmp_path / "r.md")[0] == 0
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# ")


def test_what_the_package_logs_is_a_note_for_people(stance, trained, article, monkeypatch):
    def reads(_):
        logging.getLogger("stance").warning("%s: read as windows-1252", article)
        return []

    monkeypatch.setattr("stance.batches.each_article", reads)
    _, _, err = stance("predict", article, "--model", trained[1].path)
    assert err.count(f"note: {article}: read as windows-1252\n") == 1


def test_wrong_use_exits_2_and_an_interrupt_130(stance, monkeypatch, trained, article):
    assert stance("predict")[0] == 2
    assert stance("predict", article, "--unit", "word")[0] == 2
    assert stance("predict", article, "--unit", "statement", "--details")[0] == 2
    monkeypatch.setattr("stance.predict.load_model", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert stance("predict", article, "--model", trained[1].path)[0] == 130


def test_help_names_every_command_and_does_not_import_scikit_learn():
    code = (
        "import sys; sys.argv=['stance','--help']; import stance.cli\ntry: stance.cli.main()\nexcept SystemExit: pass\n"
    )
    code += "assert 'sklearn' not in sys.modules and 'pandas' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in ("train", "report", "predict", "codebook", "data"))


def test_the_data_commands_report_on_a_project(stance, tmp_path, monkeypatch):
    project = make_project(tmp_path)
    monkeypatch.chdir(project)
    monkeypatch.delenv("STANCE_TEXTS", raising=False)
    code, out, _ = stance("data", "stats", "--figure", "balance.svg")
    assert (code, "| direct_talks | 12 | 12 | 0 | 24 |" in out, (project / "balance.svg").is_file()) == (0, True, True)
    assert stance("data", "fetch")[0] == 2  # no folder named
    code, _, err = stance("data", "build")
    assert (code, "to build from" in err) == (1, True)
    (project / "data" / "labeled" / "annotations").mkdir()
    assert stance("data", "agreement")[0] == 0


def test_the_codebook_command_renders_the_page(stance, tmp_path):
    code, out, _ = stance("codebook")
    assert (code, out.startswith("# Codebook v3")) == (0, True)
    assert stance("codebook", tmp_path / "none.yaml")[0] == 1


def test_train_with_seeds_prints_the_directory_that_sums_them_up(stance, tmp_path, monkeypatch):
    project = make_project(tmp_path)
    monkeypatch.chdir(project)
    code, out, err = stance("train", "tiny.yaml", "--seeds", 2)
    assert code == 0
    assert (project / out.strip() / "seeds.md").is_file()
    assert "own test (n=8): motive macro-F1 " in err
    assert " ± " in err
    assert stance("train", "tiny.yaml", "--seeds", 0)[0] == 2


def test_tune_prints_options_that_train_takes(stance, tmp_path, monkeypatch):
    project = make_project(tmp_path)
    monkeypatch.chdir(project)
    code, out, err = stance(
        "tune", "tiny.yaml", "--set", "search={space: {model.c: [0.5, 2], model.class_weight: [balanced, null]}}"
    )
    assert code == 0
    assert out.startswith("--set model.c=")
    assert "search.md" in err
    assert stance("train", "tiny.yaml", *out.split())[0] == 0
    code, out, err = stance("tune", "tiny.yaml")
    assert (code, out) == (1, "")
    assert "error: tiny.yaml: has no section search" in err


def test_an_interrupt_ends_with_exit_code_130(stance, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    project = make_project(tmp_path)
    monkeypatch.setattr("stance.search.fit_experiment", interrupt)
    code, out, _ = stance("tune", project / "tiny.yaml", "--set", "search={space: {model.c: [0.5, 2]}}")
    assert (code, out) == (130, "")


@pytest.mark.parametrize("command", [("report",), ("annotate", "queue")])
def test_text_of_others_goes_into_no_run_directory(stance, trained, tmp_path, command):
    inside = trained[1].path / "mine.html"
    code, _, err = stance(*command, trained[1].path, "--texts", tmp_path, "-o", inside)
    assert (code, err.count("\n"), inside.exists()) == (1, 1, False)
    assert "not written into a run directory" in err


def test_a_report_is_a_page_or_markdown(stance, trained, tmp_path):
    code, _, err = stance("report", trained[1].path, "-o", tmp_path / "page.pdf")
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "written as .md or .html, not .pdf" in err
    assert stance("report", trained[1].path, "-o", "-")[1].startswith("# Run report: tiny")


def test_a_report_says_how_much_text_is_not_here(stance, trained, tmp_path):
    (trained[1].path / "predictions.jsonl").rename(tmp_path / "kept")
    rows = [json.loads(line) for line in (tmp_path / "kept").read_text(encoding="utf-8").splitlines()]
    del rows[0]["text"]
    away = tmp_path / "away"  # a run that left its project, so that no corpus is found
    shutil.copytree(trained[1].path, away)
    write_jsonl_rows(away / "predictions.jsonl", rows)
    (tmp_path / "kept").rename(trained[1].path / "predictions.jsonl")
    err = stance("report", away, "--texts", tmp_path, "-o", tmp_path / "page.md")[2]
    assert "note: the text of 1 of 16 predicted statements is not here" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_written_to_and_stays_one(stance, trained, tmp_path):
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    assert stance("report", trained[1].path, "-o", pipe)[0] == 0
    assert reader.communicate()[0].startswith(b"# Run report: tiny")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_training_names_the_checks_that_fire_and_where_to_read_on(stance, tmp_path, monkeypatch):
    monkeypatch.chdir(make_project(tmp_path))
    _, out, err = stance("train", "tiny.yaml")
    assert "ST005 warning (gains within noise): own: " in err
    assert f"what to do about these: stance check {out.strip()}\n" in err


def test_what_the_machine_refuses_is_one_line(stance, trained, monkeypatch):
    def refuse(path, _):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("stance.storage.write_text", refuse)
    code, _, err = stance("report", trained[1].path)
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith(f"error: {trained[1].path / 'report.md'}: Permission denied. ")
