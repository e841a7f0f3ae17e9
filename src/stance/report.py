"""The report of a run: a plain dict first, then Markdown for diffs and a self-contained HTML page for reading."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from stance.bootstrap import RESAMPLES
from stance.plots import confusion_figure, figure_to_svg, risk_coverage_figure
from stance.reliability import SHOWN, risk_at

if TYPE_CHECKING:
    from stance.codebook import Codebook
    from stance.runs import Run

FORMAT = 1
EXAMPLES = 12  # errors shown; more are skimmed, not read
# Below this many statements one more right answer moves a label's recall by over 0.1; below this many articles the
# cluster bootstrap's interval is too narrow (Cameron, Gelbach & Miller, Review of Economics and Statistics 90, 2008).
FEW = 10
PARTS = ("train", "validation", "evaluated")  # of the data, those that a run may count
COUNTS = ("statements", "articles", "collections")
MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"
# What Markdown would read as markup inside a line. Underscores within words and lone brackets mean nothing to it.
MARKDOWN = re.compile(r"[\\`*<|~]|&(?=#?\w+;)|\](?=[(\[:])|(?<![^\W_])_|_(?![^\W_])")


def build_report(run: Run, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Collect all that a report says, as plain data.

    Parameters
    ----------
    run : Run
        A finished run. Optional parts of its manifest and metrics may be missing.
    texts : mapping of statement id to text, optional
        Only the statements whose text may be shown. Any other is shown as a reference to its article.

    Returns
    -------
    dict
        JSON-ready, in the order of reading: `render_markdown` and `render_html` print it and compute nothing more than
        number formats and pictures.
    """
    codebook, manifest, data = run.codebook, run.manifest, run.metrics.get("data", {})
    evaluations = [_evaluation(each, codebook) for each in run.metrics.get("evaluations", [])]
    headline = next(iter(run.metrics.get("evaluations", [])), None)
    return {
        "format": FORMAT,
        "title": manifest.get("name") or run.path.name,
        "description": manifest.get("description") or "",
        "verdict": _verdict(evaluations[0] if evaluations else None),
        "evaluations": evaluations,
        "data": _data(data),
        "axes": [_axis(axis, headline, data, codebook) for axis in codebook.axes] if headline else [],
        "reliability": _reliability(run.metrics, codebook),
        "statuses": _statuses(run.predictions, headline) if headline and len(run.predictions) else {},
        "errors": _errors(run, texts or {}),
        "config": _yaml(run.config),
        "made": _made(run),
        "reproduce": _reproduce(run),
    }


def render_markdown(report: Mapping[str, Any]) -> str:
    """Render a report as GitHub-flavoured Markdown: a line a fact, so that two runs diff well."""
    environment = _environment(autoescape=False, finalize=_markdown)
    return environment.get_template("report.md.jinja").render(report)


def render_html(report: Mapping[str, Any]) -> str:
    """Render a report as one HTML page that needs no network and no script."""
    environment = _environment(autoescape=True)
    environment.filters.update(picture=_picture, curves=_curves)
    return environment.get_template("report.html.jinja").render(report)


def _evaluation(evaluation: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    baselines = evaluation.get("baselines", {})
    systems = {"model": evaluation["headline"], **{name: each["headline"] for name, each in baselines.items()}}
    metrics = {**{f"{axis}_macro_f1": f"{axis} macro-F1" for axis in codebook.axes}, "joint_accuracy": "joint accuracy"}
    few = evaluation["n_articles"] < FEW
    return {
        "name": f"{evaluation['collection']} {evaluation['split']}",
        "n_statements": evaluation["n_statements"],
        "n_articles": evaluation["n_articles"],
        "few_articles": few,
        "metrics": list(metrics.values()),
        "systems": [{"name": name, "scores": [own[key] for key in metrics]} for name, own in systems.items()],
        "leads": [_lead(baselines, key, few=few) for key in metrics] if baselines else [],
    }


def _lead(baselines: Mapping[str, Any], metric: str, *, few: bool) -> dict[str, Any]:
    """How far the model is ahead of the baseline that is best at this metric."""
    best = max(baselines, key=lambda name: baselines[name]["headline"][metric]["value"] or 0.0)
    lead = baselines[best]["difference"][metric]
    return {"baseline": best, **lead, "finding": "too few articles" if few else _finding(lead["low"], lead["high"])}


def _finding(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "no interval"
    return "better" if low > 0 else "worse" if high < 0 else "no clear difference"


def _verdict(evaluation: Mapping[str, Any] | None) -> str:
    if evaluation is None:
        return "Nothing was evaluated."
    if not evaluation["n_statements"]:
        return f"There were no statements to evaluate in {evaluation['name']}."
    model, *baselines = evaluation["systems"]
    parts = []
    for index, metric in enumerate(evaluation["metrics"]):
        beside = ", ".join(f"{system['name']} {_score(system['scores'][index]['value'])}" for system in baselines)
        score = model["scores"][index]
        parts.append(
            f"{metric} {_score(score['value'])} {_interval(score)}".strip() + (f" ({beside})" if beside else "")
        )
    statements, articles = _count(evaluation["n_statements"], "statement"), _count(evaluation["n_articles"], "article")
    return f"On {statements} of {articles} ({evaluation['name']}): {'; '.join(parts)}."


def _data(data: Mapping[str, Any]) -> dict[str, Any]:
    collections = [{"reason": "", **each} for each in data.get("collections", [])]
    return {
        "collections": collections,
        "statements": sum(each["statements"] for each in collections),
        "left_out": sum(each["left_out"] for each in collections),
        "parts": [
            {"name": name, "collections": {}, **{key: data[name][key] for key in COUNTS if key in data[name]}}
            for name in PARTS
            if name in data
        ],
    }


def _axis(axis: str, headline: Mapping[str, Any], data: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    scores, seen = headline["axes"][axis], data.get("train", {}).get(axis, {})
    rows = [
        {
            **row,
            **{score: row[score]["value"] for score in ("precision", "recall", "f1")},
            "name": codebook.label(axis, row["label"]).name,
            "n_train": seen.get(row["label"], 0),
            "note": "not in this split" if not row["n"] else "too few to judge" if row["n"] < FEW else "",
        }
        for row in scores["labels"]
    ]
    return {
        "name": axis,
        "accuracy": scores["accuracy"]["value"],
        "ece": scores["ece"]["value"],
        "labels": rows,
        "confusion": scores["confusion"],
    }


def _reliability(metrics: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """Calibration and risk by coverage of every evaluation that measured them, and of the out-of-fold predictions."""
    measured = [
        {"name": f"{each['collection']} {each['split']}", "n": each["n_statements"], **each}
        for each in metrics.get("evaluations", [])
    ]
    if "out_of_fold" in metrics:
        measured.append({"name": "out-of-fold", "n": metrics["out_of_fold"]["n_statements"], **metrics["out_of_fold"]})
    rows = [
        {
            "name": each["name"],
            "n": each["n"],
            "errors": [each["calibration"][axis] for axis in codebook.axes],
            "aurc": each["risk_coverage"]["aurc"],
            "risks": [risk_at(each["risk_coverage"], coverage) for coverage in SHOWN],
            "curve": each["risk_coverage"],
        }
        for each in measured
        if "risk_coverage" in each
    ]
    decision = metrics.get("decision", {})
    return {"axes": list(codebook.axes), "coverages": list(SHOWN), "rows": rows, "abstention": _abstention(decision)}


def _abstention(decision: Mapping[str, Any]) -> str:
    """Say in a sentence or two where the model abstains and why there."""
    if not decision.get("abstain_below"):
        named = decision.get("chosen_on")
        return f"Nothing is held back: {_precision(decision)}" if named else ""
    below = f"A prediction is held back where its joint proba is below {decision['abstain_below']:.3f}"
    return f"{below}: {_precision(decision)}" if decision.get("chosen_on") else f"{below}, as the config says."


def _precision(decision: Mapping[str, Any]) -> str:
    kept = f"{decision['kept']:,} of {decision['statements']:,} statements are kept"
    reached = (
        f"of {decision['chosen_on']}, {kept}, and {100 * decision['precision']:.1f}% of these are right on both axes"
    )
    aim = f"{100 * decision['aim']:.0f}%"
    if decision["missed_by"]:
        missed = f"{100 * decision['missed_by']:.1f} points"
        return f"{reached}. The aim of {aim} was missed by {missed}; no threshold does better."
    return f"{reached} (the aim was {aim}). They chose the threshold, so expect less on new statements."


def _statuses(predictions: pd.DataFrame, headline: Mapping[str, Any]) -> dict[str, int]:
    """Statements of the headline evaluation by status, where the model did not just answer."""
    own = predictions[_in_evaluation(predictions, headline)]
    return {str(status): int(n) for status, n in sorted(own["status"].value_counts().items()) if status != "ok"}


def _in_evaluation(predictions: pd.DataFrame, evaluation: Mapping[str, Any]) -> pd.Series[bool]:
    here: pd.Series[bool] = predictions["collection"].eq(evaluation["collection"]) & predictions["split"].eq(
        evaluation["split"]
    )
    return here


def _errors(run: Run, texts: Mapping[str, str]) -> dict[str, Any]:
    """Pick the most confident errors of the headline's split, in every collection; those with a text come first."""
    evaluations, frame, axes = run.metrics.get("evaluations", []), run.predictions, run.codebook.axes
    split = evaluations[0]["split"] if evaluations else ""
    if frame.empty:  # and perhaps without columns
        return {"split": split, "wrong": 0, "statements": 0, "examples": []}
    chosen = pd.Series(data=False, index=frame.index)
    for evaluation in evaluations:
        chosen |= _in_evaluation(frame, evaluation) & (evaluation["split"] == split)
    frame = frame[chosen]
    sure = pd.concat([frame[f"{axis}_proba"].where(frame[axis] != frame[f"predicted_{axis}"]) for axis in axes], axis=1)
    wrong = frame.assign(_sure=sure.max(axis=1), _shown=frame["statement_id"].isin(list(texts)))
    wrong = wrong[wrong["_sure"].notna()].sort_values(
        ["_shown", "_sure", "statement_id"], ascending=[False, False, True]
    )
    examples = [_example(row, texts, run.codebook) for row in wrong.head(EXAMPLES).to_dict("records")]
    return {"split": split, "wrong": len(wrong), "statements": len(frame), "examples": examples}


def _example(row: Mapping[Any, Any], texts: Mapping[str, str], codebook: Codebook) -> dict[str, Any]:
    place = f", characters {int(row['start'])}{DASH}{int(row['end'])}" if "start" in row and "end" in row else ""
    return {
        "collection": row["collection"],
        "reference": f"{row['article_id']}{place}",
        "text": texts.get(row["statement_id"]),
        "answers": [
            {
                "axis": axis,
                "gold": codebook.label(axis, row[axis]).name,
                "predicted": codebook.label(axis, row[f"predicted_{axis}"]).name,
                "proba": round(float(row[f"{axis}_proba"]), 6),
                "right": row[axis] == row[f"predicted_{axis}"],
            }
            for axis in codebook.axes
        ],
    }


def _made(run: Run) -> dict[str, str]:
    """List what the run depended on; a fact that the manifest lacks is left out."""
    manifest = run.manifest
    facts = {
        "run": manifest.get("run") or run.path.name,
        "created": manifest.get("created"),
        "duration": _duration(manifest["duration_seconds"]) if "duration_seconds" in manifest else None,
        "seed": manifest.get("seed"),
        "commit": manifest.get("commit"),
        "uncommitted changes": {True: "yes", False: "no"}.get(manifest.get("dirty", "")),
        "codebook": f"{run.codebook.name} v{run.codebook.version}",
        "data fingerprint": manifest.get("data_fingerprint"),
        "split hash": manifest.get("split_hash"),
        "versions": ", ".join(f"{name} {version}" for name, version in manifest.get("versions", {}).items()),
    }
    return {fact: str(value) for fact, value in facts.items() if value not in (None, "")}


def _reproduce(run: Run) -> dict[str, Any]:
    commit, dirty = run.manifest.get("commit"), run.manifest.get("dirty")
    commands = ["stance train config.yaml    # the config above; the run directory holds it"]
    note = (
        "The working tree held uncommitted changes, so the commit alone does not give the same code." if dirty else ""
    )
    return {"commands": [f"git checkout {commit}", *commands] if commit else commands, "note": note}


def _yaml(config: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML  # not needed to render

    buffer = io.StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(dict(config), buffer)
    return buffer.getvalue().strip()


def _environment(*, autoescape: bool, finalize: Callable[[object], object] | None = None) -> Environment:
    loader = PackageLoader("stance")
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
        finalize=finalize,
    )
    environment.filters.update(score=_score, interval=_interval, signed=_signed, count=_count, percent=_percent)
    environment.globals.update(resamples=RESAMPLES)
    return environment


def _picture(axis: Mapping[str, Any]) -> Markup:
    """Inline SVG of an axis's confusion matrix. It is ours and escapes its own text, so the template may trust it."""
    names = [row["name"] for row in axis["labels"]]
    return Markup(figure_to_svg(confusion_figure(axis["confusion"], names, axis["name"].capitalize())))


def _curves(rows: list[Mapping[str, Any]]) -> Markup:
    """Inline SVG of risk against coverage; ours, as in `_picture`."""
    curves = [{"name": f"{row['name']} ({row['n']:,})", **row["curve"]} for row in rows]
    return Markup(figure_to_svg(risk_coverage_figure(curves, "Risk against coverage")))


def _markdown(value: object) -> object:
    """Escape whatever a Markdown template prints, unless it is a number or marked as safe."""
    if isinstance(value, (int, float, Markup)):
        return value
    return MARKDOWN.sub(r"\\\g<0>", " ".join(str(value).split()))


def _score(value: float | None, digits: int = 2) -> str:
    return DASH if value is None else f"{value:.{digits}f}"


def _signed(value: float | None) -> str:
    """Two digits with a sign that lines up; what rounds to zero has none."""
    if value is None:
        return DASH
    text = f"{value:+.2f}".replace("-", MINUS)
    return text[1:] if text[1:] == "0.00" else text


def _interval(cell: Mapping[str, Any], *, signed: bool = False) -> str:
    show = _signed if signed else _score
    return "" if cell["low"] is None else f"[{show(cell['low'])}, {show(cell['high'])}]"


def _percent(value: float) -> str:
    """CSS length of a score between 0 and 1."""
    return f"{100 * value:.1f}%"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
