"""Speed and memory of training and prediction, as ratios taken in one run because machines are shared and noisy.

    python benchmarks/speed.py RUN --texts DIR [-o experiments/reports/speed.md]

RUN is a run directory of the default experiment; DIR holds newswire/articles.jsonl.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
ARTICLE = ROOT / "data" / "raw" / "example" / "what-pyongyang-is-after.md"
REPEATS = 5


def main() -> None:
    """Measure everything and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "speed.md")
    arguments = parser.parse_args()
    os.environ["STANCE_TEXTS"] = str(arguments.texts.resolve())
    # Children first: a child's peak memory is counted from its parent's, which grows with the throughput run.
    started, trained = _cold_start(arguments.run), _training()
    sections = [_header(), *_throughput(arguments.run, arguments.texts), *started, *trained]
    arguments.output.write_text("\n".join(sections) + "\n", encoding="utf-8")
    print(f"wrote {arguments.output}")


def _header() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        "# Speed and memory\n\n"
        f"Written by `benchmarks/speed.py` on {cores} cores, Python {sys.version.split()[0]}. Wall-clock seconds\n"
        "of one run on a shared machine: read them as ratios.\n"
    )


def _throughput(run: Path, texts: Path) -> list[str]:
    """Statements per second of `predict` on the newswire articles, part by part."""
    from stance import load_model, read_articles, split_statements
    from stance.sources import attribute

    model = load_model(run)
    path = texts / "newswire" / "articles.jsonl"
    articles, reading = _timed(lambda: read_articles(path))
    statements, cutting = _timed(lambda: [split_statements(article) for article in articles])
    _, attributing = _timed(lambda: [attribute(s, outlet=a.outlet) for s, a in zip(statements, articles, strict=True)])
    flat = [statement.text for part in statements for statement in part]
    _, tagging = _timed(lambda: model.classifier.scores(_frame(flat)))
    table, whole = _timed(lambda: model.predict(path))
    n = len(table)
    rows = {
        "read articles and find blocks": reading,
        "cut into statements": cutting,
        "who says it": attributing,
        "scores of every label": tagging,
        "`model.predict`, everything": whole,
    }
    lines = [
        f"## Throughput: {len(articles):,} newswire articles, {n:,} statements\n",
        "| step | seconds | statements/s | share |",
    ]
    lines.append("|---|---|---|---|")
    lines += [f"| {name} | {s:.2f} | {n / s:,.0f} | {s / whole:.0%} |" for name, s in rows.items()]
    return [*lines, ""]


def _frame(texts: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"text": texts, "previous": "", "following": "", "heading": ""})


def _cold_start(run: Path) -> list[str]:
    """Seconds from nothing to a table for one article, beside what Python and scikit-learn alone take."""
    stance = [sys.executable, "-m", "stance"]
    commands = {
        "bare Python": [sys.executable, "-c", "pass"],
        "Python with scikit-learn's SVM and TF-IDF imported": [
            sys.executable, "-c", "import sklearn.svm, sklearn.feature_extraction.text, sklearn.compose",
        ],
        "`stance --help`": [*stance, "--help"],
        "`stance predict` on one article": [*stance, "predict", str(ARTICLE), "--model", str(run)],
    }  # fmt: skip
    measured = {name: _median_run(command) for name, command in commands.items()}
    whole = measured["`stance predict` on one article"][0]
    lines = [f"## Cold start (median of {REPEATS})\n", "| command | seconds | share of predict | peak memory, MB |"]
    lines.append("|---|---|---|---|")
    lines += [f"| {name} | {s:.2f} | {s / whole:.0%} | {mb:.0f} |" for name, (s, mb) in measured.items()]
    return [*lines, ""]


def _training() -> list[str]:
    """Seconds and memory of training the default experiment, report included."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "stance", "train", str(ROOT / "experiments" / "configs" / "default.yaml")]
        seconds, megabytes = _run([*command, "--set", f"output={folder}"])
        sizes = sum(path.stat().st_size for path in Path(folder).glob("*/model/*"))
    return [
        "## Training the default experiment, report included\n",
        "| seconds | peak memory, MB | model, MB |\n|---|---|---|",
        f"| {seconds:.1f} | {megabytes:.0f} | {sizes / 1e6:.1f} |",
    ]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def _median_run(command: list[str]) -> tuple[float, float]:
    _run(command)  # warm up: the first run may compile what it imports
    runs = [_run(command) for _ in range(REPEATS)]
    return statistics.median(s for s, _ in runs), max(mb for _, mb in runs)


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds and peak resident megabytes of one child process."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
