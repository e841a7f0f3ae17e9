import json
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapped import CODEBOOK, PAIRS, rates, table

from stance.errors import StanceError
from stance.motive_map import NOT_KNOWN, SORTS, motive_map

STATUSES = ("ok", "abstain", "out_of_domain")
CELLS = [(*pair, status) for pair in PAIRS for status in STATUSES]
TABLES = st.lists(st.sampled_from(CELLS), max_size=60)
SOME = [("talks", "pro", "ok")] * 3 + [("talks", "con", "abstain")] + [("pride", "con", "ok")] * 2
REST = [("pride", "pro", "abstain"), ("none", "neutral", "ok"), ("talks", "pro", "out_of_domain")]


def by_motive(found):
    return {row["motive"]: row for row in found.rows}


def test_statements_are_counted_by_stance_with_those_held_back_apart():
    found = motive_map(table(SOME + REST), CODEBOOK)
    talks = by_motive(found)["talks"]
    assert (talks["pro"], talks["con"], talks["abstained_con"], talks["abstained"], talks["statements"]) == (
        3,
        0,
        1,
        1,
        4,
    )
    assert talks["share"] == 4 / 8
    assert found.totals["out_of_domain"] == 1
    assert found.totals["no_motive"] == 1
    assert "none" not in by_motive(found)


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_totals_add_up(cells):
    found = motive_map(table(cells), CODEBOOK)
    totals = found.totals
    assert totals["statements"] == len(cells) == totals["in_domain"] + totals["out_of_domain"]
    assert totals["in_domain"] == totals["no_motive"] + sum(row["statements"] for row in found.rows)
    for row in found.rows:
        kept, held = (sum(row[f"{prefix}{s}"] for s in CODEBOOK.labels("stance")) for prefix in ("", "abstained_"))
        assert (kept + held, held) == (row["statements"], row["abstained"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(CELLS), min_size=60, max_size=120), st.randoms())
def test_order_does_not_matter_and_corrected_counts_sum_to_the_statements(cells, random):
    one = motive_map(table(cells), CODEBOOK, rates())
    random.shuffle(cells)
    assert motive_map(table(cells), CODEBOOK, rates()).to_dict() == one.to_dict()
    if one.rows[0]["corrected"]:
        corrected = sum(row["corrected"]["statements"]["value"] for row in one.rows)
        assert corrected + one.totals["no_motive_corrected"]["value"] == pytest.approx(one.totals["in_domain"])


@pytest.mark.parametrize(
    ("sort", "first"),
    [("support", "talks"), ("doubt", "pride"), ("net", "talks"), ("statements", "talks"), ("codebook", "talks")],
)
def test_motives_are_ranked(sort, first):
    assert motive_map(table(SOME + REST), CODEBOOK, sort=sort).rows[0]["motive"] == first


def test_of_as_much_support_the_one_of_fewer_doubts_is_first():
    cells = [("talks", "pro", "ok"), ("talks", "con", "ok"), ("pride", "pro", "abstain")]
    assert motive_map(table(cells), CODEBOOK).rows[0]["motive"] == "pride"


def test_counts_say_whether_they_are_corrected():
    few, many = table(SOME), table(SOME * 20)
    assert "not known" in motive_map(many, CODEBOOK).correction
    assert "Too few" in motive_map(few, CODEBOOK, rates()).correction
    corrected = motive_map(many, CODEBOOK, rates())
    assert "Corrected" in corrected.correction
    assert motive_map(few, CODEBOOK, rates()).rows[0]["corrected"] is None
    assert set(corrected.rows[0]["corrected"]) == {"statements", "pro", "con", "neutral"}


def test_groups_add_up_to_the_whole():
    rows = table(SOME + REST, source=["Ana"] * 4 + [""] * 5, outlet="The Post", date="2017-06-01", title="")
    whole = motive_map(rows, CODEBOOK)
    groups = whole.groups("source")
    assert set(groups) == {"Ana", NOT_KNOWN}
    kept = Counter()
    for part in groups.values():
        kept.update({row["motive"]: row["statements"] for row in part.rows})
    assert kept == {row["motive"]: row["statements"] for row in whole.rows}
    assert next(iter(whole.to_frame("source").columns)) == "source"


def test_dates_may_be_partial_or_missing_and_stand_in_order():
    rows = table([("talks", "pro", "ok")] * 4, date=["2018-02-03", "2017", "", "2016-11"])
    found = motive_map(rows, CODEBOOK)
    assert list(found.groups("year")) == ["2016", "2017", "2018", NOT_KNOWN]
    assert list(found.groups("month")) == ["2016-11", "2018-02", NOT_KNOWN]


def test_what_cannot_be_grouped_says_how_to_get_it():
    with pytest.raises(StanceError, match=r"--details"):
        motive_map(table(SOME), CODEBOOK).to_frame("outlet")
    with pytest.raises(StanceError, match="Did you mean 'outlet'"):
        motive_map(table(SOME), CODEBOOK).groups("outlt")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda t: t.drop(columns="status"), "no column 'status'"),
        (lambda t: t.assign(motive="oil"), "oil"),
        (lambda t: t.assign(status="sure"), "sure"),
        (lambda t: t.assign(motive="none"), "always takes stance"),
    ],
)
def test_what_is_no_table_of_predictions_is_refused(broken, said):
    with pytest.raises(StanceError, match=said):
        motive_map(broken(table(SOME)), CODEBOOK)


def test_nothing_gives_the_same_columns():
    whole, nothing = table(SOME * 20, source="Ana"), table([], source="Ana")
    for by in (None, "source"):
        columns = [list(motive_map(each, CODEBOOK, rates()).to_frame(by).columns) for each in (whole, nothing)]
        assert columns[0] == columns[1]


def test_plain_data_is_json():
    found = motive_map(table(SOME * 20, source="Ana"), CODEBOOK, rates())
    data = json.loads(json.dumps(found.to_dict("source"), allow_nan=False))
    assert data["groups"][0]["source"] == "Ana"
    assert data["motives"] == json.loads(json.dumps(found.rows))


def test_every_way_to_sort_is_known():
    with pytest.raises(StanceError, match="Did you mean 'support'"):
        motive_map(pd.DataFrame(table(SOME)), CODEBOOK, sort="suport")
    assert len(set(SORTS)) == len(SORTS)
