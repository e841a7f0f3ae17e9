from hypothesis import given
from hypothesis import strategies as st

from stance.marked import MarkedText, cut, mark


@given(st.text(max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_the_pieces_are_the_text(text, places):
    ends = sorted({min(place, len(text)) for place in places})
    marks = [(start, end, 1.0) for start, end in zip(ends[::2], ends[1::2], strict=False)]
    pieces = cut(text, marks)
    assert "".join(piece["text"] for piece in pieces) == text
    assert [piece["text"] for piece in pieces if piece["weight"]] == [text[start:end] for start, end, _ in marks]


def test_words_are_marked_by_how_much_they_moved_the_decision():
    page = mark(cut("yes no so", [(0, 3, 1.0), (4, 6, -0.4), (7, 9, 0.1)]))
    assert page == '<mark class="for strong">yes</mark> <mark class="against some">no</mark> so'
    assert mark(cut("plain", [])) == "plain"


def test_a_marked_text_is_escaped():
    page = MarkedText("<b> & so", [(0, 3, 1.0)])._repr_html_()
    assert '<mark class="for strong">&lt;b&gt;</mark> &amp; so' in page
