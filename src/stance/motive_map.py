"""The motive map: which aims articles ascribe to X, and how many statements assert or doubt each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from stance.codebook import Codebook
from stance.error_rates import ErrorRates
from stance.errors import StanceError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.console import RenderableType

    from stance.prevalence import TrueCounts

NEEDED = ("article_id", "motive", "stance", "status")  # columns of predictions; others only where one groups by them
STATUSES = ("ok", "abstain", "out_of_domain")
SORTS = ("support", "doubt", "net", "statements", "codebook")
# What can be grouped by, the column it takes, and how much of that column: dates are ISO strings.
GROUPS = {
    "source": ("source", ""), "outlet": ("outlet", ""), "year": ("date", r"^(\d{4})"),
    "month": ("date", r"^(\d{4}-\d{2})"), "article": ("article_id", ""),
}  # fmt: skip
NOT_KNOWN = "(not known)"


@dataclass(frozen=True)
class MotiveMap:
    """Statements by motive and stance; made by `motive_map`.

    Attributes
    ----------
    table : DataFrame
        The predictions that are counted.
    codebook : Codebook
        That their labels are of. Its first stance that is not null asserts a motive, the second doubts it.
    rates : ErrorRates or None
        By which counts are corrected.
    sort : str
        One of `SORTS`: the statements that assert a motive (of as many, those of fewer doubts first), that doubt it,
        the difference of the two, all its statements, or the codebook's order. Counts are the corrected ones where
        there are any, else those of the likeliest labels, held back or not.
    title : str
        Whom or what the map is of.
    """

    table: pd.DataFrame
    codebook: Codebook
    rates: ErrorRates | None = None
    sort: str = "support"
    title: str = ""

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One mapping a motive that is not null, ranked.

        ``motive, name``; ``statements`` in domain and their ``share`` of all in domain; ``articles``; for each stance
        the number of statements whose labels the model stands by (status ``ok``), and as ``abstained_<stance>`` of
        those it holds back; ``abstained``, their sum; ``corrected``: None, or for ``statements`` and each stance a cell
        ``value, low, high``.
        """
        null = self.codebook.null_label("motive")
        rows = [self._row(motive) for motive in self.codebook.labels("motive") if motive != null]
        return rows if self.sort == "codebook" else sorted(rows, key=self._rank)

    @cached_property
    def totals(self) -> dict[str, Any]:
        """What was counted: articles, statements, those out of domain (left out), in domain, and without a motive."""
        counts, null = self._counts, self.codebook.null_label("motive")
        found = self._true_counts
        return {
            "articles": int(self.table["article_id"].nunique()),
            "statements": len(self.table),
            "out_of_domain": len(self.table) - sum(counts.values()),
            "in_domain": sum(counts.values()),
            "no_motive": sum(n for (motive, _, _), n in counts.items() if motive == null),
            "no_motive_abstained": sum(n for (m, _, status), n in counts.items() if m == null and status == "abstain"),
            "no_motive_corrected": found.cell(lambda motive, _: motive == null) if found else None,
        }

    @cached_property
    def correction(self) -> str:
        """Say by what the counts were corrected, or why they were not."""
        from stance.prevalence import MIN_STATEMENTS

        if self.rates is None:
            return "Counts are not corrected: the error rates of the model are not known."
        if self._true_counts is None:
            return (
                f"Too few statements to correct counts: {self.totals['in_domain']} in domain, {MIN_STATEMENTS} needed."
            )
        known = self.rates
        by = f"{known.statements:,} labeled statements of {known.articles:,} articles ({known.collection})"
        said = f"Corrected (≈) for the model's errors on {by}, with 95% intervals"
        return f"{said}; on text of another kind they can be far off."

    @property
    def leanings(self) -> tuple[str, ...]:
        """Stances that are not null: the first asserts a motive, the second (where there is one) doubts it."""
        null = self.codebook.null_label("stance")
        return tuple(label for label in self.codebook.labels("stance") if label != null)

    def groups(self, by: str) -> dict[str, MotiveMap]:
        """Return a map for each source, outlet, year, month or article.

        Years and months stand in order of time, others by how many of their statements have a motive. What a table
        does not name (an outlet, a date) is one group, `NOT_KNOWN`.

        Raises
        ------
        StanceError
            If ``by`` is none of `GROUPS`, or the table lacks its column.
        """
        if by not in GROUPS:
            raise StanceError(f"a map is not grouped by {by!r}", remedy=did_you_mean(by, GROUPS))
        column, pattern = GROUPS[by]
        if column not in self.table:
            remedy = "Predict with --details (in Python: details=True)."
            raise StanceError(f"cannot be grouped by {by}: there is no column {column!r}", where="table", remedy=remedy)
        names = self.table[column].astype("str").fillna("")
        names = names.str.extract(pattern, expand=False).fillna("") if pattern else names.str.strip()
        parts = self.table.groupby(names.where(names != "", NOT_KNOWN), sort=True)
        maps = {str(name): replace(self, table=part, title=str(name)) for name, part in parts}
        if not pattern:
            maps = dict(sorted(maps.items(), key=lambda item: -item[1].with_motive))
        return dict(sorted(maps.items(), key=lambda item: item[0] == NOT_KNOWN)) if pattern else maps

    @property
    def with_motive(self) -> int:
        """Statements in domain whose likeliest motive is not null."""
        return int(self.totals["in_domain"] - self.totals["no_motive"])

    def to_frame(self, by: str | None = None) -> pd.DataFrame:
        """Return the ranked rows as a table, one for each group and motive.

        Corrected counts take the columns ``corrected_<what>``, ``..._low`` and ``..._high``; NaN where there are none.
        """
        import pandas as pd

        if by is None:
            return pd.DataFrame([self._flat(row) for row in self.rows])
        each = [{by: name} | self._flat(row) for name, part in self.groups(by).items() for row in part.rows]
        return pd.DataFrame(each, columns=None if each else [by, *self._flat(self.rows[0])])

    def to_dict(self, by: str | None = None) -> dict[str, Any]:
        """Return the map, or those of its groups, as plain data, JSON-ready."""
        whole = {"totals": self.totals, "correction": self.correction, "sort": self.sort, "motives": self.rows}
        if by is None:
            return whole
        return whole | {"by": by, "groups": [{by: name} | part.to_dict() for name, part in self.groups(by).items()]}

    def chart(self) -> RenderableType:
        """Return the map as bars for a terminal: doubt to the left, support to the right."""
        from stance.map_chart import MapChart

        return MapChart(self)

    def figure(self, by: str | None = None) -> Figure:
        """Return the map as a figure that is not tied to pyplot; see `stance.map_figure`."""
        from stance.map_figure import map_figure

        return map_figure(self, by)

    def _repr_html_(self) -> str:
        from stance.map_figure import map_svg

        return map_svg(self)

    @cached_property
    def _counts(self) -> Counter[tuple[str, str, str]]:
        """Statements in domain by motive, stance and status."""
        inside = self.table[self.table["status"] != "out_of_domain"]
        return Counter(inside[["motive", "stance", "status"]].itertuples(index=False, name=None))

    @cached_property
    def _true_counts(self) -> TrueCounts | None:
        from stance.prevalence import true_counts

        return true_counts(self._counts, self.rates, self.codebook) if self.rates else None

    def _row(self, motive: str) -> dict[str, Any]:
        stances = self.codebook.labels("stance")
        kept = {stance: self._counts[motive, stance, "ok"] for stance in stances}
        held = {f"abstained_{stance}": self._counts[motive, stance, "abstain"] for stance in stances}
        n, total = sum(kept.values()) + sum(held.values()), self.totals["in_domain"]
        mine = self.table[(self.table["motive"] == motive) & (self.table["status"] != "out_of_domain")]
        return {
            "motive": motive,
            "name": self.codebook.label("motive", motive).name,
            "statements": n,
            "share": n / total if total else 0.0,
            "articles": int(mine["article_id"].nunique()),
            **kept,
            "abstained": sum(held.values()),
            **held,
            "corrected": self._corrected(motive),
        }

    def _corrected(self, motive: str) -> dict[str, dict[str, float]] | None:
        found = self._true_counts
        if found is None:
            return None
        whole = found.cell(lambda m, _: m == motive)
        return {"statements": whole} | {
            s: found.cell(partial(_is, (motive, s))) for s in self.codebook.labels("stance")
        }

    def _flat(self, row: Mapping[str, Any]) -> dict[str, Any]:
        names = [f"corrected_{what}" for what in ("statements", *self.codebook.labels("stance"))]
        cells = (row["corrected"] or {}).values() or [{}] * len(names)
        flat = {key: value for key, value in row.items() if key != "corrected"}
        for name, cell in zip(names, cells, strict=True):
            ends = {f"{name}_{end}": cell.get(end, float("nan")) for end in ("low", "high")}
            flat |= {name: cell.get("value", float("nan"))} | ends
        return flat

    def _rank(self, row: Mapping[str, Any]) -> tuple[float, ...]:
        support, doubt = (count_of(row, stance) for stance in (*self.leanings, "")[:2])
        first = {"support": support, "doubt": doubt, "net": support - doubt, "statements": count_of(row, "statements")}
        return (-first[self.sort], -support, doubt)


def _is(wanted: tuple[str, str], motive: str, stance: str) -> bool:
    return (motive, stance) == wanted


def count_of(row: Mapping[str, Any], what: str) -> float:
    """Return a row's best count of a stance, or of all ``statements``: corrected, else of the likeliest labels."""
    if row["corrected"]:
        return float(row["corrected"][what]["value"]) if what else 0.0
    return float(row.get(what, 0) + row.get(f"abstained_{what}", 0))


def motive_map(
    table: pd.DataFrame, codebook: Codebook, rates: ErrorRates | None = None, *, sort: str = "support", title: str = ""
) -> MotiveMap:
    """Count the statements of each motive, and how they lean.

    Parameters
    ----------
    table : DataFrame
        From `stance.Model.predict`; with ``details=True`` it can be grouped by outlet and date too.
    codebook : Codebook
        That the labels are of: ``model.codebook``.
    rates : ErrorRates, optional
        Of the model that predicted: ``model.rates``. With them counts are corrected for its errors, in the map and in
        each group of at least 50 statements in domain.
    sort, title : str
        As in `MotiveMap`.

    Raises
    ------
    StanceError
        If the table is no table of predictions under that codebook.
    """
    if missing := [name for name in NEEDED if name not in table]:
        remedy = "Give what `stance predict` wrote, or Model.predict returned."
        raise StanceError(f"no table of predictions: there is no column {missing[0]!r}", where="table", remedy=remedy)
    if sort not in SORTS:
        raise StanceError(f"a map is not sorted by {sort!r}", remedy=did_you_mean(sort, SORTS))
    for motive, stance in sorted(set(zip(table["motive"].astype("str"), table["stance"].astype("str"), strict=True))):
        codebook.check(motive, stance, where="table")
    if unknown := sorted(set(table["status"].astype("str")) - set(STATUSES)):
        raise StanceError(
            f"status {unknown[0]!r} is not known", where="table", remedy=did_you_mean(unknown[0], STATUSES)
        )
    return MotiveMap(table, codebook, rates, sort, title)
