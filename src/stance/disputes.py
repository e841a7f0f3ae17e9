"""Statements whose annotators disagree, each annotator's vote beside what a run says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stance.annotations import read_all_annotations
from stance.review import PLACE, disputed
from stance.review_queue import data_folder

if TYPE_CHECKING:
    import pandas as pd

    from stance.runs import Run


def disputes(run: Run, texts: Path | None = None) -> pd.DataFrame:
    """List a run's predicted statements whose annotators disagree, those whose text may be shown first.

    Parameters
    ----------
    run : Run
        Its project's data folder is sought from its folder upwards.
    texts : Path, optional
        The folder that holds the text of others, to show it too: for your own reading only.

    Returns
    -------
    DataFrame
        ``text`` ("" where it may not be shown); a column an annotator, with "motive/stance" or "" for no vote; then
        ``consensus``, ``label``, ``predicted`` and ``joint_proba`` as `stance.review.disputed` gives them, and where
        the statement stands.

    Raises
    ------
    RunError
        If the run's data folder is gone.
    """
    import pandas as pd

    frame = run.predictions
    annotations = read_all_annotations(data_folder(run), dict.fromkeys(frame["collection"]), run.codebook)
    rows = disputed(annotations, frame, run.codebook)
    votes = pd.DataFrame(list(rows["votes"]), index=rows.index).fillna("")
    text = rows["statement_id"].map(run.statements(texts)["text"]).fillna("")
    found = pd.concat([text.rename("text"), votes.sort_index(axis=1), rows.drop(columns=["votes", *PLACE])], axis=1)
    return found.join(rows[PLACE]).sort_values("text", key=lambda text: text == "", kind="stable", ignore_index=True)
