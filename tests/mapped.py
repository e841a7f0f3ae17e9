"""Made-up predictions for the motive map, and a model's error rates, on the tiny codebook."""

import pandas as pd
from tiny_predictions import CODEBOOK

from stance.error_rates import ErrorRates

PAIRS = [(m, s) for m in ("talks", "pride") for s in ("pro", "con", "neutral")] + [("none", "neutral")]


def table(cells, **columns):
    """Return predictions from (motive, stance, status) triples; further columns by name."""
    frame = pd.DataFrame(cells, columns=["motive", "stance", "status"])
    frame.insert(0, "article_id", "a")
    return frame.assign(statement_index=range(len(frame)), **columns)


def rates(right=8, wrong=1):
    """Return rates under which every pair is mostly predicted right, and each wrong one as often as the others."""
    counts = {
        (*true, *guess, status): right if true == guess else wrong
        for true in PAIRS
        for guess in PAIRS
        for status in ("ok", "abstain")
    }
    return ErrorRates("news", 5, counts, dict.fromkeys(PAIRS, 10))


__all__ = ["CODEBOOK", "PAIRS", "rates", "table"]
