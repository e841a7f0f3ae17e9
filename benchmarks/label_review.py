"""Whether the queue of suspected labels finds what it should: disputed labels, and labels that were revised later.

    python benchmarks/label_review.py RUN [-o experiments/reports/label-review.md]

RUN is a run directory with out-of-fold predictions. Train and validation only; no text is read.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance import load_run
from stance.annotations import REVISIONS, read_annotations
from stance.bootstrap import cluster_bootstrap
from stance.errors import CorpusError
from stance.review import disputed, reviewable, self_confidence, suspects, votes_of
from stance.storage import read_jsonl

if TYPE_CHECKING:
    import pandas as pd

    from stance import Codebook, Run
    from stance.annotations import Annotation

ROOT = Path(__file__).resolve().parent.parent
LABELED = ROOT / "data" / "labeled"
COLLECTIONS = ("newswire", "own")
DEPTHS = (50, 100, 200, 400)


def main() -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "label-review.md")
    arguments = parser.parse_args()
    run = load_run(arguments.run)
    sections = [_header(run), *_disputes(run), *_revisions(run)]
    arguments.output.write_text("\n".join(sections) + "\n", encoding="utf-8")
    print(f"wrote {arguments.output}")


def _header(run: Run) -> str:
    return (
        "# Does the review queue find labels worth reading again?\n\n"
        f"Written by `benchmarks/label_review.py` on `{run.path.name}`: out-of-fold and validation predictions, never\n"
        "test. The queue is `stance annotate queue`: labels doubted by confident learning, least believed first.\n"
    )


def _disputes(run: Run) -> list[str]:
    """Share of disputed labels among the first k of the queue, on statements that two or more annotators read."""
    codebook, frame = run.codebook, reviewable(run)
    annotations = [
        a for name in COLLECTIONS for a in read_annotations(LABELED / "annotations" / f"{name}.jsonl", codebook)
    ]
    lines = [
        "## Disputed labels\n",
        "Share of statements whose annotators disagreed, among the first k of the queue that two or more had read. 95%",
        "intervals of the k statements picked, by article. A dispute marks a hard statement, and its label may be right.\n",
        "| collection | statements read twice | share disputed | " + " | ".join(f"first {k}" for k in DEPTHS) + " |",
        "|---|--:|--:|" + "--:|" * len(DEPTHS),
    ]
    for names in (COLLECTIONS, *((name,) for name in COLLECTIONS)):
        part = frame[frame["collection"].isin(names)]
        lines.append(f"| {' and '.join(names)} | " + " | ".join(_disputed_row(part, annotations, codebook)) + " |")
    return [*lines, ""]


def _disputed_row(frame: pd.DataFrame, annotations: list[Annotation], codebook: Codebook) -> list[str]:
    votes = votes_of(annotations)
    twice = frame[[len(votes[id_]) > 1 for id_ in frame["statement_id"]]]
    apart = set(disputed(annotations, twice, codebook)["statement_id"])
    # Doubt is relative to all labels, so that those read once are ranked too, and passed over.
    queue = suspects(frame, codebook)
    queue = queue[queue["statement_id"].isin(twice["statement_id"])]
    cells = [f"{len(twice):,}", f"{len(apart) / len(twice):.3f}"]
    for k in DEPTHS:
        picked = queue.head(k)
        cells.append(_share(picked["statement_id"].isin(apart).to_numpy(), picked["article_id"].to_numpy()))
    return cells


def _share(hit: NDArray[np.bool_], article: NDArray[Any]) -> str:
    _, row = np.unique(article.astype(str), return_inverse=True)
    counts = np.stack([np.bincount(row, hit), np.bincount(row)], axis=1).astype(float)
    value, low, high = cluster_bootstrap(counts, lambda sums: sums[..., :1] / sums[..., 1:], seed=0)
    return f"{value[0]:.2f} [{low[0]:.2f}, {high[0]:.2f}]"


def _revisions(run: Run) -> list[str]:
    """How the labels that a later ruling changed are ranked, once the old label is put back."""
    codebook, frame = run.codebook, reviewable(run).set_index("statement_id", drop=False)
    old = [row for _, row in read_jsonl(LABELED / REVISIONS, CorpusError) if row["statement_id"] in frame.index]
    ids = [row["statement_id"] for row in old]
    for axis in codebook.axes:
        frame.loc[ids, axis] = [row[f"from_{axis}"] for row in old]
    frame = frame.reset_index(drop=True)
    flagged = set(suspects(frame, codebook)["statement_id"])
    belief = self_confidence(frame, codebook)
    revised = frame["statement_id"].isin(ids).to_numpy()
    # The share of other labels that are believed more: the area under the ROC curve.
    better = np.searchsorted(np.sort(belief[~revised]), belief[revised], side="right")
    area = 1 - float(np.mean(better)) / int((~revised).sum())
    found = sum(id_ in flagged for id_ in ids)
    return [
        "## Labels that were revised\n",
        f"{len(ids)} labels of train and validation were changed by a later ruling (`revisions.jsonl`). With the old label",
        f"put back, {found} of them ({found / len(ids):.0%}) are in the queue, beside {len(flagged) / len(frame):.0%} of all",
        f"labels; a revised label is believed less than another in {area:.0%} of pairs (50% by chance).",
        "The model learned from the revised labels of other articles; a model of that time may have found fewer.\n",
    ]


if __name__ == "__main__":
    main()
