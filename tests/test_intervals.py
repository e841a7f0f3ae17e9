from matplotlib.figure import Figure

from stance.intervals import Mark, Row, as_columns, draw_headlines, draw_intervals

CELL = {"value": 0.6, "low": 0.5, "high": 0.7}
NOTHING = {"value": None, "low": None, "high": None}
MARK = Mark("model", 0, "o")


def _legend(axes):
    return axes.get_legend_handles_labels()[1]


def test_a_cell_becomes_three_columns_and_all_else_stays():
    row = as_columns({"n": 3, "f1": CELL})
    assert list(row.items()) == [("n", 3), ("f1", 0.6), ("f1_low", 0.5), ("f1_high", 0.7)]


def test_what_is_undefined_is_not_drawn_and_not_in_the_legend():
    axes = draw_intervals([Row("one", ((NOTHING, MARK),))], title="", label="", ax=Figure().add_subplot())
    assert not axes.lines
    assert axes.get_legend() is None


def test_each_kind_of_dot_is_explained_once_and_the_first_row_is_on_top():
    rows = [Row("group"), Row("one", ((CELL, MARK),)), Row("two", ((CELL, MARK),))]
    axes = draw_intervals(rows, title="", label="", line=(0.5, "overall"), ax=Figure().add_subplot())
    assert _legend(axes) == ["overall", "model"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["group", "one", "two"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_xlim() == (0, 1)


def test_headlines_show_the_model_beside_its_baselines_in_every_evaluation():
    headline = {"motive_macro_f1": CELL, "joint_accuracy": CELL}
    groups = {"own": {"fast": headline, "majority": headline}, "newswire": {"fast": headline}}
    axes = Figure().add_subplot()
    assert draw_headlines(groups, axes) is axes
    assert _legend(axes) == ["fast", "majority"]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["own", "motive macro-F1", "joint accuracy", "newswire", "motive macro-F1", "joint accuracy"]
