"""Who ascribes which motive: a network of sources and motives, as discourse network analysis draws it.

A source is tied to a motive by the statements in which it asserts (agreement) or doubts it. Two sources are congruent
on a motive that both assert or both doubt, and in conflict on one that the one asserts and the other doubts (Leifeld,
Discourse network analysis, Oxford Handbook of Political Networks, 2017). Statements that do neither make no tie: they
are counted as ``neutral`` on ties that there are, and left out of lists of agreements.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from stance.motive_map import NOT_KNOWN, MotiveMap

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

# Of the event list that Discourse Network Analyzer 3 exports: its own columns, then its default statement type's.
DNA_COLUMNS = (
    "statement ID", "time", "document ID", "document title", "author", "source", "section", "type", "text",
    "person", "organization", "concept", "agreement",
)  # fmt: skip


def source_motive_network(map_: MotiveMap, *, abstained: bool = False) -> nx.Graph:
    """Return the two-mode network of sources and motives.

    Parameters
    ----------
    map_ : MotiveMap
        Of a table with the column ``source``.
    abstained : bool
        Count statements that the model holds back too.

    Returns
    -------
    networkx.Graph
        Nodes with ``kind`` (source or motive), ``name``, ``affiliation`` and ``statements``; ties with ``support``,
        ``doubt``, ``neutral``, ``weight`` (support and doubt) and ``sign`` (1, -1, or 0 for as much of either).
    """
    import networkx as nx

    network, statements = nx.Graph(), _statements(map_, abstained=abstained)
    ties = Counter(zip(statements["source"], statements["motive"], statements["agreement"], strict=True))
    first = statements[statements["affiliation"] != ""].drop_duplicates("source").set_index("source")["affiliation"]
    for source, motive in sorted({(source, motive) for source, motive, agreement in ties if agreement is not None}):
        support, doubt, neutral = (ties[source, motive, agreement] for agreement in (1, 0, None))
        network.add_node(f"source:{source}", kind="source", name=source, affiliation=str(first.get(source, "")))
        name = map_.codebook.label("motive", motive).name
        network.add_node(f"motive:{motive}", kind="motive", name=name, affiliation="")
        numbers = {"weight": support + doubt, "support": support, "doubt": doubt, "neutral": neutral}
        sign = (support > doubt) - (support < doubt)
        network.add_edge(f"source:{source}", f"motive:{motive}", **numbers, sign=sign)
    for node, degree in network.degree(weight="weight"):
        network.nodes[node]["statements"] = int(degree)
    return network


def project(network: nx.Graph, how: str) -> nx.Graph:
    """Return the network of sources alone.

    Parameters
    ----------
    network : networkx.Graph
        From `source_motive_network`.
    how : str
        ``congruence`` ties sources by the number of motives on which they agree (both assert or both doubt),
        ``conflict`` on which they disagree, ``subtract`` by the first less the second; ties of weight 0 are left out.
        A motive that a source both asserts and doubts counts as either.
    """
    import networkx as nx

    sources = [node for node, kind in network.nodes(data="kind") if kind == "source"]
    found = nx.Graph()
    found.add_nodes_from((node, network.nodes[node]) for node in sources)
    sides = {node: {side: _side(network, node, side) for side in ("support", "doubt")} for node in sources}
    for one, other in combinations(sources, 2):
        a, b = sides[one], sides[other]
        agree = len(a["support"] & b["support"]) + len(a["doubt"] & b["doubt"])
        disagree = len(a["support"] & b["doubt"]) + len(a["doubt"] & b["support"])
        weight = {"congruence": agree, "conflict": disagree, "subtract": agree - disagree}[how]
        if weight:
            found.add_edge(one, other, weight=weight, congruence=agree, conflict=disagree)
    return found


def to_graphml(network: nx.Graph) -> bytes:
    """Return a network as GraphML with typed attributes, which Gephi and visone read."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml(network, out)
    return out.getvalue()


def to_event_list(map_: MotiveMap, *, abstained: bool = False) -> bytes:
    """Return statements as the event list that Discourse Network Analyzer 3 exports (CSV with semicolons).

    One row a statement that asserts (``agreement`` 1) or doubts (0) a motive, which is its ``concept``; the speaker is
    its ``person``, the speaker's affiliation its ``organization``. Where the article itself speaks, its outlet is the
    organization. A partial date is taken as its first day; where there is none, ``time`` is empty.
    """
    statements = _statements(map_, abstained=abstained)
    statements = statements[statements["agreement"].notna()]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(statements["article_id"]), 1)}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(DNA_COLUMNS)
    row: Any
    for number, row in enumerate(statements.itertuples(index=False), 1):
        itself = row.source in {row.outlet, NOT_KNOWN}
        organization = row.affiliation or (row.outlet if itself else "")
        texts = [
            row.title or row.article_id,
            "",
            row.outlet,
            "",
            "",
            row.text,
            "" if itself else row.source,
            organization,
        ]
        title, author, outlet, section, type_, text, person, organization = map(_plain, texts)
        concept = _plain(map_.codebook.label("motive", row.motive).name)
        document = (numbers[row.article_id], title, author, outlet, section, type_, text)
        writer.writerow((number, _time(row.date), *document, person, organization, concept, int(row.agreement)))
    return out.getvalue().encode()


def _statements(map_: MotiveMap, *, abstained: bool) -> pd.DataFrame:
    """Statements with a motive that count, what a table lacks left empty, and whether each agrees: 1, 0 or None."""
    null, wanted = map_.codebook.null_label("motive"), {"ok", "abstain"} if abstained else {"ok"}
    table = map_.table[(map_.table["motive"] != null) & map_.table["status"].isin(wanted)]
    details = ("source", "affiliation", "outlet", "date", "title", "text")
    texts = {name: table[name].fillna("").astype("str") if name in table else "" for name in details}
    table = table.assign(**texts)
    agreement = dict(zip(map_.leanings, (1, 0), strict=False))
    agrees = table["stance"].map(agreement).astype(object)
    return table.assign(
        source=table["source"].where(table["source"] != "", NOT_KNOWN), agreement=agrees.where(agrees.notna(), None)
    )


def _side(network: nx.Graph, source: str, side: str) -> set[str]:
    return {motive for motive, tie in network[source].items() if tie[side]}


def _time(date: str) -> str:
    """Spell an ISO date, full or partial, as DNA does; empty where it is none."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:[T ](\d{2}:\d{2}:\d{2}))?", date)
    return f"{match[1]}-{match[2] or '01'}-{match[3] or '01'} {match[4] or '00:00:00'}" if match else ""


def _plain(text: str) -> str:
    """Take out of a text what DNA itself takes out: quotation marks, semicolons and line ends."""
    return re.sub(r"\s+", " ", text.replace('"', "'").replace(";", ",")).strip()
