from stance.errors import StanceError, did_you_mean


def test_an_error_is_one_line_with_place_rule_and_remedy():
    error = StanceError("unknown key 'x'", where="a.yaml:3", remedy="Mend it.")
    assert str(error) == "a.yaml:3: unknown key 'x'. Mend it."
    assert str(StanceError("ends with a stop.", remedy="Go on.")) == "ends with a stop. Go on."
    assert str(StanceError("no place")) == "no place"


def test_suggestions_ignore_case_and_see_beginnings():
    assert did_you_mean("C", ["c", "name"]) == "Did you mean 'c'?"
    assert did_you_mean("ngram", ["name", "ngram_range"]) == "Did you mean 'ngram_range'?"
    assert did_you_mean("peace_treety", ["peace_treaty", "none"]) == "Did you mean 'peace_treaty'?"
    assert did_you_mean("zzz", ["b", "a"]) == "Known: a, b."
