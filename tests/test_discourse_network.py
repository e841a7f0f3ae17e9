import csv
import io

import networkx as nx
import pytest
from mapped import CODEBOOK, table

from stance.discourse_network import DNA_COLUMNS, project, source_motive_network, to_event_list, to_graphml
from stance.motive_map import NOT_KNOWN, motive_map

CELLS = [
    ("talks", "pro", "ok"), ("talks", "pro", "ok"), ("talks", "con", "ok"), ("talks", "con", "abstain"),
    ("pride", "pro", "ok"), ("pride", "pro", "ok"), ("pride", "neutral", "ok"), ("none", "neutral", "ok"),
    ("talks", "pro", "out_of_domain"),
]  # fmt: skip
SOURCES = ["Ana Ruiz", "Ana Ruiz", "Bo", "Bo", "Ana Ruiz", "Bo", "Bo", "Bo", "Bo"]
DETAILS = {
    "affiliation": ["Harbour Institute"] * 2 + [""] * 7, "outlet": "The Post", "title": 'A "title"; of sorts',
    "date": ["2017-06-01", "2017-06", "2017", "", "", "", "", "", ""], "text": 'He said: "talks;\nnow"',
}  # fmt: skip


def mapped(**columns):
    return motive_map(table(CELLS, **({"source": SOURCES} | DETAILS | columns)), CODEBOOK)


def test_ties_count_statements_and_have_a_sign():
    network = source_motive_network(mapped())
    assert network.nodes["source:Ana Ruiz"]["affiliation"] == "Harbour Institute"
    tie = network.edges["source:Ana Ruiz", "motive:talks"]
    assert (tie["weight"], tie["support"], tie["doubt"], tie["sign"]) == (2, 2, 0, 1)
    tie = network.edges["source:Bo", "motive:talks"]
    assert (tie["weight"], tie["doubt"], tie["sign"]) == (1, 1, -1)
    assert network.edges["source:Bo", "motive:pride"]["neutral"] == 1
    assert "motive:none" not in network


def test_held_back_statements_count_when_asked():
    network = source_motive_network(mapped(), abstained=True)
    assert network.edges["source:Bo", "motive:talks"]["weight"] == 2


def test_sources_agree_and_disagree():
    network = source_motive_network(mapped())
    pair = ("source:Ana Ruiz", "source:Bo")
    assert project(network, "congruence").edges[pair]["weight"] == 1
    assert project(network, "conflict").edges[pair]["weight"] == 1
    assert not project(network, "subtract").edges
    assert set(project(network, "subtract")) == set(pair)


def test_graphml_reads_back_with_its_types():
    network = source_motive_network(mapped())
    again = nx.read_graphml(io.BytesIO(to_graphml(network)))
    assert dict(again.nodes(data=True)) == dict(network.nodes(data=True))
    assert sorted(again.edges(data="weight")) == sorted(network.edges(data="weight"))
    assert b'attr.name="weight" attr.type="long"' in to_graphml(network)


def test_the_event_list_has_the_columns_of_discourse_network_analyzer():
    lines = list(csv.reader(io.StringIO(to_event_list(mapped()).decode()), delimiter=";"))
    assert tuple(lines[0]) == DNA_COLUMNS
    rows = [dict(zip(DNA_COLUMNS, line, strict=True)) for line in lines[1:]]
    assert len(rows) == 5  # neither neutral, held back nor out of domain
    assert [row["agreement"] for row in rows] == ["1", "1", "0", "1", "1"]
    assert [row["time"] for row in rows[:4]] == [
        "2017-06-01 00:00:00",
        "2017-06-01 00:00:00",
        "2017-01-01 00:00:00",
        "",
    ]
    assert rows[0]["person"] == "Ana Ruiz"
    assert rows[0]["organization"] == "Harbour Institute"
    assert rows[0]["concept"] == "Talks"
    assert rows[0]["text"] == "He said: 'talks, now'"
    assert rows[0]["document title"] == "A 'title', of sorts"


@pytest.mark.parametrize("source", ["The Post", ""])
def test_where_the_article_speaks_itself_its_outlet_does(source):
    rows = list(
        csv.DictReader(io.StringIO(to_event_list(mapped(source=source, affiliation="")).decode()), delimiter=";")
    )
    assert {row["person"] for row in rows} == {""}
    assert {row["organization"] for row in rows} == {"The Post"}
    if not source:
        assert f"source:{NOT_KNOWN}" in source_motive_network(mapped(source=source))


def test_a_table_without_details_will_do():
    found = motive_map(table(CELLS), CODEBOOK)
    assert len(source_motive_network(found)) == 3
    assert to_event_list(found).count(b"\n") == 6


def test_nothing_is_a_network_too():
    found = motive_map(table([]), CODEBOOK)
    assert len(nx.read_graphml(io.BytesIO(to_graphml(source_motive_network(found))))) == 0
    assert to_event_list(found).count(b"\n") == 1
