"""The motive map: which aims an article or a collection ascribes to X, and how far each is asserted or doubted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stance.codebook import Codebook
from stance.error_rates import ErrorRates

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.console import RenderableType

SORTS = ("support", "doubt", "net", "statements", "codebook")
GROUPS = ("source", "outlet", "year", "month", "article")


@dataclass(frozen=True)
class MotiveMap:
    """Statements per motive and stance; get one from `motive_map`.

    Attributes
    ----------
    table : DataFrame
        The predictions that were counted.
    """

    table: pd.DataFrame
    codebook: Codebook
    rates: ErrorRates | None = None
    sort: str = "support"

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One mapping a motive that is not null, ranked: counts, shares and corrected counts."""
        null = self.codebook.null_label("motive")
        counted = [self._row(motive) for motive in self.codebook.labels("motive") if motive != null]
        return sorted(counted, key=self._rank)

    @cached_property
    def totals(self) -> dict[str, int]:
        """Statements, those in domain, and what became of the others; ``none`` are those of the null motive."""
        status, null = self.table["status"], self.table["motive"] == self.codebook.null_label("motive")
        inside = status != "out_of_domain"
        return {
            "articles": int(self.table["article_id"].nunique()),
            "statements": len(self.table),
            "out_of_domain": int((~inside).sum()),
            "in_domain": int(inside.sum()),
            "no_motive": int((inside & null).sum()),
            "no_motive_abstained": int((null & (status == "abstain")).sum()),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the map as plain data, JSON-ready."""
        return {"totals": self.totals, "sort": self.sort, "motives": self.rows}

    def to_frame(self, by: str | None = None) -> pd.DataFrame:
        """Return the map as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def chart(self) -> RenderableType:
        """Return the map as bars for a terminal."""
        raise NotImplementedError

    def figure(self, by: str | None = None) -> Figure:
        """Return the map as a figure."""
        raise NotImplementedError

    @property
    def leanings(self) -> tuple[str, ...]:
        """Stances that are not null: the first asserts a motive, the second doubts it."""
        null = self.codebook.null_label("stance")
        return tuple(label for label in self.codebook.labels("stance") if label != null)

    def _row(self, motive: str) -> dict[str, Any]:
        mine = self.table[self.table["motive"] == motive]
        ok, held = (mine["stance"][mine["status"] == status].value_counts() for status in ("ok", "abstain"))
        stances = self.codebook.labels("stance")
        kept = {stance: int(ok.get(stance, 0)) for stance in stances}
        abstained = {stance: int(held.get(stance, 0)) for stance in stances}
        n = sum(kept.values()) + sum(abstained.values())
        return {
            "motive": motive,
            "name": self.codebook.label("motive", motive).name,
            "statements": n,
            "share": n / self.totals["in_domain"] if n else 0.0,
            **kept,
            "abstained": sum(abstained.values()),
            **{f"abstained_{stance}": count for stance, count in abstained.items()},
            "corrected": None,
        }

    def _rank(self, row: Mapping[str, Any]) -> tuple[float, ...]:
        support, doubt = (row[s] + row[f"abstained_{s}"] for s in self.leanings[:2])
        return (-support, doubt)


def motive_map(table: pd.DataFrame, codebook: Codebook, rates: ErrorRates | None = None) -> MotiveMap:
    """Count the statements of each motive, and how they lean.

    Parameters
    ----------
    table : DataFrame
        From `stance.Model.predict`; with ``details=True`` it can be grouped by outlet and date too.
    codebook : Codebook
        That the labels are of.
    rates : ErrorRates, optional
        Of the model that predicted; with them counts are corrected for its errors.
    """
    return MotiveMap(table, codebook, rates)
