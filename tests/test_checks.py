"""Every check thrice: on a run that has its fault, on a sound run, and on a run that cannot show it."""

import json
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from conftest import make_project

from stance.checks import CHECKS, CODES, run_checks
from stance.openings import OPENINGS, count_openings, record_openings
from stance.run_facts import RunFacts
from stance.train import run_experiment

RIGHT = [("direct_talks", "supportive"), ("peace_treaty", "skeptical"), ("none", "neutral")]
TALKS_AS_TREATY = {RIGHT[0]: ("peace_treaty", "supportive"), RIGHT[1]: ("direct_talks", "skeptical")}
CELL = {"value": 0.3, "low": 0.2, "high": 0.4}
METRICS = ["motive_macro_f1", "stance_macro_f1", "joint_accuracy"]


def predicted(codebook, answers=None, *, split="test", prefix="t", collection="news", n=60, proba=0.6, gold=RIGHT):
    """Twelve articles of five statements, each answered right unless ``answers`` maps its labels to others."""
    rows = []
    for at in range(n):
        motive, stance = gold[at % len(gold)]
        said = dict(zip(("motive", "stance"), (answers or {}).get((motive, stance), (motive, stance)), strict=True))
        row = {"statement_id": f"{prefix}{at}", "article_id": f"{prefix}{at // 5}", "collection": collection}
        row |= {"split": split, "batch": "", "start": 0, "end": 5, "motive": motive, "stance": stance}
        row |= {f"predicted_{axis}": label for axis, label in said.items()}
        for axis, label in said.items():
            others = [each for each in codebook.labels(axis) if each != label]
            row |= {f"proba_{axis}_{label}": proba} | {f"proba_{axis}_{o}": (1 - proba) / len(others) for o in others}
            row[f"{axis}_proba"] = proba
        rows.append(row)
    return pd.DataFrame(rows)


def beside(**cells):
    """An evaluation with one baseline, ahead of it by the cells given."""
    headline = dict.fromkeys(METRICS, CELL)
    difference = headline | cells
    return {
        "split": "test",
        "collection": "news",
        "headline": headline,
        "baselines": {"majority": {"headline": headline, "difference": difference}},
    }


@pytest.fixture
def sound(codebook):
    """Facts of a run without fault, of which every check can say so."""
    train = predicted(codebook, split="train", prefix="a")
    # Outlets take turns article by article, so that no word is of one outlet.
    train = train.assign(
        fold=(train.index // 5) % 3, outlet=["The Lamp" if at // 5 % 2 else "Dawn News" for at in train.index]
    )
    test = predicted(codebook)
    ids = [*dict.fromkeys([*train["article_id"], *test["article_id"]])]
    return RunFacts(
        codebook=codebook,
        predictions=test,
        metrics={
            "data": {"collections": [{"name": "news", "statements": 120, "left_out": 0}]},
            "evaluations": [beside()],
        },
        out_of_fold=train.drop(columns=["fold", "outlet"]),
        train=train,
        top_features={"motive": {"direct_talks": [("talks", 1.0)]}},
        texts={id_: "talks " + " ".join(f"{id_}word{at}" for at in range(30)) for id_ in ids},
        openings={"news": 3},
    )


def answer(facts, answers=None, **made):
    return replace(facts, predictions=predicted(facts.codebook, answers, **made))


def without_test(facts):
    return replace(facts, predictions=facts.predictions.assign(split="validation"), metrics={"evaluations": []})


def with_train(facts, **columns):
    return replace(facts, train=facts.train.assign(**columns))


def with_baseline(facts, **cells):
    return replace(facts, metrics=facts.metrics | {"evaluations": [beside(**cells)]})


def swap_columns(facts):
    a, b = "proba_motive_direct_talks", "proba_motive_peace_treaty"
    return replace(facts, predictions=facts.predictions.rename(columns={a: b, b: a}))


def near_copy(facts):
    return replace(facts, texts=facts.texts | {"t0": facts.texts["a0"] + " and some more"})


def lacking_in_a_fold(facts):
    talks = facts.train["motive"] == "direct_talks"
    return with_train(facts, fold=facts.train["fold"].where(~talks, 0))


def one_outlets_word(facts):
    texts = facts.texts | {id_: f"garrison {text}" for id_, text in facts.texts.items() if id_ in {"a1", "a3", "a5"}}
    named = {"motive": {"direct_talks": [("garrison", 1.0)]}}
    outlets = ["The Lamp" if id_ in {"a1", "a3", "a5"} else f"Dawn {id_}" for id_ in facts.train["article_id"]]
    return with_train(replace(facts, texts=texts, top_features=named), outlet=outlets, end=8)


SHIFT = {RIGHT[0]: RIGHT[1]}
FIRES = {
    "ST001": (lambda f: replace(f, predictions=f.predictions.replace({"article_id": {"t3": "a3"}})), "1 tested article(s) also trained (a3)"),
    "ST002": (lambda f: with_train(f, motive=f.train["motive"].replace("direct_talks", "none")), "no trained statement has motive 'direct_talks'"),
    "ST003": (lambda f: answer(f, {RIGHT[0]: RIGHT[1]}), "motive 'direct_talks' (20 statement(s)), stance 'supportive' (20 statement(s))"),
    "ST004": (lambda f: with_baseline(f, joint_accuracy={"value": -0.1, "low": -0.2, "high": 0.1}), "joint_accuracy -0.100 [-0.200, 0.100] against majority"),
    "ST005": (lambda f: with_baseline(f, joint_accuracy={"value": 0.1, "low": -0.1, "high": 0.2}), "joint_accuracy +0.100 [-0.100, 0.200] over majority"),
    "ST006": (lambda f: replace(f, top_features={"stance": {"neutral": [("seoul reuters", 1.0)]}}), "'seoul reuters' is an agency's tag"),
    "ST007": (lambda f: answer(f, SHIFT, proba=0.9), "news motive: mean proba 0.90, accuracy 0.67, gap 0.23"),
    "ST008": (lambda f: replace(f, openings={"news": 20}), "news by 20 runs; the best of so many is expected to look 1.9 standard"),
    "ST009": (swap_columns, "40 predicted motive(s) are not the likeliest; 40 motive_proba"),
    "ST010": (lambda f: answer(f, TALKS_AS_TREATY), "20 of 20 'direct_talks' are predicted 'peace_treaty', 0 right"),
    "ST011": (lambda f: answer(f, n=27), "news: direct_talks 9, peace_treaty 9, none 9, supportive 9"),
    "ST012": (lambda f: answer(f, SHIFT), "news: motive_macro_f1 +0."),
    "ST013": (lambda f: replace(f, metrics={"data": {"collections": [{"name": "news", "statements": 9, "left_out": 4}]}}), "news 4 of 9"),
    "ST014": (lambda f: answer(f, {RIGHT[0]: RIGHT[2], RIGHT[1]: RIGHT[2]}), "100% of 60 test predictions are none/neutral, which 33%"),
}  # fmt: skip

NOT_APPLICABLE = {
    "ST001": (lambda f: replace(f, train=None), "which articles were trained on is not known"),
    "ST002": (without_test, "no test split"),
    "ST003": (without_test, "no test split"),
    "ST004": (without_test, "no test split"),
    "ST005": (without_test, "no test split"),
    "ST006": (lambda f: replace(f, top_features=None), "tells no top features"),
    "ST007": (without_test, "no test split"),
    "ST008": (lambda f: replace(f, openings=None), "no ledger"),
    "ST009": (
        lambda f: replace(f, predictions=f.predictions.drop(columns="proba_motive_none")),
        "no proba of every label",
    ),
    "ST010": (without_test, "no test split"),
    "ST011": (without_test, "no test split"),
    "ST012": (lambda f: replace(f, out_of_fold=None), "no folds"),
    "ST013": (lambda f: replace(f, metrics={}), "do not say"),
    "ST014": (without_test, "no test split"),
}


def outcome(code, facts):
    (found,) = [each for each in run_checks(facts) if each.code == code]
    return found


@pytest.mark.parametrize("code", CODES)
def test_it_fires_with_the_figures_and_advice(code, sound):
    spoil, said = FIRES[code]
    found = outcome(code, spoil(sound))
    assert (found.state, said in found.what) == ("fires", True), found
    assert found.advice.endswith(".")
    assert not found.what.endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_it_does_not_fire_on_a_sound_run(code, sound):
    assert outcome(code, sound).state == "passes", outcome(code, sound)


@pytest.mark.parametrize("code", CODES)
def test_it_says_why_it_is_not_applicable(code, sound):
    spoil, said = NOT_APPLICABLE[code]
    found = outcome(code, spoil(sound))
    assert (found.state, said in found.what) == ("not applicable", True), found


def test_an_interval_does_not_depend_on_the_order_of_rows(sound):
    facts = answer(sound, SHIFT, proba=0.9)
    uneven = [0.6 + 0.4 * (at / len(facts.predictions)) ** 3 for at in range(len(facts.predictions))]
    facts = replace(facts, predictions=facts.predictions.assign(motive_proba=uneven))
    turned = replace(facts, predictions=facts.predictions.iloc[::-1].reset_index(drop=True))
    for seed in range(20):
        said = [outcome("ST007", replace(each, seed=seed)).what for each in (facts, turned)]
        assert said[0] == said[1]


def test_codes_are_in_order_and_every_check_has_its_words():
    assert list(CODES) == [f"ST{n:03d}" for n in range(1, 15)]
    assert len({each.title for each in CHECKS}) == len(CHECKS)


def test_an_outcome_is_plain_data(sound):
    assert json.loads(json.dumps([each.to_dict() for each in run_checks(sound)]))[0] == {
        "code": "ST001",
        "title": "leakage of train into test",
        "state": "passes",
        "severity": "error",
        "what": "",
        "advice": "",
    }


@pytest.mark.parametrize(
    ("code", "spoil", "said"),
    [
        ("ST001", near_copy, "1 tested article(s) are near-copies of trained ones (t0)"),
        ("ST001", lambda f: with_train(f, fold=f.train.index % 3), "12 trained article(s) stand in two folds (a0, a1, a10, ...)"),
        ("ST001", lambda f: replace(f, train=None, splits={"t0": "train"}), "1 tested article(s) also trained (t0)"),
        ("ST002", lacking_in_a_fold, "fold 0 trains without motive 'direct_talks'"),
        ("ST006", one_outlets_word, "'garrison' stands 15 of 15 times in The Lamp"),
        ("ST009", lambda f: replace(f, predictions=f.predictions.assign(predicted_motive="none")), "40 prediction(s) give a stance to no motive"),
        ("ST009", lambda f: replace(f, predictions=f.predictions.assign(stance_proba=0.1)), "60 stance_proba are not"),
    ],
)  # fmt: skip
def test_it_also_fires_on(code, spoil, said, sound):
    assert said in outcome(code, spoil(sound)).what


def test_a_statement_in_the_same_words_is_a_leak_and_a_short_one_is_not(sound):
    for text, state in (("He said that this could not go on any longer.", "fires"), ("He said no.", "passes")):
        train = sound.train.assign(text=[text, *[""] * 59])
        tested = sound.predictions.assign(text=[*[""] * 59, text.upper()])
        facts = replace(sound, train=train, predictions=tested)
        assert outcome("ST001", facts).state == state


def test_leaks_are_not_denied_where_wording_cannot_be_compared(sound):
    found = outcome("ST001", replace(sound, texts=None))
    assert (found.state, "the text of 24 is not here" in found.what) == ("not applicable", True)


def test_a_baseline_that_is_surely_as_good_is_an_error(sound):
    level = {"value": 0.0, "low": 0.0, "high": 0.0}
    assert outcome("ST004", with_baseline(sound, joint_accuracy=level)).severity == "error"
    perhaps = {"value": -0.1, "low": -0.2, "high": 0.1}
    assert outcome("ST004", with_baseline(sound, joint_accuracy=perhaps)).severity == "warning"


def test_a_gain_over_another_run_is_judged_on_the_same_statements(sound):
    rival = sound.predictions.copy()
    rival.loc[0, "predicted_stance"] = "neutral"
    found = outcome("ST005", replace(sound, other=("rival", rival.sample(frac=1, random_state=0))))
    assert "joint_accuracy +0.017 [0.000, 0.050] over rival" in found.what
    assert outcome("ST005", replace(sound, other=("same", sound.predictions))).state == "passes"
    assert outcome("ST005", replace(sound, other=("elsewhere", rival[:5]))).state == "passes"


@pytest.mark.parametrize(("looks", "state"), [(3, "passes"), (4, "fires")])
def test_the_fourth_run_on_a_test_split_is_told(looks, state, sound, tmp_path):
    for run in range(looks):
        record_openings(tmp_path, f"run-{run}", sound.predictions)
        record_openings(tmp_path, f"run-{run}", sound.predictions)  # trained again: the same run
    other = sound.predictions.assign(article_id="x")
    record_openings(tmp_path, "elsewhere", other)
    counts = count_openings(tmp_path, sound.predictions)
    assert counts == {"news": looks}
    assert outcome("ST008", replace(sound, openings=counts)).state == state


def test_a_broken_line_of_the_ledger_is_passed_over(sound, tmp_path):
    assert count_openings(tmp_path, sound.predictions) is None
    (tmp_path / OPENINGS).write_text('{"split_h\n', encoding="utf-8")
    record_openings(tmp_path, "run", sound.predictions)
    assert count_openings(tmp_path, sound.predictions) == {"news": 1}


def test_a_run_that_opened_no_test_split_leaves_no_line(sound, tmp_path):
    record_openings(tmp_path, "run", sound.predictions.assign(split="validation"))
    record_openings(tmp_path, "run", pd.DataFrame())
    assert not (tmp_path / OPENINGS).exists()


def test_runs_that_finish_together_lose_no_line(tmp_path):
    code = (
        "import sys, pandas as pd; from pathlib import Path; from stance.openings import record_openings\n"
        "frame = pd.DataFrame({'article_id': ['a'], 'collection': ['news'], 'split': ['test']})\n"
        "for n in range(50): record_openings(Path(sys.argv[1]), f'{sys.argv[2]}-{n}', frame)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    frame = pd.DataFrame({"article_id": ["a"], "collection": ["news"], "split": ["test"]})
    assert count_openings(tmp_path, frame) == {"news": 150}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_experiment(make_project(tmp_path_factory.mktemp("project")) / "tiny.yaml")


def test_the_command_tells_what_fires_and_lists_all_on_request(stance, run):
    code, out, err = stance("check", run.path)
    assert (code, "ST011 note (test labels with few statements): " in out, "ST001" in out) == (0, True, False)
    assert "of 14 checks fire (0 errors)" in err
    code, out, _ = stance("check", run.path, "--all", "--against", run.path)
    assert "ST001 passes (leakage of train into test)" in out
    assert len(out.splitlines()) == 14


def test_the_command_gives_json_and_exits_3_on_an_error(stance, run, tmp_path):
    rows = [json.loads(line) for line in (run.path / "predictions.jsonl").read_text().splitlines()]
    spoilt = tmp_path / "project" / "run"
    spoilt.mkdir(parents=True)
    for path in run.path.glob("*.*"):
        (spoilt / path.name).write_bytes(path.read_bytes())
    (spoilt / "model").symlink_to(run.path / "model")
    lines = [json.dumps(row | {"predicted_motive": "none", "predicted_stance": "skeptical"}) for row in rows]
    (spoilt / "predictions.jsonl").write_text("\n".join(lines))
    code, out, _ = stance("check", spoilt, "--format", "json")
    assert code == 3
    states = {each["code"]: each["state"] for each in json.loads(out)}
    assert states["ST009"] == "fires"
    assert states["ST001"] == "not applicable"  # away from its project, a run has no article texts
    assert list(states) == list(CODES)


def test_words_of_an_outlet_are_not_judged_where_most_of_what_trained_has_no_text_here(sound):
    few = {id_: text for id_, text in sound.texts.items() if id_ in {"a0", "a1"}}
    facts = replace(sound, texts=few)
    assert outcome("ST006", facts).state == "not applicable"
    assert "of 60 statements that trained is not here" in outcome("ST006", facts).what
