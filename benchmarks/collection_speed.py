"""Predicting collections, Parquet to Parquet: speed, memory and cold start beside what else people would write.

    python benchmarks/collection_speed.py [--alternatives-python PYTHON] [-o experiments/reports/collections.md]

All in one run, to be read as ratios, because machines are shared and noisy. The collections are the project's own
articles over and over, with new ids. The alternatives run under PYTHON, which may have packages that stance has not.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "data" / "raw" / "own"
TRAIN = ROOT / "data" / "labeled" / "own" / "train.jsonl"
SIZES = (50_000, 200_000, 400_000)  # statements, about; the middle one is what speed is measured on
FEW = 30  # statements of a cold start
EVERY = 0.05  # seconds between looks at memory
# Alternatives, and how many statements each gets: the slow ones fewer.
ALTERNATIVES = {
    "svm-batch": ("scikit-learn: TF-IDF and linear SVM, in one batch", 200_000),
    "svm-rows": ("scikit-learn: the same, statement by statement", 10_000),
    "embeddings": ("sentence-transformers (MiniLM) and logistic regression", 5_000),
    "setfit": ("SetFit (MiniLM)", 3_000),
    "zero-shot": ("transformers: zero-shot by an NLI model", 100),
}


class Cost(NamedTuple):
    """What one process and its children took: wall-clock seconds, and peak resident megabytes of all together."""

    seconds: float
    megabytes: float


def main() -> None:
    """Measure everything and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--alternatives-python", type=Path, default=Path(sys.executable))
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "collections.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _write_collections(Path(folder))
        sections = [
            _header(),
            *_speed(Path(folder), arguments.alternatives_python),
            *_memory(Path(folder)),
            *_killed(Path(folder)),
        ]
    arguments.output.write_text("\n".join(sections) + "\n", encoding="utf-8")
    print(f"wrote {arguments.output}")


def _header() -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        "# Collections\n\n"
        f"Written by `benchmarks/collection_speed.py` on {cores} cores, Python {sys.version.split()[0]}, in one run on a\n"
        "shared machine: read the figures as ratios. Input and output are Parquet; the collections are the project's\n"
        "own articles over and over, with new ids. Memory is the peak of the resident memory of a process and all its\n"
        "children, so that what they share counts several times.\n"
    )


def _write_collections(folder: Path) -> None:
    """Write articles with about as many statements as `SIZES`, and single statements."""
    import pandas as pd

    from stance import read_articles, split_statements

    articles = read_articles(OWN)
    each = sum(len(split_statements(article)) for article in articles) / len(articles)
    for size in (FEW, *SIZES):
        rows = (
            {"id": f"{a.id}-{again}", "title": a.title, "outlet": a.outlet, "date": a.date, "text": a.text}
            for again in count()
            for a in articles
        )
        pd.DataFrame(islice(rows, max(1, round(size / each)))).to_parquet(folder / f"{size}.parquet")
    singles = [
        {"id": f"{s.article_id}-{s.index}-{again}", "text": s.text, "previous": s.previous, "following": s.following, "heading": s.heading}
        for again in range(-(-SIZES[1] // round(each * len(articles))))
        for article in articles
        for s in split_statements(article)
    ]  # fmt: skip
    pd.DataFrame(singles[: SIZES[1]]).to_parquet(folder / "statements.parquet")
    pd.DataFrame(singles[:FEW]).to_parquet(folder / "few.parquet")


def _speed(folder: Path, python: Path) -> list[str]:
    """Measure statements per second, memory and cold start of stance and of the alternatives."""
    rows = [
        (f"**stance**, --unit {unit}, {workers} process{'es' * (workers > 1)}", *_stance(folder, unit, workers))
        for unit in ("article", "statement")
        for workers in (1, 2)
    ]
    rows += [(name, *_alternative(folder, python, key, n)) for key, (name, n) in ALTERNATIVES.items()]
    best = max(rate for _, rate, *_ in rows[:4] if rate)
    lines = [
        "## Speed, memory, cold start\n",
        "| | statements | statements/s | best of stance, times | peak MB | cold start, s |",
    ]
    lines.append("|---|---|---|---|---|---|")
    for name, rate, n, cost, cold in rows:
        if not rate:
            lines.append(f"| {name} | not to be had here: {cost} | | | | |")
            continue
        lines.append(
            f"| {name} | {n:,} | {rate:,.0f} | {best / rate:,.1f} | {cost.megabytes:,.0f} | {cold.seconds:.1f} |"
        )
    note = (
        f"\nOf two runs the quicker. Statements/s leaves out the cold start, which is a process that labels {FEW} statements.\n"
        "Every row labels both axes and writes the table. All of stance's rows say who is speaking, and give proba, status\n"
        "and evidence; with --unit article it finds the statements as well. The alternatives give labels of single\n"
        "statements, by models trained before; how good these are is not compared here. Zero-shot takes a pass of its\n"
        "model for each label of both axes.\n"
    )
    return [*lines, note]


def _stance(folder: Path, unit: str, workers: int) -> tuple[float, int, Cost, Cost]:
    large, small = (SIZES[1], FEW) if unit == "article" else ("statements", "few")
    cold = _best(_command(folder, f"{small}.parquet", "--unit", unit))
    cost = _best(_command(folder, f"{large}.parquet", "--unit", unit, "--workers", str(workers)))
    n = _rows(folder / "out.parquet")
    return n / (cost.seconds - cold.seconds), n, cost, cold


def _command(folder: Path, name: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "stance", "predict", str(folder / name), "-o", str(folder / "out.parquet"), *options]


def _alternative(folder: Path, python: Path, name: str, n: int) -> tuple[float, int, Any, Any]:
    """Train an alternative, then measure it; why it cannot be had stands in the place of its cost."""
    script, model, out = (
        [str(python), str(ROOT / "benchmarks" / "collection_alternatives.py")],
        folder / name,
        folder / "o",
    )
    model.mkdir()
    fitted = subprocess.run([*script, "fit", name, str(TRAIN), str(model)], capture_output=True, text=True, check=False)
    predict = [*script, "predict", name, str(model), str(folder / "statements.parquet")]
    done = (
        fitted
        if fitted.returncode
        else subprocess.run([*predict, "2", str(out)], capture_output=True, text=True, check=False)
    )
    if done.returncode:
        return 0, 0, done.stderr.strip().split("\n")[-1] if done.returncode == 3 else "it fails", None
    cold, cost = _best([*predict, str(FEW), str(out)]), _best([*predict, str(n), str(out)])
    return (n - FEW) / (cost.seconds - cold.seconds), n, cost, cold


def _memory(folder: Path) -> list[str]:
    """Show that memory does not grow with the collection."""
    lines = ["## Memory by size, two processes\n", "| statements | peak MB |\n|---|---|"]
    for size in SIZES:
        cost = _run(_command(folder, f"{size}.parquet", "--workers", "2"))
        lines.append(f"| {_rows(folder / 'out.parquet'):,} | {cost.megabytes:,.0f} |")
    return [*lines, ""]


def _killed(folder: Path) -> list[str]:
    """Kill a prediction again and again, and compare what it wrote in the end with an unbroken one."""
    command = _command(folder, f"{SIZES[1]}.parquet")
    _run(command)
    whole = hashlib.sha256((folder / "out.parquet").read_bytes()).hexdigest()
    (folder / "out.parquet").unlink()
    kills = 0
    for seconds in (2.5, 3.0, 3.5, 4.0):
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            kills += 1
    _run(command)
    same = hashlib.sha256((folder / "out.parquet").read_bytes()).hexdigest() == whole
    found = "the same bytes as" if same else "**other bytes than**"
    return ["## Killed and gone on with\n", f"Killed (signal 9) {kills} times and run again: {found} an unbroken run."]


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.ParquetFile(path).metadata.num_rows)


def _best(command: list[str]) -> Cost:
    """Run a command twice and return the quicker: what else the machine does only ever slows it."""
    return min(_run(command), _run(command))


def _run(command: list[str]) -> Cost:
    """Run a command to its end, looking at the memory of all its processes meanwhile."""
    started, peak = time.perf_counter(), 0
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        peak = max(peak, sum(_resident(pid) for pid in _family(child.pid)))
        time.sleep(EVERY)
    if child.returncode:
        sys.exit(f"failed: {' '.join(command)}")
    return Cost(time.perf_counter() - started, peak * os.sysconf("SC_PAGE_SIZE") / 1e6)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has just ended
        return
    for child in children:
        yield from _family(child)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0


if __name__ == "__main__":
    main()
