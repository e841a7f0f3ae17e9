"""Search for better settings on held-out statements; the test split is never predicted.

``<output>/<name>-search-<hash8>/`` holds ``trials.jsonl`` (a line for every finished trial: its setting, scores and
predicted labels) and ``search.md``. A search that was interrupted goes on where it stopped, and one whose space has
grown trains only what is new.
"""

from __future__ import annotations

import json
import math
import re
import shlex
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.bootstrap import cluster_bootstrap
from stance.config import ExperimentConfig, SearchConfig, load_config
from stance.errors import ConfigError, RunError, did_you_mean
from stance.evaluation import article_counts, headline_names, headline_scores
from stance.experiment import Experiment, prepare
from stance.fitting import evaluated_statements, fit_experiment, predict_frame
from stance.heldout import held_out
from stance.storage import read_jsonl, to_json, write_jsonl, write_text
from stance.work import Progress, Steps

if TYPE_CHECKING:
    import pandas as pd

    from stance.decision import Floats

TRIALS, SEARCH_MD = "trials.jsonl", "search.md"
VALIDATION_ALONE = "data.splits=[validation]"
# What may be searched: keys that leave the statements to score, and the folds they are scored in, as they are.
SEARCHED = ("model", "features", "data.disagreement_weight")

Setting = dict[str, Any]


@dataclass(frozen=True)
class Scored:
    """A finished trial with its place in the search: score and lead over the best, each as (value, low, high)."""

    setting: Setting
    score: Floats
    behind: Floats
    headline: dict[str, float]


@dataclass(frozen=True)
class Search:
    """A finished search: its directory, what was scored on which statements, and its trials, best first."""

    path: Path
    config: SearchConfig
    collection: str
    n_statements: int
    n_articles: int
    trials: list[Scored]

    @property
    def overrides(self) -> str:
        """Options of `stance train` that make the best setting."""
        return " ".join(f"--set {shlex.quote(override)}" for override in spell(self.trials[0].setting))


def tune(
    config: Path | str,
    *,
    overrides: Sequence[str] = (),
    texts: Path | str | None = None,
    progress: Progress | None = None,
) -> Search:
    """Train every setting of the config's section ``search`` and score it on held-out statements.

    What is scored: the validation split of the first of ``data.evaluate`` that is there, together with the out-of-fold
    predictions of those of its training statements that might have been held out; see `stance.heldout.held_out` for
    why. ``data.splits`` is set to validation alone, so that no test statement is ever predicted.

    Parameters
    ----------
    config, overrides, texts, progress
        As for `stance.train.run_experiment`.

    Returns
    -------
    Search
        Also written to its directory. The same config and data give the same trials.

    Raises
    ------
    ConfigError
        If the section is missing, or a setting breaks a rule; before any training.
    CorpusError
        As for `stance.train.run_experiment`.
    """
    path, overrides = Path(config), (*overrides, VALIDATION_ALONE)
    steps = Steps(progress)
    steps("reading the corpus", 0)
    resolved = load_config(path, overrides)
    if resolved.search is None:
        rule = "has no section search, which says what to try"
        raise ConfigError(rule, where=path, remedy="For example search: {space: {model.c: [0.25, 0.5, 1]}}")
    settings = settings_of(resolved, path)
    configs = [_set(path, overrides, setting) for setting in settings]
    base = prepare(path, overrides, texts)
    folder = base.output / f"{base.config.name}-search-{base.hash8}"
    # One that was trained before costs no time, so that the bar tells the time that is left.
    done = _read_trials(folder / TRIALS)
    keys = [to_json(setting) for setting in settings]
    todo = [at for at, key in enumerate(keys) if key not in done]
    steps.of(len(todo) * ((base.config.folds or 0) + 1))
    for at in todo:
        so_far = max((trial["scores"][resolved.search.metric] for key, trial in done.items() if key in keys), default=0)
        prefix = f"trial {at + 1} of {len(settings)}" + (f" (best so far {so_far:.3f})" if so_far else "")
        experiment = replace(base, config=_with_setting(base.config, configs[at]))
        done[keys[at]] = {"setting": settings[at]} | _trial(experiment, steps.prefixed(prefix))
        write_jsonl(folder / TRIALS, done.values())
    search = _rank([done[key] for key in keys], resolved.search, base, folder)
    write_text(folder / SEARCH_MD, render_search(search))
    return search


def settings_of(config: ExperimentConfig, path: Path) -> list[Setting]:
    """Return the settings to try: the grid in its order, or as many of it as asked for, drawn without repeats.

    A longer draw from the same seed begins with the shorter one, so more trials may be asked for later on.

    Raises
    ------
    ConfigError
        If a key is not one that may be searched.
    """
    search = config.model_dump(mode="json")["search"]
    space, trials = search["space"], search["trials"]
    for key in space:
        if not any(key == root or key.startswith(f"{root}.") for root in SEARCHED):
            remedy = did_you_mean(key.split(".")[0], SEARCHED)
            raise ConfigError(f"search.space: {key!r} is not a key to search", where=path, remedy=remedy)
    sizes = [len(values) for values in space.values()]
    total = math.prod(sizes)
    if trials is None or trials >= total:
        return [dict(zip(space, values, strict=True)) for values in product(*space.values())]
    rng, drawn = np.random.default_rng(search["seed"]), dict[tuple[int, ...], None]()
    while len(drawn) < trials:
        drawn[tuple(int(rng.integers(size)) for size in sizes)] = None
    return [{key: space[key][at] for key, at in zip(space, places, strict=True)} for places in drawn]


def spell(setting: Setting) -> list[str]:
    """Spell a setting as overrides, ``key=value``."""
    return [f"{key}={_spell(value)}" for key, value in setting.items()]


def _spell(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z][\w.]*", value) and value not in {"null", "true", "false"}:
        return value
    return json.dumps(value, ensure_ascii=False)


def _set(path: Path, overrides: Sequence[str], setting: Setting) -> ExperimentConfig:
    """Resolve the config of one setting; an error says which setting it is of."""
    try:
        return load_config(path, (*overrides, *spell(setting)))
    except ConfigError as error:
        where = f"{path}: search.space: {', '.join(spell(setting))}"
        raise ConfigError(error.what, where=where, remedy=error.remedy) from None


def _with_setting(base: ExperimentConfig, setting: ExperimentConfig) -> ExperimentConfig:
    """Take over what may be searched, and nothing else."""
    weight = {"disagreement_weight": setting.data.disagreement_weight}
    searched = {"model": setting.model, "features": setting.features, "data": base.data.model_copy(update=weight)}
    return base.model_copy(update=searched)


def _read_trials(path: Path) -> dict[str, dict[str, Any]]:
    rows = read_jsonl(path, RunError) if path.is_file() else ()
    return {to_json(row["setting"]): row for _, row in rows}


def _trial(experiment: Experiment, steps: Steps) -> dict[str, Any]:
    """Train one setting; return its scores and what it predicted."""
    import pandas as pd

    started = time.monotonic()
    config, codebook = experiment.config, experiment.codebook
    fitted = fit_experiment(experiment, steps)
    validation = predict_frame(fitted.classifier, evaluated_statements(experiment), config)
    frame = held_out(pd.concat([fitted.out_of_fold, validation], ignore_index=True), config.data.evaluate)
    scores = headline_scores(article_counts(frame, [frame], codebook).sum(axis=0)[0], codebook)
    named = dict(zip(headline_names(codebook), scores, strict=True)) | {"mean": scores.mean()}
    labels = zip(frame["predicted_motive"], frame["predicted_stance"], strict=True)
    return {
        "scores": {name: round(float(score), 6) for name, score in named.items()},
        "seconds": round(time.monotonic() - started, 1),
        "predicted": dict(zip(frame["statement_id"], labels, strict=True)),
    }


def _rank(trials: list[dict[str, Any]], search: SearchConfig, base: Experiment, folder: Path) -> Search:
    """Order trials by the metric, with intervals on the same resampled articles for all."""
    codebook = base.codebook
    trials = sorted(trials, key=lambda trial: -trial["scores"][search.metric])
    gold = held_out(base.corpus.frame, base.config.data.evaluate)
    gold = gold[gold["statement_id"].isin(trials[0]["predicted"])]
    counts = article_counts(gold, [_predictions(trial, gold) for trial in trials], codebook)
    names = headline_names(codebook)

    def statistic(summed: Floats) -> Floats:
        scores = headline_scores(summed, codebook)
        score = scores.mean(axis=-1) if search.metric == "mean" else scores[..., names.index(search.metric)]
        return np.stack([score, score - score[..., :1]], axis=-1)

    bounds = np.stack(cluster_bootstrap(counts, statistic, seed=base.config.seed), axis=-1)
    ranked = [
        Scored(trial["setting"], score, behind, trial["scores"])
        for trial, (score, behind) in zip(trials, bounds, strict=True)
    ]
    return Search(folder, search, str(gold["collection"].iloc[0]), len(gold), len(counts), ranked)


def _predictions(trial: dict[str, Any], gold: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    labels = [trial["predicted"][id_] for id_ in gold["statement_id"]]
    return pd.DataFrame(labels, columns=["predicted_motive", "predicted_stance"], index=gold.index)


def render_search(search: Search) -> str:
    """Render the trials as a page of Markdown."""
    metric = search.config.metric.replace("_", " ")
    names = [name for name in search.trials[0].headline if name not in {"mean", search.config.metric}]
    columns = ["setting", metric, "less the best", *(name.replace("_", " ") for name in names)]
    lines = [
        f"# Search by {metric}",
        "",
        f"{len(search.trials)} settings, best first, scored on {search.n_statements:,} {search.collection} statements",
        f"of {search.n_articles} articles: the validation split, and out of fold the training statements that might",
        "have been held out (validation alone is too small to tell settings apart). No test statement was predicted.",
        "Intervals (95 %) resample articles, the same for all settings: where the difference to the best reaches 0,",
        "it may be chance. The best of many is flattered by the choosing; report it on the test split, once.",
        "",
        f"Best: `{search.overrides}`",
        "",
        f"| {' | '.join(columns)} |",
        f"|---|{'---|' * (len(columns) - 1)}",
    ]
    for trial in search.trials:
        setting = ", ".join(f"`{each}`" for each in spell(trial.setting))
        behind = "–" if trial is search.trials[0] else _interval(trial.behind, "+.3f")
        others = [f"{trial.headline[name]:.3f}" for name in names]
        lines.append(f"| {' | '.join([setting, _interval(trial.score, '.3f'), behind, *others])} |")
    return "\n".join(lines) + "\n"


def _interval(bounds: Floats, spec: str) -> str:
    value, low, high = (format(number, spec).replace("-", "−") for number in bounds)
    return f"{value} [{low}, {high}]" if np.isfinite(bounds).all() else value
