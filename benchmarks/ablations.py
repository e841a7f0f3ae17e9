"""Ablations: what each part of the default experiment adds, on newswire.

    python benchmarks/ablations.py --texts DIR [CONFIG...] [--seeds N] [--resample] [--test] [-o FILE]

Without CONFIG, all of experiments/configs/ablations and the default's relatives. Runs that are there are not trained
again, so an interrupted benchmark goes on where it stopped.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stance.bootstrap import cluster_bootstrap
from stance.evaluation import article_counts, headline_names, headline_scores
from stance.heldout import held_out
from stance.seeds import run_seeds

if TYPE_CHECKING:
    from stance.codebook import Codebook
    from stance.decision import Floats
    from stance.runs import Run

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = ROOT / "experiments" / "configs"
RELATIVES = ("newswire-only", "own-only")
COLLECTION = "newswire"


@dataclass(frozen=True)
class Row:
    """An experiment's scores, shape (seeds, 3), and its lead over the default as (value, low, high), shape (3, 3)."""

    name: str
    description: str
    scores: Floats
    lead: Floats


@dataclass(frozen=True)
class Table:
    """All experiments on one part of the data; the first row is the default."""

    split: str
    statements: int
    articles: int
    names: list[str]
    rows: list[Row]


def main() -> None:
    """Train, compare and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("configs", nargs="*", type=Path, metavar="CONFIG")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--resample", action="store_true", help="redraw the training articles with each seed")
    parser.add_argument("--test", action="store_true", help="also predict the test split; for a report, once")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "ablations.md")
    arguments = parser.parse_args()
    configs = arguments.configs or default_configs()
    overrides = [f"data.splits=[{'test, ' if arguments.test else ''}validation]", f"data.evaluate=[{COLLECTION}]"]
    overrides += ["data.teacher=null", "baselines=[]"]  # a teacher has seen the labels that out-of-fold scores are of
    overrides += ["data.resample=true"] if arguments.resample else []
    runs = {}
    for config in (CONFIGS / "default.yaml", *configs):
        print(f"{config.stem}", flush=True)
        runs[config.stem] = run_seeds(config, arguments.seeds, overrides=overrides, texts=arguments.texts).runs
    parts = {"held-out": _held_out} | ({"test": _test} if arguments.test else {})
    tables = [
        compare(name, {key: [part(run) for run in each] for key, each in runs.items()}, runs)
        for name, part in parts.items()
    ]
    arguments.output.write_text(render(tables, arguments.seeds, resample=arguments.resample), encoding="utf-8")
    print(f"wrote {arguments.output}")


def default_configs() -> list[Path]:
    """Return the ablations, then experiments that differ from the default in their training data."""
    return [*sorted((CONFIGS / "ablations").glob("*.yaml")), *(CONFIGS / f"{name}.yaml" for name in RELATIVES)]


def _held_out(run: Run) -> pd.DataFrame:
    return held_out(pd.concat([run.out_of_fold, run.predictions], ignore_index=True), [COLLECTION])


def _test(run: Run) -> pd.DataFrame:
    return run.predictions[run.predictions["split"] == "test"].sort_values("statement_id", ignore_index=True)


def compare(split: str, frames: dict[str, list[pd.DataFrame]], runs: dict[str, list[Run]]) -> Table:
    """Score experiments on the same statements, and their lead over the first one, the mean over seeds of each.

    The interval of a lead resamples articles, the same for both sides and all seeds: it tells what other articles to
    score would do. What other articles to train on would do, the spread over resampled seeds tells.
    """
    gold, codebook = next(iter(frames.values()))[0], next(iter(runs.values()))[0].codebook
    for name, each in frames.items():
        if any(list(frame["statement_id"]) != list(gold["statement_id"]) for frame in each):
            raise SystemExit(f"{name} does not predict the same {split} statements as the default")
    counts = {name: article_counts(gold, each, codebook) for name, each in frames.items()}
    base, rows = next(iter(counts.values())), []
    for name, own in counts.items():
        scores = headline_scores(own.sum(axis=0), codebook)
        lead = cluster_bootstrap(np.stack([base, own], axis=1), partial(_lead, codebook=codebook), seed=0)
        rows.append(Row(name, runs[name][0].manifest["description"], scores, np.stack(lead, axis=-1)))
    return Table(split, len(gold), len(base), headline_names(codebook), rows)


def _lead(summed: Floats, codebook: Codebook) -> Floats:
    """Mean lead over seeds, from counts of shape (..., 2, seeds, n_counts)."""
    scores = headline_scores(summed, codebook).mean(axis=-2)
    return np.asarray(scores[..., 1, :] - scores[..., 0, :])


def render(tables: list[Table], seeds: int, *, resample: bool) -> str:
    """Render a table for each part of the data that was scored."""
    drawn = (
        f"mean ± standard deviation over {seeds} draws of the training articles with replacement"
        if resample
        else "one model each: a seed changes next to nothing of a convex model"
        if seeds == 1
        else f"mean ± standard deviation over {seeds} seeds, which change next to nothing of a convex model"
    )
    lines = [
        "# Ablations",
        "",
        f"Written by `benchmarks/ablations.py` on {COLLECTION}; {drawn}.",
        "All without a teacher, which would have seen the labels that out-of-fold scores are of.",
        "In brackets the paired 95 % interval, by article, of the difference to the default on the same statements.",
        "*Held-out* is the validation split, and out of fold the training statements that might have been held out.",
    ]
    for table in tables:
        lines += [
            "",
            f"## {table.split.capitalize()}: {table.statements:,} statements of {table.articles} articles",
            "",
        ]
        lines.append(f"| experiment | {' | '.join(name.replace('_', ' ') for name in table.names)} |")
        lines.append(f"|---|{'---|' * len(table.names)}")
        lines += [_line(row, reference=row is table.rows[0]) for row in table.rows]
    described = [f"- `{row.name}`: {row.description}" for row in tables[0].rows]
    return "\n".join([*lines, "", *described]) + "\n"


def _line(row: Row, *, reference: bool) -> str:
    cells = []
    for scores, lead in zip(row.scores.T, row.lead, strict=True):
        spread = f" ± {scores.std(ddof=1):.3f}" if len(scores) > 1 else ""
        value, low, high = (f"{number:+.3f}".replace("-", "−") for number in lead)
        cells.append(f"{scores.mean():.3f}{spread}" + ("" if reference else f"; {value} [{low}, {high}]"))
    return f"| `{row.name}` | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
