"""The seed article statement by statement: gold labels beside those of one or more runs, by offsets and without its text.

    python benchmarks/seed_article.py RUN [RUN ...] [-o experiments/reports/seed-article.md]

Each RUN must have evaluated the collection ``seed`` (no run trains on it).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from stance.runs import Run, load_run

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "seed-article.md")
    arguments = parser.parse_args()
    arguments.output.write_text(render([load_run(path) for path in arguments.runs]), encoding="utf-8")
    print(f"wrote {arguments.output}")


def render(runs: list[Run]) -> str:
    """Return the page: a row a statement, and for each run what it predicted, with its proba."""
    frames = {run.manifest["name"]: _seed(run) for run in runs}
    lines = ["# The seed article, statement by statement", ""]
    lines += [f"- `{name}`: {_count(frame)}" for name, frame in frames.items()]
    lines += [
        "",
        "✓ right, ✗ wrong (motive, stance). Offsets are characters of the article, whose text is not ours to print.",
        "",
    ]
    lines.append("| # | characters | gold | " + " | ".join(f"`{name}`" for name in frames) + " |")
    lines.append("|--:|---|---|" + "---|" * len(frames))
    rows = zip(*(frame.to_dict(orient="records") for frame in frames.values()), strict=True)
    for number, predicted in enumerate(rows, 1):
        gold = predicted[0]
        cells = " | ".join(_cell(each) for each in predicted)
        lines.append(f"| {number} | {gold['start']}–{gold['end']} | {gold['motive']} / {gold['stance']} | {cells} |")
    return "\n".join(lines) + "\n"


def _seed(run: Run) -> Any:
    predictions = run.predictions
    return predictions[predictions["collection"] == "seed"].sort_values("start")


def _count(frame: Any) -> str:
    motive, stance = (frame[axis] == frame[f"predicted_{axis}"] for axis in ("motive", "stance"))
    return f"{motive.sum()} of {len(frame)} motives, {stance.sum()} stances, {(motive & stance).sum()} both"


def _cell(row: dict[Any, Any]) -> str:
    marks = "".join("✓" if row[axis] == row[f"predicted_{axis}"] else "✗" for axis in ("motive", "stance"))
    return f"{marks} {row['predicted_motive']} / {row['predicted_stance']} ({row['motive_proba']:.2f})"


if __name__ == "__main__":
    main()
