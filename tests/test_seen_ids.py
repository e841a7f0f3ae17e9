from hypothesis import given
from hypothesis import strategies as st

from stance import seen_ids
from stance.seen_ids import SeenIds


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=2), max_size=60))
def test_it_is_a_set_also_after_ids_were_sorted_in(ids):
    before, seen_ids.FRESH = seen_ids.FRESH, 4
    try:
        seen, known = SeenIds(), set()
        for each in ids:
            assert seen.add(each) == (each not in known)
            known.add(each)
    finally:
        seen_ids.FRESH = before
