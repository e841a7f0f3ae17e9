from hypothesis import given
from hypothesis import strategies as st

from stance.fragments import html_pieces


def test_blocks_breaks_and_headings_part_text():
    source = "One <b>bold</b> word<br>next<h2>The <i>money</i></h2><ul><li>It ran\n out.</ul><p>Then</p>after<script>x</script>"
    assert html_pieces(source) == [
        ("paragraph", "One bold word"),
        ("paragraph", "next"),
        ("heading", "The money"),
        ("paragraph", "It ran out."),
        ("paragraph", "Then"),
        ("paragraph", "after"),
    ]


def test_plain_text_and_entities():
    assert html_pieces("Quay &amp; town, 5 &lt; 6<!-- no -->.") == [("paragraph", "Quay & town, 5 < 6.")]
    assert html_pieces("") == []


@given(st.text(alphabet=st.sampled_from("<>/&;pbr1 aé\0\x01\ud800"), max_size=60))
def test_any_text_can_be_read(source):
    assert all(text == " ".join(text.split()) for _, text in html_pieces(source))
