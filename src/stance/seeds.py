"""One experiment with several seeds: how far scores move by chance alone.

``<output>/<name>-seeds-<hash8>/`` holds ``seeds.json`` and ``seeds.md``: mean and standard deviation over seeds of the
headline scores. Each seed has a run directory of its own, and one that is there is not trained again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.errors import ConfigError, RunError
from stance.experiment import Experiment, prepare
from stance.runs import Run, load_run
from stance.storage import to_json, whole_directory, write_text
from stance.train import n_steps, run_prepared
from stance.work import Progress, Steps

SEEDS_JSON, SEEDS_MD = "seeds.json", "seeds.md"
FORMAT = 1


@dataclass(frozen=True)
class SeedRuns:
    """Runs of one experiment with one seed each, and the directory that sums them up."""

    path: Path
    runs: list[Run]
    summary: dict[str, Any]


def run_seeds(
    config: Path | str,
    n: int,
    *,
    overrides: Sequence[str] = (),
    texts: Path | str | None = None,
    progress: Progress | None = None,
) -> SeedRuns:
    """Train an experiment with ``n`` seeds, from its own on, and sum up the scores.

    The models here are convex: a seed changes the solver's order and the folds of the calibration, and next to nothing
    of the scores. With ``data.resample`` each seed also redraws the training articles, and the spread shows the luck of
    the training data. A draw holds about 63 % of the articles, so its mean lies below the score of the whole data.

    Parameters
    ----------
    n : int
        How many seeds, 1 or more.
    config, overrides, texts, progress
        As for `stance.train.run_experiment`.

    Raises
    ------
    ConfigError, CodebookError, CorpusError
        As for `stance.train.run_experiment`; the runs of the seeds before stay.
    """
    steps = Steps(progress)
    steps("reading the corpus", 0)
    base = prepare(Path(config), overrides, texts)
    first = base.config.seed
    if n < 1 or first + n > 2**32:
        rule = f"{n} seeds from {first} on are not all between 0 and 2^32 - 1"
        raise ConfigError(rule, where="seeds", remedy="Ask for 1 or more, from a lower seed on.")
    seeds = range(first, first + n)
    experiments = [replace(base, config=base.config.model_copy(update={"seed": seed})) for seed in seeds]
    found = {each.config.seed: _run_of(each) for each in experiments}
    steps.of(sum(run is None for run in found.values()) * n_steps(base.config))
    runs = [
        found[each.config.seed] or run_prepared(each, steps.prefixed(f"seed {each.config.seed}"), time.monotonic())
        for each in experiments
    ]
    path = base.output / f"{base.config.name}-seeds-{base.hash8}"
    summary = summarise(runs, base)
    with whole_directory(path) as folder:
        write_text(folder / SEEDS_JSON, to_json(summary, indent=1) + "\n")
        write_text(folder / SEEDS_MD, render_seeds(summary))
    return SeedRuns(path, runs, summary)


def _run_of(experiment: Experiment) -> Run | None:
    """Return the run of an experiment that is there already and that this version reads."""
    try:
        return load_run(experiment.output / experiment.run_name)
    except RunError:
        return None


def summarise(runs: Sequence[Run], base: Experiment) -> dict[str, Any]:
    """Return mean and standard deviation over runs of every headline score, as plain data."""
    evaluations = []
    for same in zip(*(run.metrics["evaluations"] for run in runs), strict=True):
        scores = {name: _spread([each["headline"][name]["value"] for each in same]) for name in same[0]["headline"]}
        head = {key: same[0][key] for key in ("collection", "split", "n_statements")}
        evaluations.append(head | {"scores": scores})
    return {
        "format": FORMAT,
        "name": base.config.name,
        "resample": base.config.data.resample,
        "seeds": [run.manifest["seed"] for run in runs],
        "runs": [run.path.name for run in runs],
        "evaluations": evaluations,
    }


def _spread(values: Sequence[float]) -> dict[str, Any]:
    deviation = round(statistics.stdev(values), 6) if len(values) > 1 else None
    return {"mean": round(statistics.fmean(values), 6), "deviation": deviation, "values": list(values)}


def render_seeds(summary: dict[str, Any]) -> str:
    """Render a summary as a page of Markdown."""
    drawn = "Every seed redraws the training articles with replacement: the spread is the luck of the training data."
    fixed = (
        "The training data is the same for every seed and the model is convex, so a seed changes next to nothing; "
        "`--set data.resample=true` shows the luck of the training data."
    )
    names = list(summary["evaluations"][0]["scores"])
    lines = [
        f"# {summary['name']}: {len(summary['seeds'])} seeds",
        "",
        f"Mean ± standard deviation over seeds {', '.join(map(str, summary['seeds']))}.",
        drawn if summary["resample"] else fixed,
        "",
        f"| predicted | n | {' | '.join(name.replace('_', ' ') for name in names)} |",
        f"|---|--:|{'---|' * len(names)}",
    ]
    for each in summary["evaluations"]:
        cells = [format_spread(each["scores"][name]) for name in names]
        lines.append(f"| {each['collection']} {each['split']} | {each['n_statements']:,} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", "Runs: " + ", ".join(f"`{run}`" for run in summary["runs"])]) + "\n"


def format_spread(spread: dict[str, Any]) -> str:
    """``mean ± standard deviation``; the mean alone of a single seed."""
    spelled = f"{spread['mean']:.3f}"
    return spelled if spread["deviation"] is None else f"{spelled} ± {spread['deviation']:.3f}"
