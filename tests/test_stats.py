from stance.corpus import load_corpus
from stance.stats import balance_figure, count_outlets, count_pairs, count_splits, count_years, render_stats


def test_counts_are_those_of_the_labels(project, codebook):
    frame = load_corpus(project / "data", codebook).frame
    pairs = count_pairs(frame, codebook)
    assert list(pairs.index) == [*codebook.labels("motive"), "all"]
    assert pairs.loc["direct_talks"].to_dict() == {"supportive": 12, "skeptical": 12, "neutral": 0, "all": 24}
    assert pairs.loc["all", "all"] == 48
    assert count_splits(frame).loc[("own", "train"), "articles"] == 8
    assert count_outlets(frame).loc["The Lamp", "statements"] == 48
    assert count_years(frame)["own"].sum() == 48


def test_the_page_and_the_figure_show_every_motive(project, codebook):
    frame = load_corpus(project / "data", codebook).frame
    page = render_stats(frame, codebook)
    axes = balance_figure(frame, codebook).axes[0]
    drawn = [label.get_text() for label in axes.get_yticklabels()]
    for motive in codebook.labels("motive"):
        assert f"| {motive} | " in page
        assert any(text.startswith(codebook.label("motive", motive).name) for text in drawn)
    assert "Direct talks with the US (24)" in drawn
