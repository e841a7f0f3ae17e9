"""Accuracy against speed, memory and size of every model family, measured in one run because machines are shared.

    python benchmarks/frontier.py RUN [RUN ...] --texts DIR [-o experiments/reports/frontier.md]

Each RUN is a run directory; its scores are read from its metrics, and its model is loaded in a process of its own and
timed on the same newswire statements. DIR holds newswire/articles.jsonl.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from stance.runs import load_run

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3  # the fastest counts: noise only ever slows
# Statements to time: a slow model gets fewer, so that none takes more than about a minute.
LARGE, SMALL = 10_000, 1_000
BASE = ("stance", "numpy", "pandas", "scikit-learn", "scipy", "pydantic", "typer", "rich", "skops", "trafilatura", "lxml",
        "matplotlib", "datasets", "pyarrow", "jinja2", "ruamel.yaml", "markdown-it-py", "platformdirs")  # fmt: skip
EXTRA = ("onnxruntime", "tokenizers", "model2vec", "sympy", "flatbuffers", "protobuf", "huggingface-hub", "safetensors")
WORKER = """
import json, resource, sys, time
from pathlib import Path
import stance
folder, texts, n, repeats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
started = time.perf_counter()
model = stance.load_model(Path(folder))
model.predict("They want talks.")
cold = time.perf_counter() - started
found = [s for a in stance.read_articles(texts / "newswire" / "articles.jsonl") for s in stance.split_statements(a)]
seconds = []
for repeat in range(repeats):  # new statements each time, for some encoders remember what they have read
    some = found[repeat * n : (repeat + 1) * n]
    columns = [[getattr(s, name) for s in some] for name in ("text", "previous", "following", "heading")]
    started = time.perf_counter()
    model.predict_statements(*columns)
    seconds.append(time.perf_counter() - started)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rate": n / min(seconds), "cold": cold, "peak": peak}))
"""


def main() -> None:
    """Measure every run and write the report and its figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "frontier.md")
    arguments = parser.parse_args()
    rows = [_measure(path, arguments.texts) for path in arguments.runs]
    rows.sort(key=lambda row: -row["rate"])
    _draw(rows, arguments.output.with_suffix(".svg"))
    arguments.output.write_text(_render(rows, arguments.output.with_suffix(".svg").name), encoding="utf-8")
    print(f"wrote {arguments.output}")


def _measure(path: Path, texts: Path) -> Any:
    run = load_run(path)
    print(f"measuring {run.manifest['name']}", file=sys.stderr, flush=True)
    kind = json.loads((path / "model" / "model.json").read_text(encoding="utf-8"))["kind"]
    slow = kind in {"fine_tuned.v1", "ensemble.v1"} or "encoder" in str(run.config.get("features"))
    command = [sys.executable, "-c", WORKER, str(path), str(texts), str(SMALL if slow else LARGE), str(REPEATS)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    files = sum(each.stat().st_size for each in (path / "model").rglob("*") if each.is_file())
    install = _installed(BASE) + (_installed(EXTRA) if slow or "static" in str(run.config.get("features")) else 0)
    where = ("newswire", "validation")  # what every run has predicted; the test split is for results, not for choosing
    first = next(each for each in run.metrics["evaluations"] if (each["collection"], each["split"]) == where)
    scores = {name: each["value"] for name, each in first["headline"].items()}
    return (
        {"name": run.manifest["name"], "on": f"{first['collection']} {first['split']}", "n": first["n_statements"]}
        | scores
        | json.loads(printed)
        | {"train": run.manifest["duration_seconds"], "model": files / 1e6, "install": install}
    )


def _installed(packages: tuple[str, ...]) -> float:
    """Megabytes that packages take on disk."""
    total = 0
    for name in packages:
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        total += sum(path.stat().st_size for each in files if (path := Path(str(each.locate()))).is_file())
    return total / 1e6


def _render(rows: list[dict[str, Any]], figure: str) -> str:
    lines = [
        "# Accuracy against speed",
        "",
        f"Written by `benchmarks/frontier.py` on {rows[0]['on']} (n={rows[0]['n']}). Speed is `predict_statements` with context, "
        f"fastest of {REPEATS}, one process at a time on a shared machine: read it as ratios. Install is what the packages take "
        "that predicting needs; seconds to train include the report and, where there are folds, out-of-fold predictions; other work ran beside them.",
        "",
        "`accurate` was finished from a checkpoint: its fine-tuning took another 12 to 13 minutes (1,872 steps of 0.4 s).",
        "",
        f"![Macro-F1 against statements per second]({figure})",
        "",
        "| model | motive macro-F1 | stance macro-F1 | joint | statements/s | first prediction, s | peak, MB | model, MB | install, MB | training, s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| `{r['name']}` | {r['motive_macro_f1']:.3f} | {r['stance_macro_f1']:.3f} | {r['joint_accuracy']:.3f} | {r['rate']:,.0f} | "
        f"{r['cold']:.1f} | {r['peak']:.0f} | {r['model']:.1f} | {r['install']:.0f} | {r['train']:.0f} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n"


def _draw(rows: list[dict[str, Any]], path: Path) -> None:
    from matplotlib.figure import Figure

    from stance.plots import figure_to_svg

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    series = (
        ("motive_macro_f1", "o", "motive macro-F1"),
        ("stance_macro_f1", "s", "stance macro-F1"),
        ("joint_accuracy", "^", "joint accuracy"),
    )
    for name, marker, label in series:
        axes.plot([r["rate"] for r in rows], [r[name] for r in rows], marker, label=label, alpha=0.85)
    for number, r in enumerate(rows):
        axes.annotate(
            r["name"].removeprefix("ablation-"),
            (r["rate"], max(r[name] for name, _, _ in series)),
            xytext=(0, 7 + 11 * (number % 2)),  # neighbours' names at two heights, lest they run into one another
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")  # a power of ten would be set as mathematics, which SVG text is not
    axes.set(xlabel="statements per second (log scale)", ylabel="score")
    axes.margins(x=0.12, y=0.15)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    path.write_text(figure_to_svg(figure), encoding="utf-8")


if __name__ == "__main__":
    main()
