"""The report of a run on labeled text, in Markdown: our figures with intervals, and published ones beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stance.bootstrap import RESAMPLES
from stance.labeled_config import LabeledTextConfig, Published

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
EXPLAINED = (
    f"Macro-F1 is the mean F1 of the labels. The brackets hold a 95% interval: the texts are drawn again {RESAMPLES:,} "
    "times, at random and with repeats, each with all its rows, and 95% of the scores so found lie between the two "
    "numbers. It covers the luck of which texts were tested, not the luck of training. Model and baseline are compared "
    "on the same draws; where the interval of their difference holds 0, the data cannot tell them apart. Published "
    "figures are quoted, not measured here, and come without an interval."
)


def render_labeled_report(config: LabeledTextConfig, metrics: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """Render the report of a run: the verdict first, then scores, labels, data and how it was made."""
    evaluations = metrics["evaluations"]
    published = config.published if evaluations[0]["split"] == "test" else ()
    parts = [
        f"# Run report: {config.name}",
        config.description,
        f"**{_verdict(evaluations[0])}**",
        "## Scores",
        _scores(evaluations, published),
        EXPLAINED,
        *(f"## Label by label: {each['split']}\n\n{_labels(each, metrics['data']['labels'])}" for each in evaluations),
        "## Data",
        _data(metrics["data"]),
        "## Config",
        f"```yaml\n{config.to_yaml().strip()}\n```",
        "## How it was made",
        _made(manifest),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _verdict(evaluation: Mapping[str, Any]) -> str:
    model, baseline = evaluation["systems"]["model"], evaluation["systems"]["baseline"]
    difference = baseline["difference"]
    return (
        f"On {evaluation['n_rows']:,} rows of {evaluation['n_clusters']:,} texts ({evaluation['split']}): macro-F1 "
        f"{_cell(model['macro_f1'])}, baseline {_cell(baseline['macro_f1'])}; difference "
        f"{_cell(difference, signed=True)}: {_finding(difference)}."
    )


def _finding(difference: Mapping[str, float | None]) -> str:
    low, high = difference["low"], difference["high"]
    if low is None or high is None:
        return "no interval"
    return "better" if low > 0 else "worse" if high < 0 else "no clear difference"


def _scores(evaluations: list[Any], published: tuple[Published, ...]) -> str:
    rows = []
    for each in evaluations:
        for name, system in each["systems"].items():
            rows.append([each["split"], name, _cell(system["macro_f1"]), "this run"])
        rows.append([each["split"], "*model less baseline*", _cell(system["difference"], signed=True), "this run"])
    for known in published:
        figures = known.macro_f1 if isinstance(known.macro_f1, tuple) else (known.macro_f1,)
        rows.append(["test", known.system, DASH.join(f"{figure:.3f}" for figure in figures), known.source])
    return _table(["split", "system", "macro-F1", "source"], rows)


def _labels(evaluation: Mapping[str, Any], labels: list[str]) -> str:
    rows = []
    for at, label in enumerate(labels):
        for name, system in evaluation["systems"].items():
            own = system["labels"][at]
            rows.append([label, name, str(own["n"]), *(_number(own[key]) for key in ("precision", "recall", "f1"))])
    return _table(["label", "system", "n", "precision", "recall", "F1"], rows)


def _data(data: Mapping[str, Any]) -> str:
    rows = [
        [name, *(f"{each[key]:,}" for key in ("rows", "texts", "targets"))] for name, each in data["splits"].items()
    ]
    notes = "\n".join(f"- {note}" for note in data["notes"])
    return _table(["split", "rows", "texts", "targets"], rows) + (f"\n\n{notes}" if notes else "")


def _made(manifest: Mapping[str, Any]) -> str:
    facts = {
        "run": manifest["run"],
        "commit": manifest["commit"],
        "uncommitted changes": {True: "yes", False: "no"}.get(manifest["dirty"]),
        "seed": manifest["seed"],
        "duration": f"{manifest['duration_seconds']} s",
        "data fingerprint": manifest["data_fingerprint"],
        "versions": ", ".join(f"{name} {version}" for name, version in manifest["versions"].items()),
    }
    return "\n".join(f"- {fact}: {value}" for fact, value in facts.items() if value is not None)


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _cell(score: Mapping[str, float | None], *, signed: bool = False) -> str:
    ends = "" if score["low"] is None else f" [{_number(score['low'], signed)}, {_number(score['high'], signed)}]"
    return _number(score["value"], signed) + ends


def _number(value: float | None, signed: bool = False) -> str:
    if value is None:
        return DASH
    return f"{value:+.3f}".replace("-", MINUS) if signed else f"{value:.3f}"
