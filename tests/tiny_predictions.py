"""Made-up predictions with every column that an evaluation reads, on a codebook of three labels an axis."""

import numpy as np
import pandas as pd

from stance.codebook import Codebook


def _codebook():
    def axis(name, *labels):
        made = [{"id": label, "name": label.title(), "definition": "."} for label in labels]
        named = {"id": name, "question": "?", "instructions": ".", "null_label": labels[-1], "target": "t"}
        return named | {"labels": made}

    axes = [axis("motive", "talks", "pride", "none"), axis("stance", "pro", "con", "neutral")]
    return Codebook.from_dict({"name": "tiny", "version": "1", "title": "t", "unit": "u", "axes": axes})


CODEBOOK = _codebook()


def predictions(n=120, articles=20, seed=0, right=0.6):
    rng = np.random.default_rng(seed)
    named = {"statement_id": [f"s{i}" for i in range(n)], "article_id": rng.integers(0, articles, n).astype(str)}
    frame = pd.DataFrame(named)
    for axis in CODEBOOK.axes:
        labels = CODEBOOK.labels(axis)
        frame[axis] = rng.choice(labels, n)
        frame[f"predicted_{axis}"] = np.where(rng.random(n) < right, frame[axis], rng.choice(labels, n))
        frame[f"{axis}_proba"] = rng.uniform(0.4, 1, n)
        proba = rng.dirichlet(np.ones(len(labels)), n).round(6)
        for column, label in enumerate(labels):
            frame[f"proba_{axis}_{label}"] = proba[:, column]
    for prefix in ("", "predicted_"):  # no motive, no stance
        frame.loc[frame[f"{prefix}motive"] == "none", f"{prefix}stance"] = "neutral"
    return frame.assign(joint_proba=rng.uniform(0.1, 1, n).round(6))


def constant(frame, motive="talks", stance="pro"):
    return frame.assign(predicted_motive=motive, predicted_stance=stance)
