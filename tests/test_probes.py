import json
import re
from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.articles import read_articles
from stance.classifier import TwoAxisClassifier
from stance.codebook import load_codebook
from stance.errors import CodebookError, CorpusError
from stance.probes import KINDS, Probe, ProbeResults, read_probes, run_probes
from stance.storage import read_jsonl

CODEBOOK = load_codebook()
PROBES = sorted((ROOT / "data" / "probes").glob("*.jsonl"))
COPIED = 10  # words in a row that no probe may share with text that is trained on
YES, NO, NONE = ("direct_talks", "supportive"), ("direct_talks", "skeptical"), ("none", "neutral")


def _probe(number, a, b, kind="negation", **other):
    texts = {"text_a": f"They want talks {number}.", "text_b": f"They do not want talks {number}."}
    labels = {"motive_a": a[0], "stance_a": a[1], "motive_b": b[0], "stance_b": b[1]}
    expect = "hold" if a == b else "flip"
    rest = {"id": f"{kind}-{number:03d}", "kind": kind, "expect": expect, "previous": "", "heading": ""}
    return Probe(**(rest | texts | labels | other))


FLIPS = [_probe(n, YES, NO) for n in range(4)]
HOLDS = [_probe(n, YES, YES, kind="voice") for n in range(10, 16)]


class Oracle:
    """Says of every text what it was told, and remembers what it was asked."""

    def __init__(self, probes, change=lambda label: label):
        self.known = {p.text_a: change(p.labels[0]) for p in probes} | {p.text_b: change(p.labels[1]) for p in probes}
        self.asked = []

    def predict_statements(self, texts, previous=None, following=None, headings=None):
        self.asked = list(zip(texts, previous, headings, strict=True))
        return pd.DataFrame([self.known[text] for text in texts], columns=["motive", "stance"])


def test_an_oracle_passes_all():
    found = run_probes(Oracle(FLIPS + HOLDS), FLIPS + HOLDS, CODEBOOK)
    assert found["overall"]["passed"] == found["overall"]["right"] == found["n"] == 10
    assert found["balanced"] == 1
    assert found["failed"] == []
    assert [(each["kind"], each["expect"], each["n"]) for each in found["kinds"]] == [
        ("negation", "flip", 4),
        ("voice", "hold", 6),
    ]


def test_a_constant_predictor_passes_every_hold_and_fails_every_flip():
    found = run_probes(Oracle(FLIPS + HOLDS, lambda _: NONE), FLIPS + HOLDS, CODEBOOK)
    assert (found["hold"]["passed"], found["flip"]["passed"]) == (6, 0)
    assert found["balanced"] == 0.5
    assert found["overall"]["right"] == 0
    assert [each["id"] for each in found["failed"]] == [probe.id for probe in FLIPS]
    assert found["failed"][0] == {
        "id": "negation-000",
        "kind": "negation",
        "expect": "flip",
        "predicted_motive_a": "none",
        "predicted_stance_a": "neutral",
        "predicted_motive_b": "none",
        "predicted_stance_b": "neutral",
    }


def test_swapped_labels_pass_but_are_not_right():
    found = run_probes(Oracle(FLIPS, {YES: NO, NO: YES}.get), FLIPS, CODEBOOK)
    assert (found["flip"]["passed"], found["flip"]["right"]) == (4, 0)
    assert found["hold"]["pass_rate"] == {"value": None, "low": None, "high": None}
    assert found["balanced"] is None


def test_both_statements_are_asked_under_the_same_context():
    probe = _probe(1, YES, NO, previous="It rained.", heading="Talks")
    model = Oracle([probe])
    run_probes(model, [probe], CODEBOOK)
    assert model.asked == [(text, "It rained.", "Talks") for text in (probe.text_a, probe.text_b)]


def test_a_classifier_is_asked_as_a_model_is():
    class Negations(TwoAxisClassifier):
        def unfitted(self):
            return self

        def fit(self, frame, work=None):
            return self

        def save(self, folder):
            return {}

        def scores(self, frame):
            return {"denied": frame["text"].str.contains(" not ").to_numpy()} if list(frame["previous"]) else {}

        def decide(self, scores):
            denied = scores["denied"]
            stance = np.where(denied, "skeptical", "supportive")
            return SimpleNamespace(motive=["direct_talks"] * len(denied), stance=list(stance))

    found = run_probes(Negations(), FLIPS + HOLDS, CODEBOOK)
    assert (found["flip"]["right"], found["hold"]["passed"]) == (4, 0)


def test_the_interval_is_wilsons():
    cell = run_probes(Oracle(FLIPS), FLIPS, CODEBOOK)["flip"]["pass_rate"]
    z, n = 1.959964, 4
    assert np.isclose(cell["low"], 1 / (1 + z**2 / n), atol=1e-5)  # Wilson's lower end where all are passed
    assert cell["high"] == 1


def test_no_probes_are_no_scores():
    found = run_probes(Oracle([]), [], CODEBOOK)
    assert found["n"] == 0
    assert found["kinds"] == found["failed"] == []
    assert len(ProbeResults(found).frame()) == 3
    assert "<svg" in ProbeResults(found)._repr_html_()


def test_labels_of_another_codebook_are_refused():
    with pytest.raises(CodebookError, match="probe negation-001"):
        run_probes(Oracle([]), [_probe(1, ("talks", "supportive"), NO)], CODEBOOK)


LABELS = st.tuples(st.sampled_from(CODEBOOK.labels("motive")[:-1]), st.sampled_from(CODEBOOK.labels("stance")))


@settings(deadline=None)
@given(st.lists(st.tuples(LABELS, LABELS, st.sampled_from(sorted(KINDS)), LABELS, LABELS), max_size=12))
def test_counts_add_up_whatever_is_predicted(rows):
    probes = [_probe(n, a, b, kind) for n, (a, b, kind, _, _) in enumerate(rows)]
    model = Oracle(probes)
    model.known = {
        text: label
        for probe, row in zip(probes, rows, strict=True)
        for text, label in zip((probe.text_a, probe.text_b), row[3:], strict=True)
    }
    found = run_probes(model, probes, CODEBOOK)
    json.dumps(found, allow_nan=False)
    assert found["overall"]["n"] == found["flip"]["n"] + found["hold"]["n"] == sum(k["n"] for k in found["kinds"])
    assert found["overall"]["passed"] + len(found["failed"]) == len(probes)
    for each in [found["flip"], found["hold"], *found["kinds"]]:
        assert each["right"] <= each["passed"] <= each["n"]  # what is right on both behaves as expected
        if each["n"]:
            assert 0 <= each["pass_rate"]["low"] <= each["pass_rate"]["value"] <= each["pass_rate"]["high"] <= 1


def test_the_table_and_the_picture_hold_every_kind():
    results = ProbeResults(run_probes(Oracle(FLIPS + HOLDS), FLIPS + HOLDS, CODEBOOK))
    frame = results.frame()
    assert list(frame["kind"]) == ["all", "all", "all", "negation", "voice"]
    assert {"n", "passed", "pass_rate", "pass_rate_low", "right_rate_high"} <= set(frame.columns)
    assert results.plot() is results
    assert [label.get_text() for label in results.ax_.get_yticklabels()][-1] == "voice, hold (6)"
    assert results._repr_html_() == results._repr_html_()


def _write(path, *probes):
    rows = [each if isinstance(each, dict) else asdict(each) for each in probes]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_probes_are_read_as_they_are_written(tmp_path):
    assert read_probes(_write(tmp_path / "p.jsonl", *FLIPS, *HOLDS), CODEBOOK) == FLIPS + HOLDS


@pytest.mark.parametrize(
    ("broken", "error", "says"),
    [
        (replace(FLIPS[1], motive_b="direct_talk"), CodebookError, "p.jsonl:2: motive 'direct_talk'.*Did you mean"),
        (replace(FLIPS[1], motive_b="none"), CodebookError, "always takes stance 'neutral'"),
        (replace(FLIPS[1], expect="hold"), CorpusError, "p.jsonl:2: expect is 'hold'.*say 'flip'"),
        (replace(FLIPS[1], expect="maybe"), CorpusError, "expect is 'maybe'"),
        (replace(FLIPS[1], id=FLIPS[0].id), CorpusError, "p.jsonl:2: .*second time .first at .*p.jsonl:1"),
        (replace(FLIPS[1], text_b=FLIPS[1].text_a), CorpusError, "equal or blank"),
        (replace(FLIPS[1], text_b=" "), CorpusError, "equal or blank"),
        (replace(FLIPS[1], kind="negations"), CorpusError, "unknown kind.*Did you mean 'negation'"),
        (asdict(FLIPS[1]) | {"heading": None}, CorpusError, "'heading' must be a string"),
        (asdict(FLIPS[1]) | {"note": "x"}, CorpusError, "unknown field 'note'"),
        ({"id": "x"}, CorpusError, "p.jsonl:2: field 'kind' must be a string"),
    ],
)
def test_a_broken_line_is_refused_by_its_place(tmp_path, broken, error, says):
    path = _write(tmp_path / "p.jsonl", FLIPS[0], broken)
    with pytest.raises(error, match=re.compile(says)):
        read_probes(path, CODEBOOK)


def _runs(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + COPIED]) for at in range(len(words) - COPIED + 1)}


@pytest.fixture(scope="module")
def probe_runs():
    if not PROBES:
        pytest.skip("there are no probes yet")
    probes = [probe for path in PROBES for probe in read_probes(path, CODEBOOK)]
    assert len({probe.id for probe in probes}) == len(probes)
    texts = (text for probe in probes for text in (probe.text_a, probe.text_b, probe.previous))
    return {run for text in texts for run in _runs(text)}


def test_no_probe_stands_in_the_projects_own_data(probe_runs):
    labeled = (ROOT / "data" / "labeled").glob("*/*.jsonl")
    texts = [row.get("text", "") for path in labeled for _, row in read_jsonl(path, CorpusError)]
    texts += [article.text for article in read_articles(ROOT / "data" / "raw" / "own")]
    assert not {run for text in texts for run in _runs(text)} & probe_runs


def test_no_probe_stands_in_the_news_of_others(probe_runs, texts):
    for path in sorted((texts / "newswire").glob("*.jsonl")):
        for _, row in read_jsonl(path, CorpusError):
            assert not _runs(row.get("text", "")) & probe_runs, row.get("article_id")
