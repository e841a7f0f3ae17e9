import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import CorpusError
from stance.splits import assign_by_date, assign_by_outlet, assign_splits, grouped_folds, near_duplicate_clusters

STORY = "The delegation left the capital at dawn, crossed the river by the old iron bridge and reached the truce village before noon. "
OTHER = "Harvest figures published on Tuesday show that maize fell short again while rice held up better than anyone had feared. "


def frame(n_articles=60, per_article=4):
    labels = [
        ("none", "neutral"),
        ("direct_talks", "supportive"),
        ("direct_talks", "skeptical"),
        ("peace_treaty", "supportive"),
    ]
    rows = [
        {"article_id": f"a{a:02d}", "cluster": a // 2, "motive": m, "stance": s, "evaluable": True}
        for a in range(n_articles)
        for m, s in labels[:per_article]
    ]
    return pd.DataFrame(rows)


def test_wire_copy_with_a_new_ending_falls_into_one_cluster_and_other_stories_do_not():
    clusters = near_duplicate_clusters(
        [STORY, STORY + OTHER, OTHER.replace("Tuesday", "Friday").upper(), "Nothing in common here."]
    )
    assert clusters[0] == clusters[1]
    assert clusters[3] not in clusters[:3]


def test_a_shared_stock_phrase_makes_no_cluster():
    tail = "said in a statement on Monday."
    first, second = near_duplicate_clusters([STORY * 1 + tail, OTHER + tail])
    assert first != second


def test_no_texts_and_empty_texts_are_sound():
    assert len(near_duplicate_clusters([])) == 0
    assert len(set(near_duplicate_clusters(["", ""]))) == 2


def test_clusters_stay_together_and_fractions_hold():
    data = frame(n_articles=240)
    splits = assign_splits(data, validation=0.15, test=0.2)
    by_cluster = data.assign(split=data["article_id"].map(splits)).groupby("cluster")["split"].nunique()
    assert (by_cluster == 1).all()
    shares = data["article_id"].map(splits).value_counts(normalize=True)
    assert abs(shares["test"] - 0.2) < 0.05
    assert abs(shares["validation"] - 0.15) < 0.05


def test_the_same_seed_gives_the_same_splits_and_labels_are_spread():
    data = frame()
    assert assign_splits(data, seed=3) == assign_splits(data, seed=3)
    assert assign_splits(data, seed=3) != assign_splits(data, seed=4)
    test = data[data["article_id"].map(assign_splits(data)) == "test"]
    assert test["motive"].nunique() == data["motive"].nunique()


def test_an_article_without_evaluable_statements_trains():
    data = frame()
    data.loc[data["cluster"] == 0, "evaluable"] = False
    splits = assign_splits(data)
    assert {splits["a00"], splits["a01"]} == {"train"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=12, max_size=60), st.integers(0, 5))
def test_folds_hold_out_every_row_once_and_never_cut_a_cluster(clusters, seed):
    data = pd.DataFrame({"cluster": clusters, "motive": "none", "stance": "neutral"})
    if data["cluster"].nunique() < 3:
        with pytest.raises(CorpusError, match="cannot be cut into 3 folds"):
            grouped_folds(data, 3, seed)
        return
    folds = grouped_folds(data, 3, seed)
    assert sorted(np.concatenate(folds)) == list(range(len(data)))
    seen = [set(data["cluster"].iloc[rows]) for rows in folds]
    assert len(set.union(*seen)) == sum(map(len, seen))


def test_no_outlet_and_no_near_duplicate_stands_in_two_splits():
    data = frame(n_articles=240)
    data["outlet"] = ["" if a % 7 == 0 else f"outlet {a // 4}" for a in data["article_id"].str[1:].astype(int)]
    splits = data["article_id"].map(assign_by_outlet(data))
    named = data["outlet"] != ""
    assert splits[named].groupby(data["outlet"][named]).nunique().eq(1).all()
    assert splits.groupby(data["cluster"]).nunique().eq(1).all()
    assert set(splits) == {"train", "validation", "test"}


def test_test_is_later_than_validation_and_that_later_than_train():
    data = frame(n_articles=100)
    number = data["article_id"].str[1:].astype(int)
    data["date"] = ["" if a == 0 else f"{2000 + a // 4}-01-01" for a in number]
    splits = assign_by_date(data)
    assert "a00" not in splits
    dates = (
        data[data["date"] != ""]
        .assign(split=data["article_id"].map(splits))
        .groupby("split")["date"]
        .agg(["min", "max"])
    )
    assert dates.loc["train", "max"] <= dates.loc["validation", "min"]
    assert dates.loc["validation", "max"] <= dates.loc["test", "min"]
    assert data["article_id"].map(splits).groupby(data["cluster"]).nunique().max() == 1
