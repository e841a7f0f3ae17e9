from stance.wording import format_cell, format_count, format_duration, format_interval, format_place, format_signed


def test_numbers_are_printed_alike():
    assert [format_signed(x) for x in (0.123, -0.126, 0.001, -0.001, None)] == ["+0.12", "−0.13", "0.00", "0.00", "–"]
    assert format_interval({"low": 0.5, "high": 0.625}) == "[0.50, 0.62]"
    assert format_interval({"low": None, "high": None}) == ""
    assert [format_count(1, "article"), format_count(2_000, "article")] == ["1 article", "2,000 articles"]
    assert [format_duration(0.84), format_duration(59.96), format_duration(72.4)] == [
        "0.8 s",
        "1 min 0 s",
        "1 min 12 s",
    ]


def test_a_score_stands_before_its_interval_where_it_has_one():
    assert format_cell({"value": 0.614, "low": 0.55, "high": 0.66}) == "0.61 [0.55, 0.66]"
    assert format_cell({"value": 0.6144, "low": None, "high": None}, digits=3) == "0.614"
    assert format_cell({"value": None, "low": None, "high": None}) == "–"


def test_a_place_names_the_characters_where_they_are_known():
    assert format_place({"article_id": "own-01", "start": 5.0, "end": 90.0}) == "own-01, characters 5–90"
    assert format_place({"article_id": "own-01"}) == "own-01"
