import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import bootstrap
from stance.bootstrap import (
    Measure,
    bootstrap_cells,
    cluster_bootstrap,
    draw_clusters,
    percentile_interval,
    sum_by_cluster,
    with_leads,
)


def _mean(summed):
    return summed[..., :1] / summed[..., 1:]


def test_bootstrap_of_independent_rows_agrees_with_theory():
    rows = np.random.default_rng(0).normal(5, 2, 400)
    value, low, high = cluster_bootstrap(np.column_stack([rows, np.ones(400)]), _mean, seed=0)
    half = 1.96 * rows.std() / 20
    assert value[0] == pytest.approx(rows.mean())
    assert low[0] == pytest.approx(rows.mean() - half, abs=0.03)
    assert high[0] == pytest.approx(rows.mean() + half, abs=0.03)


def test_intervals_are_wider_where_statements_of_an_article_agree():
    # 20 articles of 10 statements, all right or all wrong, against the same statements each in its own article.
    right = np.repeat(np.tile([1.0, 0.0], 10), 10)
    alone = np.column_stack([right, np.ones(200)])
    together = alone.reshape(20, 10, 2).sum(axis=1)
    widths = [np.subtract(*cluster_bootstrap(counts, _mean, seed=0)[:0:-1])[0] for counts in (together, alone)]
    assert widths[0] > 2.5 * widths[1]  # theory: the square root of 10


def test_one_article_gives_no_interval():
    value, low, high = cluster_bootstrap(np.array([[3.0, 4.0]]), _mean, seed=0)
    assert value[0] == 0.75
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def _shares(summed):
    """Second and third sum, each by the first; NaN where that is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return summed[..., 1:] / summed[..., :1]


def test_draws_do_not_depend_on_how_many_are_held_at_a_time(monkeypatch):
    whole = np.concatenate(list(draw_clusters(7, seed=3, resamples=50)))
    monkeypatch.setattr(bootstrap, "CHUNK", 7 * 8)
    parts = list(draw_clusters(7, seed=3, resamples=50))
    assert [len(part) for part in parts] == [8] * 6 + [2]
    assert (np.concatenate(parts) == whole).all()
    assert (whole.sum(axis=1) == 7).all()


@pytest.mark.parametrize("articles", [2, 3, 10, 300])
def test_a_score_of_one_article_alone_has_no_interval_and_of_two_has_one(articles):
    for n, known in ((1, False), (2, True)):
        counts = np.zeros((articles, 2))
        counts[:n] = [[4, 1], [4, 3]][:n]
        value, low, high = cluster_bootstrap(counts, _shares, seed=0)
        assert value[0] == (0.25 if n == 1 else 0.5)
        assert np.isfinite([low[0], high[0]]).tolist() == [known, known]


def test_undefined_resamples_are_left_out():
    resampled = np.arange(100.0)[:, None] * np.ones(2)
    resampled[:10, 0] = np.nan
    low, high = percentile_interval(resampled)
    assert low == pytest.approx([10 + 89 * 0.025, 99 * 0.025])
    assert high == pytest.approx([10 + 89 * 0.975, 99 * 0.975])


def test_measures_share_one_draw_and_come_back_apart():
    rng = np.random.default_rng(0)
    sums, clusters = np.column_stack([np.ones(60), rng.random((60, 2))]), rng.integers(0, 9, 60)
    both = bootstrap_cells([Measure(sums[:, :2], _shares), Measure(sums, _shares)], clusters, seed=1)
    assert [len(cells) for cells in both] == [1, 2]
    assert both[0][0] == both[1][0]
    (alone,) = bootstrap_cells([Measure(sums, _shares)], clusters, seed=1)
    assert alone == both[1]


@given(st.permutations(range(12)))
def test_order_of_rows_does_not_matter(order):
    clusters, sums = np.array(list("aabbbcddddef")), np.arange(24.0).reshape(12, 2)
    measure = [Measure(sums, lambda summed: summed)]
    shuffled = [Measure(sums[order], lambda summed: summed)]
    assert bootstrap_cells(measure, clusters, seed=0) == bootstrap_cells(shuffled, clusters[order], seed=0)
    assert (sum_by_cluster(sums, clusters) == sum_by_cluster(sums[order], clusters[order])).all()


def test_leads_are_the_first_system_less_each_other_one():
    scores = np.array([[3.0, 1.0], [2.0, 5.0], [3.0, 0.0]])
    assert with_leads(scores).tolist() == [*scores.tolist(), [1.0, -4.0], [0.0, 1.0]]
