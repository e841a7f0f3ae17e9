"""The statements that teach most about a run, as a table and as a list to read in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stance.render import render_examples
from stance.report_examples import examples_section

if TYPE_CHECKING:
    import pandas as pd

    from stance.runs import Run


BIAS = "bias"  # the field of what no word says


class Examples:
    """Chosen errors, and a few right predictions to hold them against, with the words that moved each decision.

    Parameters
    ----------
    section : dict
        From `stance.report_examples.examples_section`; ``report.data["errors"]`` is one.
    """

    def __init__(self, section: Mapping[str, Any]) -> None:
        self.section = section

    @classmethod
    def of_run(cls, run: Run) -> Examples:
        """Choose those of a run; only the project's own text is in them."""
        return cls(examples_section(run, run.statements()))

    def frame(self) -> pd.DataFrame:
        """One row an example: why it was chosen, its text where it may be shown, and both labels, right or wrong."""
        import pandas as pd

        return pd.DataFrame([_row(example) for example in self.section["examples"]])

    def _repr_html_(self) -> str:
        return render_examples(self.section)


def _row(example: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: example[name] for name in ("reason", "text", "statement_id", "collection", "outcome", "status")}
    for answer in example["answers"]:
        axis = answer["axis"]
        row |= {axis: answer["gold_id"], f"predicted_{axis}": answer["predicted_id"], f"{axis}_proba": answer["proba"]}
    moved = [term for each in example["evidence"] for term in each["terms"] if term["weight"] > 0]
    return row | {"words": "; ".join(dict.fromkeys(term["term"] for term in moved if term["field"] != BIAS))}
