"""Agreement of annotators read from a data folder, and as tables beside the Markdown of `stance.agreement`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.agreement import agreement
from stance.annotations import read_annotations
from stance.errors import CorpusError
from stance.intervals import as_columns
from stance.storage import read_jsonl

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook

Found = Mapping[str, Mapping[str, Any]]  # collection → what `stance.agreement.agreement` found


def measure_agreement(data: Path, collection: str, codebook: Codebook) -> dict[str, Any]:
    """Measure a collection's agreement, as `stance.agreement.agreement` does.

    Raises
    ------
    CorpusError, CodebookError
        If a file is missing or malformed, or no two annotators labeled the same statements.
    """
    file = f"{collection}.jsonl"
    spans = read_jsonl(data / "labeled" / "statements" / file, CorpusError)
    article_of = {row["statement_id"]: row["article_id"] for _, row in spans}
    return agreement(read_annotations(data / "labeled" / "annotations" / file, codebook), article_of, codebook)


def count_annotators(found: Found) -> pd.DataFrame:
    """Count the labels that each annotator gave (a row a collection), and the statements that two of them read."""
    import pandas as pd

    rows = [
        {"collection": name, **each["annotators"], "read by two": each["statements"], "read once": each["read_once"]}
        for name, each in found.items()
    ]
    return pd.DataFrame(rows).set_index("collection")


def agreement_by_axis(found: Found) -> pd.DataFrame:
    """Share alike, Cohen's kappa and Krippendorff's alpha, with the ends of their intervals: a row an axis."""
    import pandas as pd

    rows = [
        {"collection": name, "axis": axis, **as_columns({key: scores[key] for key in ("agree", "kappa", "alpha")})}
        for name, each in found.items()
        for axis, scores in each["axes"].items()
    ]
    return pd.DataFrame(rows)


def agreement_by_label(found: Found) -> pd.DataFrame:
    """Alpha of each label against the rest, and how often the two annotators gave it."""
    import pandas as pd

    rows = [
        {"collection": name, "axis": axis, **as_columns(label)}
        for name, each in found.items()
        for axis, scores in each["axes"].items()
        for label in scores["labels"]
    ]
    return pd.DataFrame(rows)
