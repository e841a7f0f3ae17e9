"""The learning curve: scores of the default experiment on the newswire test split as training data grows.

    python benchmarks/learning_curve.py --texts DIR [-o experiments/reports/learning-curve.md]

Each part of the newswire train split is drawn by whole articles, with five seeds; what is drawn whole has no spread.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.experiment import Experiment, prepare
from stance.metrics import joint_accuracy, macro_f1
from stance.models import make_classifier

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SEEDS = range(5)
SIZES = (250, 500, 1000, 2000)
METRICS = ("motive macro-F1", "stance macro-F1", "joint accuracy")


def main() -> None:
    """Measure, draw and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "learning-curve.md")
    arguments = parser.parse_args()
    experiment = prepare(ROOT / "experiments" / "configs" / "default.yaml", texts=arguments.texts)
    points = measure(experiment)
    figure = arguments.output.with_suffix(".svg")
    _draw(points, figure)
    arguments.output.write_text(_render(points, figure.name, experiment), encoding="utf-8")
    print(f"wrote {arguments.output} and {figure}")


def measure(experiment: Experiment) -> list[dict[str, Any]]:
    """Train on each amount of data and score on newswire test; one dict a point."""
    frame = experiment.corpus.frame
    train = frame[frame["split"] == "train"]
    own, newswire = (train[train["collection"] == name] for name in ("own", "newswire"))
    test = frame[(frame["collection"] == "newswire") & (frame["split"] == "test")]
    sizes = [size for size in SIZES if size < len(newswire)]
    parts = {f"newswire {size}": [_draw_articles(newswire, size, seed) for seed in SEEDS] for size in sizes}
    parts |= {"newswire, all": [newswire], "own alone": [own]}
    parts |= {"own and newswire": [train[train["collection"].isin(["own", "newswire"])]]}
    points = []
    for name, draws in parts.items():
        print(f"training on {name}", flush=True)
        scores = np.array([_score(experiment, draw, test) for draw in draws])
        points.append({"name": name, "n": int(np.mean([len(d) for d in draws])), "draws": len(draws), "scores": scores})
    return points


def _draw_articles(frame: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """Draw whole articles at random until ``size`` statements are there."""
    articles = np.random.default_rng(seed).permutation(frame["article_id"].unique())
    order = {article: place for place, article in enumerate(articles)}
    ranked = frame.sort_values("article_id", key=lambda ids: ids.map(order), kind="stable")
    return ranked.head(size)


def _score(experiment: Experiment, train: pd.DataFrame, test: pd.DataFrame) -> tuple[float, float, float]:
    codebook = experiment.codebook
    model = make_classifier(experiment.config, codebook).fit(train)
    found = model.decide(model.scores(test))
    return (
        macro_f1(test["motive"], found.motive, codebook.labels("motive")),
        macro_f1(test["stance"], found.stance, codebook.labels("stance")),
        joint_accuracy(test["motive"], found.motive, test["stance"], found.stance),
    )


def _draw(points: list[dict[str, Any]], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 4.2), layout="constrained")
    axes: Any = figure.subplots()
    curve = [point for point in points if point["name"].startswith("newswire")]
    rest = [point for point in points if not point["name"].startswith("newswire")]
    for column, (metric, colour, marker) in enumerate(
        zip(METRICS, ("#1b5e9e", "#d95f0e", "#555555"), "os^", strict=True)
    ):
        x, y = [p["n"] for p in curve], [p["scores"][:, column].mean() for p in curve]
        spread = [p["scores"][:, column].std() for p in curve]
        axes.errorbar(x, y, yerr=spread, color=colour, marker=marker, capsize=3, label=metric)
        for point in rest:
            axes.plot(
                point["n"], point["scores"][:, column].mean(), marker=marker, color=colour, mfc="white", ls="none"
            )
    for point in rest:
        axes.annotate(point["name"], (point["n"], 0.02), xycoords=("data", "axes fraction"), ha="center", fontsize=8)
    axes.set_xlim(0, 1.12 * max(point["n"] for point in points))  # room for the last name
    axes.set_xlabel("training statements (filled: newswire; hollow: as named)")
    axes.set_ylabel("score on newswire test")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "stance"}):
        figure.savefig(path, metadata={"Date": None})


def _render(points: list[dict[str, Any]], figure: str, experiment: Experiment) -> str:
    lines = [
        "# Learning curve",
        "",
        f"Written by `benchmarks/learning_curve.py`: experiment `{experiment.config.name}` on newswire test. Mean and",
        "standard deviation over five draws of whole articles; what is taken whole is trained once.",
        "",
        f"![Scores on newswire test against training statements]({figure})",
        "",
        f"| training data | statements | {' | '.join(METRICS)} |",
        "|---|--:|--:|--:|--:|",
    ]
    for point in points:
        means, spreads = point["scores"].mean(axis=0), point["scores"].std(axis=0)
        cells = [
            f"{m:.2f}" + (f" ± {s:.2f}" if point["draws"] > 1 else "") for m, s in zip(means, spreads, strict=True)
        ]
        lines.append(f"| {point['name']} | {point['n']:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
