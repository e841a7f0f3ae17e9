import copy
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from stance.codebook import load_codebook
from stance.evaluation import evaluate
from stance.render import escape_markdown, render_html, render_markdown
from stance.report import build_report

CODEBOOK = load_codebook()
NASTY = "He said <script>alert(1)</script> | *no* [talks](http://evil.example) & `more` </blockquote> _now_"


def _frame(collection, split, n, articles, seed):
    rng = np.random.default_rng(seed)
    motives = [label for label in CODEBOOK.labels("motive") if label != "reunification"]  # a label that the split lacks
    frame = pd.DataFrame({"statement_id": [f"{collection}-{split}-{i}" for i in range(n)]})
    frame["article_id"] = [f"{collection}-{i % articles:02d}" for i in range(n)]
    frame["collection"], frame["split"], frame["status"] = (
        collection,
        split,
        rng.choice(["ok", "abstain"], n, p=[0.9, 0.1]),
    )
    for axis, labels in (("motive", motives), ("stance", CODEBOOK.labels("stance"))):
        frame[axis] = rng.choice(labels, n)
        frame[f"predicted_{axis}"] = np.where(rng.random(n) < 0.7, frame[axis], rng.choice(labels, n))
        frame[f"{axis}_proba"] = rng.uniform(0.4, 1, n)
    for prefix in ("", "predicted_"):  # no motive, no stance
        frame.loc[frame[f"{prefix}motive"] == "none", f"{prefix}stance"] = "neutral"
    frame["start"] = np.arange(n) * 100
    frame["end"] = frame["start"] + 80
    return frame


def _evaluation(frame):
    baselines = {"majority": frame.assign(predicted_motive="none", predicted_stance="neutral")}
    return {
        "collection": frame["collection"].iloc[0],
        "split": frame["split"].iloc[0],
        **evaluate(frame, CODEBOOK, baselines=baselines),
    }


FRAMES = [
    _frame("newswire", "test", 120, 30, 0),
    _frame("own", "test", 40, 3, 1),
    _frame("newswire", "validation", 60, 20, 2),
]
PART = {
    "statements": 500,
    "articles": 90,
    "collections": {"newswire": 500},
    "motive": {"none": 77},
    "stance": {"neutral": 90},
}
RUN = SimpleNamespace(
    path=Path("/somewhere/private/default-1a2b3c4d"),
    config={"name": "default", "seed": 13, "features": [{"kind": "words.v1", "ngram_range": [1, 2]}]},
    manifest={
        "name": "default",
        "description": "A <b>plain</b> model.",
        "run": "default-1a2b3c4d",
        "seed": 13,
        "commit": "4b825dc",
        "dirty": True,
        "created": "2026-11-20T10:12:00+00:00",
        "duration_seconds": 72.4,
        "versions": {"python": "3.11.7"},
        "data_fingerprint": "sha256:5e88",
        "split_hash": "9f2c",
        "codebook": {"name": "north-korea", "version": "2"},
    },
    metrics={
        "format": 2,
        "data": {
            "collections": [
                {"name": "own", "statements": 40, "resolved": 40, "left_out": 0, "reason": ""},
                {"name": "newswire", "statements": 300, "resolved": 180, "left_out": 120, "reason": "fetch | it"},
            ],
            "train": PART,
            "validation": PART,
            "evaluated": {**PART, "statements": 1},
            "splits": {"hash": "9f2c"},
        },
        "evaluations": [_evaluation(frame) for frame in FRAMES],
    },
    outcomes=[],
    predictions=pd.concat(FRAMES, ignore_index=True),
    codebook=CODEBOOK,
)


def _wrong(frame):
    return frame[(frame["motive"] != frame["predicted_motive"]) | (frame["stance"] != frame["predicted_stance"])]


TEXTS = dict.fromkeys(_wrong(FRAMES[1])["statement_id"].iloc[:3], NASTY)


def build(run, texts=None):
    frame = pd.DataFrame([{"statement_id": id_, "text": text} for id_, text in (texts or {}).items()])
    return build_report(run, frame.set_index("statement_id") if texts else None).data


REPORT = build(RUN, TEXTS)
HTML, MARKDOWN = render_html(REPORT), render_markdown(REPORT)
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Elements with their attributes, text, and whatever was opened but not closed in order."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.text = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]


def _with(**changes):
    """The run, changed: ``metrics`` and ``manifest`` are deep copies, safe to change further."""
    run = SimpleNamespace(**{**vars(RUN), "metrics": copy.deepcopy(RUN.metrics), "manifest": dict(RUN.manifest)})
    return SimpleNamespace(**{**vars(run), **changes})


def test_report_is_json_and_both_renderings_are_equal_from_run_to_run():
    assert json.loads(json.dumps(REPORT, allow_nan=False)) == REPORT
    assert render_html(build(RUN, TEXTS)) == HTML
    assert render_markdown(json.loads(json.dumps(REPORT))) == MARKDOWN


def test_verdict_is_built_from_the_headline_numbers():
    score = RUN.metrics["evaluations"][0]["headline"]["motive_macro_f1"]
    expected = f"motive macro-F1 {score['value']:.2f} [{score['low']:.2f}, {score['high']:.2f}] (majority 0."
    assert "On 120 statements of 30 articles (newswire test)" in REPORT["verdict"]
    assert expected in REPORT["verdict"]
    assert REPORT["verdict"] in MARKDOWN
    assert REPORT["verdict"] in "".join(Page(HTML).text)


def test_page_is_well_formed_and_in_order():
    page = Page(HTML)
    assert not page.open
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["aria-labelledby"] for attrs in page.all("section")} <= set(ids)


def test_page_asks_for_nothing_from_outside_and_runs_nothing():
    page = Page(HTML)
    assert not page.all("link", "img", "iframe", "object", "embed", "base")
    assert all(attrs["href"].startswith("#") for attrs in page.all("a"))
    assert page.all("script") == [{}]
    for tag, attrs in page.elements:
        for name, value in attrs.items():
            assert not name.startswith("on"), (tag, name)
            outside = name in {"src", "href", "srcset", "data", "action", "xlink:href"} and not (
                value or ""
            ).startswith("#")
            assert not outside, (tag, name, value)
            assert name.startswith("xmlns") or "//" not in (value or ""), (tag, name, value)
    style = re.search(r"<style>(.*?)</style>", HTML, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_page_can_be_read_without_eyes():
    page = Page(HTML)
    assert page.all("html") == [{"lang": "en"}]
    assert all("scope" in attrs for attrs in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    figures = [attrs for attrs in page.all("div") if attrs.get("role") == "img"]
    assert len(figures) == len(page.all("svg"))
    assert sum("Confusion matrix" in attrs["aria-label"] for attrs in figures) == len(CODEBOOK.axes)
    assert all(len(attrs["aria-label"]) > 30 for attrs in figures)


def test_texts_are_escaped_in_the_page():
    assert NASTY in "".join(Page(HTML).text)
    assert HTML.count("<script") == 1
    assert "<script>alert" not in HTML
    assert "A <b>plain</b> model." in "".join(Page(HTML).text)


def test_texts_stay_text_in_markdown():
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(MARKDOWN)
    assert "alert(1)" in rendered
    assert "<script" not in rendered
    assert "<a " not in rendered
    assert NASTY in "".join(Page(rendered.replace("<hr />", "")).text)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
@settings(max_examples=300, deadline=None)
def test_any_text_survives_a_markdown_table(text):
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(
        f"| a | b |\n|---|---|\n| x {escape_markdown(text)} x | y |\n"
    )
    cells = re.findall(r"<td>(.*?)</td>", rendered, re.DOTALL)
    assert " ".join("".join(Page(cells[0]).text).split()) == " ".join(f"x {text} x".split())
    assert "<" not in cells[0]


def test_markdown_tables_have_as_many_cells_as_columns():
    for table in re.findall(r"(?:^\|.*\n)+", MARKDOWN, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


@pytest.mark.parametrize("rendered", [HTML, MARKDOWN], ids=["html", "markdown"])
def test_sections_come_in_order(rendered):
    heads = [
        "Scores",
        "Data",
        "label by label",
        "Calibration",
        "Statements that teach most",
        "How the run was made",
        "How to reproduce",
    ]
    places = [re.search(rf"(?:^## |<h2[^>]*>).*{head}", rendered, re.MULTILINE).start() for head in heads]
    assert places == sorted(places)


@pytest.mark.parametrize("rendered", [HTML, MARKDOWN], ids=["html", "markdown"])
def test_no_machine_path_is_shown(rendered):
    assert "/somewhere" not in rendered
    assert "default-1a2b3c4d" in rendered


def test_labels_that_cannot_be_judged_are_flagged():
    run = _with()
    rows = run.metrics["evaluations"][0]["axes"]["motive"]["labels"]
    for row, n in zip(rows, (9, 10), strict=False):
        row["n"] = n
    labels = build(run)["axes"][0]["labels"]
    notes = {row["label"]: row["note"] for row in labels}
    assert [row["note"] for row in labels[:2]] == ["too few to judge", ""]
    assert notes["reunification"] == "not in this split"
    assert {row["label"]: row["n_train"] for row in labels}["none"] == 77


def test_lead_is_over_the_best_baseline_of_each_metric():
    run = _with()
    cell = {"value": 0.9, "low": 0.8, "high": 0.95}
    weak = run.metrics["evaluations"][0]["baselines"]["majority"]
    strong = copy.deepcopy(weak)
    strong["headline"]["joint_accuracy"] = cell
    strong["difference"]["joint_accuracy"] = {"value": -0.2, "low": -0.3, "high": -0.1}
    weak["headline"]["motive_macro_f1"] = cell
    weak["difference"]["motive_macro_f1"] = {"value": 0.02, "low": -0.01, "high": 0.05}
    run.metrics["evaluations"][0]["baselines"]["keyword"] = strong
    motive, _, joint = build(run)["evaluations"][0]["leads"]
    assert (motive["baseline"], motive["finding"]) == ("majority", "no clear difference")
    assert (joint["baseline"], joint["finding"]) == ("keyword", "worse")


def test_no_finding_is_claimed_from_a_handful_of_articles():
    newswire, own, _ = REPORT["evaluations"]
    assert {lead["finding"] for lead in newswire["leads"]} == {"better"}
    assert {lead["finding"] for lead in own["leads"]} == {"too few articles"}
    assert "40 statements of 3 articles, too few articles to trust the intervals" in MARKDOWN


def test_data_left_out_is_a_warning():
    assert "120 statements of 340 could not be used" in MARKDOWN
    assert "120 statements of 340 could not be used" in HTML
    run = _with()
    run.metrics["data"]["collections"] = run.metrics["data"]["collections"][:1]
    assert "could not be used" not in render_markdown(build(run)) + render_html(build(run))


def test_examples_with_a_text_come_first_and_none_is_shown_twice():
    examples = REPORT["errors"]["examples"]
    sure = [each for each in examples if each["reason"] == "sure and wrong"]
    assert [each["text"] for each in sure[:4]] == [NASTY] * 3 + [None]
    proba = [max(answer["proba"] for answer in each["answers"] if not answer["right"]) for each in sure]
    assert proba[:3] == sorted(proba[:3], reverse=True)
    assert proba[3:] == sorted(proba[3:], reverse=True)
    ids = [each["statement_id"] for each in examples]
    assert len(ids) == len(set(ids))
    assert re.fullmatch(r"(newswire|own)-\d\d, characters \d+–\d+", examples[-1]["reference"])
    tests = pd.concat(FRAMES[:2])
    assert (REPORT["errors"]["wrong"], REPORT["errors"]["statements"]) == (len(_wrong(tests)), len(tests))


def test_text_that_may_not_be_shown_is_not_shown():
    assert "belongs to its publisher" in MARKDOWN
    assert NASTY[:7] not in render_markdown(build(RUN))


def test_a_run_without_errors_shows_right_examples_alone():
    frame = RUN.predictions.assign(
        predicted_motive=RUN.predictions["motive"], predicted_stance=RUN.predictions["stance"]
    )
    report = build(_with(predictions=frame))
    assert report["errors"]["wrong"] == 0
    assert {example["outcome"] for example in report["errors"]["examples"]} == {"right"}


@pytest.mark.parametrize("frame", [RUN.predictions[:0], pd.DataFrame()], ids=["columns", "nothing"])
def test_a_run_that_evaluated_nothing_still_has_a_report(frame):
    for evaluations in ([], [{"collection": "own", "split": "test", **evaluate(RUN.predictions[:0], CODEBOOK)}]):
        run = _with(metrics={"evaluations": evaluations}, manifest={}, config={}, predictions=frame)
        report = build(run)
        assert Page(render_html(report)).all("h1")
        assert report["title"] in render_markdown(report)
        assert "evaluate" in report["verdict"]


def test_reproduction_says_what_the_commit_cannot_give():
    assert "git checkout 4b825dc" in MARKDOWN
    assert "uncommitted changes" in REPORT["reproduce"]["note"]
    clean = build(_with(manifest={**RUN.manifest, "dirty": False}))
    assert clean["reproduce"]["note"] == ""
    assert clean["made"]["uncommitted changes"] == "no"


def test_config_is_shown_as_yaml():
    from ruamel.yaml import YAML

    assert YAML(typ="safe").load(REPORT["config"]) == RUN.config


def test_counted_parts_of_the_data_are_listed():
    assert "- train: 500 statements of 90 articles (newswire 500)" in MARKDOWN
    assert "- evaluated: 1 statement of 90 articles" in MARKDOWN
    assert "Train: 500 statements of 90 articles" in "".join(Page(HTML).text)


DECISION = {
    "abstain_below": 0.7, "chosen_on": "newswire validation (60)", "aim": 0.9, "precision": 0.85, "missed_by": 0.05,
    "kept": 30, "statements": 60,
}  # fmt: skip


def _with_reliability(**decision):
    run = _with()
    each = {"calibration": {axis: {"before": 0.3, "after": 0.1} for axis in CODEBOOK.axes}}
    each["risk_coverage"] = {"coverage": [0.5, 1.0], "risk": [0.25, 0.5], "aurc": 0.375}
    run.metrics["evaluations"][0] |= each
    run.metrics |= {"decision": {**DECISION, **decision}, "out_of_fold": {"n_statements": 500, **each}}
    return build(run)


def test_abstention_and_calibration_are_told_and_drawn():
    report = _with_reliability()
    html, markdown = render_html(report), render_markdown(report)
    for rendered in ("".join(Page(html).text), markdown):
        assert "below 0.700" in rendered
        assert "aim of 90% was missed by 5.0 points" in rendered
        assert "out-of-fold" in rendered
    figures = [attrs for attrs in Page(html).all("div") if attrs.get("role") == "img"]
    assert any("Risk against coverage" in attrs["aria-label"] for attrs in figures)
    assert "| newswire test | 120 | 0.50 | 0.50 | 0.50 | 0.25 | 0.375 |" in markdown


def test_a_threshold_of_nothing_and_one_by_hand_are_told_apart():
    assert _with_reliability(abstain_below=0.0, missed_by=0.0)["reliability"]["abstention"].startswith(
        "Nothing is held"
    )
    assert "as the config says" in _with_reliability(chosen_on=None)["reliability"]["abstention"]
    assert _with_reliability(chosen_on=None, abstain_below=0.0)["reliability"]["abstention"] == ""


def contrast(first, second):
    """Contrast ratio of two hex colours by WCAG 2.1."""

    def luminance(colour):
        digits = colour.lstrip("#")
        digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
        channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
        return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_contrasts_with_what_it_stands_on(scheme):
    style = re.search(r"<style>(.*?)</style>", HTML, re.DOTALL)[1]
    colours = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    named = colours[0] | colours[scheme]
    for text in ("ink", "quiet", "accent", "wrong"):
        for ground in ("page", "card", "soft"):
            assert contrast(named[text], named[ground]) >= 4.5, (text, ground)
    assert contrast(named["ink"], named["mark"]) >= 4.5
    assert contrast(named["ink"], named["warn"]) >= 4.5


def test_what_a_reader_must_know_of_the_numbers_is_in_both_pages():
    for page in (HTML, MARKDOWN):
        assert "15 bins of equal width" in page
        assert "Under 10 statements in this split" in page


def test_evidence_says_where_its_word_stands_in_markdown():
    data = copy.deepcopy(REPORT)
    terms = [{"term": "talks", "field": field, "weight": 0.25} for field in ("text", "previous")]
    told = {"axis": "motive", "toward": "A", "against": "B", "exact": True, "terms": terms, "marks": []}
    data["errors"]["examples"][0]["evidence"] = [told]
    rendered = render_markdown(data)
    assert "talks +0.25, talks (previous) +0.25" in rendered
    assert "the words that moved the score" in rendered
    assert "the words that moved the score" not in MARKDOWN


def test_a_report_shows_itself_in_a_notebook_apart_from_the_notebook():
    report = build_report(RUN)
    assert report._repr_html_().startswith('<iframe title="Run report: default"')
    scores = [f"{metric}{end}" for metric in ("precision", "recall", "f1") for end in ("", "_low", "_high")]
    assert list(report.frame().columns) == ["axis", "label", "n", *scores]
    assert len(report.frame()) == len(CODEBOOK.labels("motive")) + len(CODEBOOK.labels("stance")) + 25


def test_f1_of_every_label_is_drawn():
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    report = build_report(RUN)
    assert report.plot(axes) is report
    names = [tick.get_text() for tick in axes.get_yticklabels()]
    assert len(names) == 2 + len(CODEBOOK.labels("motive")) + len(CODEBOOK.labels("stance"))


def test_fired_checks_come_first_and_are_told_with_their_advice():
    run = _with()
    run.outcomes = [
        {"code": "ST001", "title": "leak", "state": "passes", "severity": "error", "what": "", "advice": ""},
        {
            "code": "ST011",
            "title": "few",
            "state": "fires",
            "severity": "note",
            "what": "three <few>",
            "advice": "Label.",
        },
        {
            "code": "ST007",
            "title": "sure",
            "state": "fires",
            "severity": "warning",
            "what": "too sure",
            "advice": "Mend.",
        },
    ]
    report = build(run)
    assert [each["code"] for each in report["checks"]["fired"]] == ["ST007", "ST011"]
    assert "- warning ST007 sure: too sure. Mend." in render_markdown(report)
    assert "three <few>" in "".join(Page(render_html(report)).text)
