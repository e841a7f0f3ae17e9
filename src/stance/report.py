"""The report of a run, as plain data in the order of reading; `stance.render` prints it and computes nothing more."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.bootstrap import FEW_ARTICLES
from stance.evaluation import headline_names
from stance.findings import SEVERITIES
from stance.intervals import Mark, Row, as_columns, draw_intervals, shown_axes
from stance.metrics import FEW_OF_LABEL
from stance.reliability import SHOWN, risk_at
from stance.render import render_html, render_markdown
from stance.report_examples import disputed_section, examples_section
from stance.wording import format_cell, format_count, format_duration, format_score, metric_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from stance.codebook import Codebook
    from stance.runs import Run

FORMAT = 2
PARTS = ("train", "validation", "evaluated")  # of the data, those that a run may count
METRICS = ("precision", "recall", "f1")
COUNTS = ("statements", "articles", "collections")


@dataclass(frozen=True)
class Report:
    """All that a report says, as plain data (`data`), and the ways to show it."""

    data: dict[str, Any]

    def markdown(self) -> str:
        """Render it as Markdown."""
        return render_markdown(self.data)

    def html(self) -> str:
        """Render it as one self-contained page."""
        return render_html(self.data)

    def frame(self) -> pd.DataFrame:
        """Scores by label of the headline evaluation with their ends, a row for each axis and label."""
        import pandas as pd

        rows = [
            {"axis": axis["name"], "label": row["label"], "n": row["n"]}
            | as_columns({metric: row[metric] for metric in METRICS})
            for axis in self.data["axes"]
            for row in axis["labels"]
        ]
        scores = [f"{metric}{end}" for metric in METRICS for end in ("", "_low", "_high")]
        return pd.DataFrame(rows, columns=["axis", "label", "n", *scores])

    def plot(self, ax: Axes | None = None) -> Report:
        """Draw F1 by label of the headline evaluation, with intervals."""
        shown = [axis for axis in self.data["axes"] if axis["confusion"]]
        rows = []
        for axis in shown:
            rows.append(Row(axis["name"]))
            rows += [Row(f"{row['name']} ({row['n']})", ((row["f1"], Mark("F1", 0, "o")),)) for row in axis["labels"]]
        title = f"{self.data['title']}: F1 by label (statements)"
        draw_intervals(rows, title=title, label="F1, with its 95% interval over articles", ax=ax or shown_axes(rows))
        return self

    def __repr__(self) -> str:
        return (
            f"Report({self.data['title']!r})  # {self.data['verdict']} .frame(), .plot(), .html(), .markdown(), .data"
        )

    def _repr_html_(self) -> str:
        """Show the page inside a notebook, in a frame of its own so that neither's style reaches the other."""
        page = html.escape(self.html(), quote=True)
        return (
            f'<iframe title="Run report: {html.escape(self.data["title"], quote=True)}" '
            f'style="width:100%;height:42rem;border:1px solid #ccc" srcdoc="{page}"></iframe>'
        )


def build_report(run: Run, statements: pd.DataFrame | None = None) -> Report:
    """Collect all that a report says.

    Parameters
    ----------
    run : Run
        A finished run. Optional parts of its manifest and metrics may be missing.
    statements : DataFrame, optional
        Only the statements whose text may be shown, as `Run.statements` gives them: by id, ``text``, ``previous``,
        ``following`` and ``heading``. Any other is shown as a reference to its article.

    Returns
    -------
    Report
        Its data are JSON-ready.
    """
    codebook, manifest, metrics = run.codebook, run.manifest, run.metrics
    data, evaluations = metrics.get("data", {}), metrics.get("evaluations", [])
    shown = [_evaluation(each, codebook) for each in evaluations]
    headline = evaluations[0] if evaluations else None
    return Report(
        {
            "format": FORMAT,
            "title": manifest.get("name") or run.path.name,
            "description": manifest.get("description") or "",
            "verdict": _verdict(shown[0] if shown else None),
            "checks": _checks(run.outcomes),
            "evaluations": shown,
            "generalisation": _generalisation(metrics.get("generalisation", []), codebook),
            "data": _data(data),
            "axes": [_axis(axis, headline, data, codebook) for axis in headline["axes"]] if headline else [],
            "reliability": _reliability(metrics, codebook),
            "statuses": _statuses(run.predictions, headline) if headline and len(run.predictions) else {},
            "slices": list(headline.get("slices") or ()) if headline else [],
            "probes": metrics.get("probes"),
            "errors": examples_section(run, statements),
            "disputed": disputed_section(run, statements),
            "codebook": _codebook(codebook),
            "config": _yaml(run.config),
            "made": _made(run),
            "reproduce": _reproduce(run),
        }
    )


def _metric_names(codebook: Codebook) -> dict[str, str]:
    return {name: metric_name(name) for name in headline_names(codebook)}


def _evaluation(evaluation: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    baselines, metrics = evaluation.get("baselines", {}), _metric_names(codebook)
    systems = {"model": evaluation["headline"], **{name: each["headline"] for name, each in baselines.items()}}
    few = evaluation["n_articles"] < FEW_ARTICLES
    ceiling = evaluation.get("ceiling")
    return {
        "name": f"{evaluation['collection']} {evaluation['split']}",
        "n_statements": evaluation["n_statements"],
        "n_articles": evaluation["n_articles"],
        "few_articles": few,
        "metrics": list(metrics.values()),
        "systems": [{"name": name, "scores": [own[key] for key in metrics]} for name, own in systems.items()],
        "leads": [_lead(baselines, key, few=few) for key in metrics] if baselines else [],
        "ceiling": ceiling and {**ceiling, "scores": [ceiling[key] for key in metrics]},
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
        beside = ", ".join(f"{system['name']} {format_score(system['scores'][index]['value'])}" for system in baselines)
        parts.append(f"{metric} {format_cell(model['scores'][index])}" + (f" ({beside})" if beside else ""))
    counts = format_count(evaluation["n_statements"], "statement"), format_count(evaluation["n_articles"], "article")
    return f"On {counts[0]} of {counts[1]} ({evaluation['name']}): {'; '.join(parts)}."


def _checks(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """Sort what the checks say: what fires first, the gravest first."""
    fired = [each for each in outcomes if each["state"] == "fires"]
    return {
        "fired": sorted(fired, key=lambda each: (SEVERITIES.index(each["severity"]), each["code"])),
        "passed": sum(each["state"] == "passes" for each in outcomes),
        "not_applicable": [each for each in outcomes if each["state"] == "not applicable"],
        "all": outcomes,
    }


def _generalisation(rows: list[dict[str, Any]], codebook: Codebook) -> dict[str, Any]:
    metrics = _metric_names(codebook)
    names = {"article": "other articles", "outlet": "other outlets", "date": "later articles"}
    shown = [
        {**row, "name": names[row["split_by"]], "scores": [row["headline"][key] for key in metrics]}
        for collection in dict.fromkeys(row["collection"] for row in rows)
        for row in rows
        if row["collection"] == collection
    ]
    return {"metrics": list(metrics.values()), "rows": shown}


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
            "name": _name(axis, row["label"], codebook),
            "n_train": seen.get(row["label"], 0) if axis in codebook.axes else None,
            "note": "not in this split" if not row["n"] else "too few to judge" if row["n"] < FEW_OF_LABEL else "",
        }
        for row in scores["labels"]
    ]
    return {**scores, "name": axis, "labels": rows, "confusion": scores.get("confusion")}


def _name(axis: str, label: str, codebook: Codebook) -> str:
    """Readable name of a label; of a pair, the names of both."""
    if axis in codebook.axes:
        return codebook.label(axis, label).name
    return ", ".join(codebook.label(part, id_).name for part, id_ in zip(codebook.axes, label.split("/"), strict=True))


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
            "aurc_cell": each["risk_coverage"].get("aurc_cell"),
            "risks": [risk_at(each["risk_coverage"], coverage) for coverage in SHOWN],
            "curve": {key: each["risk_coverage"][key] for key in ("coverage", "risk")},
        }
        for each in measured
        if "risk_coverage" in each and "calibration" in each
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
    here = predictions["collection"].eq(headline["collection"]) & predictions["split"].eq(headline["split"])
    counts = predictions.loc[here, "status"].value_counts()
    return {str(status): int(n) for status, n in sorted(counts.items()) if status != "ok"}


def _codebook(codebook: Codebook) -> dict[str, Any]:
    """Say what the labels mean."""
    labels = {axis: [codebook.label(axis, label) for label in codebook.labels(axis)] for axis in codebook.axes}
    return {
        "name": f"{codebook.name} v{codebook.version}",
        "axes": [
            {"name": axis, "labels": [{"name": each.name, "definition": each.definition} for each in own]}
            for axis, own in labels.items()
        ],
    }


def _made(run: Run) -> dict[str, str]:
    """List what the run depended on; a fact that the manifest lacks is left out."""
    manifest = run.manifest
    facts = {
        "run": manifest.get("run") or run.path.name,
        "created": manifest.get("created"),
        "duration": format_duration(manifest["duration_seconds"]) if "duration_seconds" in manifest else None,
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
