from stance.run_differences import differences


def test_what_is_equal_is_not_listed():
    assert differences({"a": 1, "b": {"c": [1, 2]}}, {"a": 1, "b": {"c": [1, 2]}}) == []


def test_a_key_that_one_side_lacks_is_absent_there_which_is_not_null():
    assert differences({"a": None}, {}) == [{"key": "a", "a": None}]
    assert differences({}, {"a": {"b": 2}}) == [{"key": "a.b", "b": 2}]


def test_lists_of_mappings_are_numbered_and_other_lists_are_one_value():
    a = {"features": [{"name": "word_tfidf.v1"}], "splits": ["test"]}
    b = {"features": [{"name": "char_tfidf.v1"}], "splits": ["test", "validation"]}
    assert differences(a, b) == [
        {"key": "features.0.name", "a": "word_tfidf.v1", "b": "char_tfidf.v1"},
        {"key": "splits", "a": ["test"], "b": ["test", "validation"]},
    ]


def test_empty_mappings_and_lists_are_values():
    assert differences({"features": [], "x": {}}, {"features": [], "x": None}) == [{"key": "x", "a": {}, "b": None}]


def test_what_only_b_has_stands_beside_its_kin():
    a, b = {"model": {"c": 1}, "folds": 5}, {"model": {"name": "x"}, "folds": 3}
    assert [row["key"] for row in differences(a, b)] == ["model.c", "model.name", "folds"]
