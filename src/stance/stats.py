"""What the corpus holds, counted: by collection, split, motive, stance, outlet and year; as tables and as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from stance.codebook import Codebook

MOST_OUTLETS = 15


def count_pairs(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Count statements by motive (rows) and stance (columns), in the codebook's order, with totals."""
    import pandas as pd

    counts = pd.crosstab(frame["motive"], frame["stance"])
    counts = counts.reindex(index=codebook.labels("motive"), columns=codebook.labels("stance"), fill_value=0)
    counts.loc["all"] = counts.sum()
    return counts.assign(all=counts.sum(axis=1))


def count_splits(frame: pd.DataFrame) -> pd.DataFrame:
    """Count statements and articles by collection and split."""
    return frame.groupby(["collection", "split"]).agg(
        statements=("statement_id", "size"), articles=("article_id", "nunique")
    )


def count_outlets(frame: pd.DataFrame) -> pd.DataFrame:
    """Count statements and articles of the outlets with the most statements."""
    counted = frame.groupby("outlet").agg(statements=("statement_id", "size"), articles=("article_id", "nunique"))
    return counted.sort_values("statements", ascending=False, kind="stable").head(MOST_OUTLETS)


def count_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Count statements by year (rows; ``""`` where no date is known) and collection (columns)."""
    import pandas as pd

    return pd.crosstab(frame["date"].str[:4], frame["collection"])


def balance_figure(frame: pd.DataFrame, codebook: Codebook) -> Figure:
    """Draw the share of each stance within each motive, with the number of statements: a bar a motive."""
    from matplotlib.figure import Figure

    counts = count_pairs(frame, codebook).drop(index="all", columns="all")
    figure = Figure(figsize=(7.5, 0.42 * len(counts) + 1.2), layout="constrained")
    axes: Any = figure.subplots()
    names = [f"{codebook.label('motive', str(motive)).name} ({n:,})" for motive, n in counts.sum(axis=1).items()]
    left = counts.sum(axis=1) * 0.0
    # Told apart without colour too: by hatching and by their order.
    for stance, colour, hatch in zip(counts.columns, ("#2c7fb8", "#d95f0e", "#d0d4d9"), ("", "///", ""), strict=False):
        axes.barh(names, counts[stance], left=left, color=colour, hatch=hatch, edgecolor="white", label=stance)
        left = left + counts[stance]
    axes.invert_yaxis()
    axes.set_xlabel("statements")
    axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def render_stats(frame: pd.DataFrame, codebook: Codebook) -> str:
    """Render all tables as Markdown."""
    parts = ["# What the corpus holds", "## Splits", _markdown(count_splits(frame).reset_index())]
    for collection, part in frame.groupby("collection"):
        parts += [f"## Motive and stance: {collection}", _markdown(count_pairs(part, codebook).reset_index())]
    parts += [
        f"## Outlets (the {MOST_OUTLETS} with the most statements)",
        _markdown(count_outlets(frame).reset_index()),
    ]
    parts += ["## Years", _markdown(count_years(frame).reset_index())]
    return "\n\n".join(parts) + "\n"


def _markdown(table: pd.DataFrame) -> str:
    rows = [[str(name) for name in table.columns], ["---"] * len(table.columns)]
    rows += [[str(cell) for cell in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
