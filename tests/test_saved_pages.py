from textwrap import fill

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ArticleError
from stance.saved_pages import html_page

PROSE = [
    "The mayor of Ostend said on Monday that the port would be closed until the spring.",
    "Nobody in the town was surprised, for the sluice had failed twice before.",
    "The council will meet again in April to decide who pays for the repair.",
]
BODY = "".join(f"<p>{line}</p>" for line in PROSE)


def page(body, head="<title>The quay - The Gull</title>"):
    return html_page(f"<html><head>{head}</head><body>{body}</body></html>", "quay.html")


def outline(found):
    return [(block.kind, block.rule, found.text[block.start : block.end]) for block in found.blocks]


def statements(found):
    return [text for kind, _, text in outline(found) if kind == "paragraph"]


AROUND = {
    "menu by tag": "<nav>Home and all of our news.</nav>",
    "menu by role": "<div role='navigation'>All of our news is here.</div>",
    "class": "<div class='post__related-box'>The ferry sank in 1931.</div>",
    "class in one word": "<div class='jp-relatedposts'>The ferry sank in 1931.</div>",
    "camel case": "<div id='siteNav'>All of our news is here.</div>",
    "two words": "<div class='author-bio'>Ada Lund lives in Bruges, by the water.</div>",
    "sign-up box": "<div><b>The Gull daily</b><p>All that matters in town.</p><input type='email'></div>",
    "box by its first words": "<div><p>Subscribe now</p><p>The best of the port, each week.</p></div>",
    "caption": "<figure><img src='q.png'><figcaption>The quay in winter, from above.</figcaption></figure>",
    "links": "<ul><li><a href='/a'>The ferry sank in 1931, and nobody was saved.</a></li></ul>",
    "program": "<script>The ferry sank in 1931.</script>",
    "buttons": "<button>Open the menu.</button>",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_what_stands_around_the_article_is_left_out(around):
    found = page(f"<div><h1>The quay</h1><p>{PROSE[0]}</p>{around}<p>{PROSE[1]}</p><p>{PROSE[2]}</p></div>")
    assert statements(found) == PROSE


def test_what_is_left_out_is_counted():
    assert page(f"<nav>one two three</nav><h1>The quay</h1>{BODY}").left_out == 3
    assert page(f"<script>var a = 1</script><h1>The quay</h1>{BODY}").left_out == 0


@pytest.mark.parametrize("name", ["related", "paywall sidebar", "comments", "newsletter", "elementor-widget"])
def test_a_box_that_holds_the_article_stays_however_it_is_called(name):
    assert statements(page(f"<div class='{name}'>{BODY}</div>")) == PROSE


def test_words_within_prose_stay_however_they_are_called():
    found = page(f"<p>The <span class='tooltip'>sluice</span> failed, and so did the mayor of the town.</p>{BODY}")
    assert statements(found)[0] == "The sluice failed, and so did the mayor of the town."


def test_headings_items_and_standfirst_stay_in_their_places():
    body = f"<h1>The quay</h1><p>Who pays for it?</p><div>{BODY}<h2>The money</h2><ul><li>First, a loan from the bank</li></ul></div>"
    assert outline(page(body)) == [
        ("heading", "title", "The quay"),
        ("paragraph", "", "Who pays for it?"),
        *(("paragraph", "", line) for line in PROSE),
        ("heading", "", "The money"),
        ("paragraph", "", "First, a loan from the bank"),
    ]


def test_the_folded_panels_of_an_accordion_are_read():
    found = page(
        f"<h1>The quay</h1>{BODY}<h2><button>Who pays?</button></h2><div hidden><p>{PROSE[0][:-1]} again.</p></div>"
    )
    assert ("heading", "", "Who pays?") in outline(found)
    assert len(statements(found)) == 4


def test_bold_lines_head_sections_and_labels_do_not():
    found = page(
        f"<div>{BODY}<p><b>The money</b></p><p>It ran out in the first week of the year.</p><div>Text size</div>{BODY}</div>"
    )
    kinds = {text: (kind, rule) for kind, rule, text in outline(found)}
    assert kinds["The money"] == ("heading", "")
    assert "Text size" in kinds


def test_labels_of_a_page_that_marks_its_headings_are_no_statements():
    found = page(f"<h1>The quay</h1>{BODY}<h2>The money</h2><div>Ada Lund</div>{BODY}")
    assert ("boilerplate", "fragment", "Ada Lund") in outline(found)


def test_of_a_table_the_prose_is_kept():
    rows = "<tr><td>2011</td><td>The bank offers the town a loan for the sluice.</td></tr><tr><td>31.4</td><td>6.6</td></tr>"
    found = statements(page(f"<h1>The quay</h1>{BODY}<table>{rows}</table>{BODY}"))
    assert "The bank offers the town a loan for the sluice." in found
    assert not {"2011", "31.4", "6.6"} & set(found)


def test_a_typed_page_is_read_by_its_lines():
    wrapped = (fill(line, 60, initial_indent="    ") for line in PROSE)
    typed = "\n\n".join(["                 HEARING", *wrapped, "    [all]"])
    assert statements(page(f"<p>Was this page helpful?</p><pre>{typed}</pre>"))[-3:] == PROSE


def test_a_line_cut_in_mid_sentence_is_joined():
    first, second = PROSE[0].split(" that ")
    assert statements(page(f"<p>{first}</p><p>that {second}</p><p>{PROSE[1]}</p><p>{PROSE[2]}</p>")) == PROSE


def test_the_times_of_a_recording_are_left_out():
    found = page("".join(f"<p>00:0{place}:41 Ada Lund: {line}</p>" for place, line in enumerate(PROSE)))
    assert statements(found) == [f"Ada Lund: {line}" for line in PROSE]


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "ul", "blockquote", "pre"])
def test_a_page_of_endless_elements_is_read_or_refused(tag):
    deep = f"<{tag}>" * 100_000
    assert len(statements(page(BODY + deep))) == 3
    with pytest.raises(ArticleError, match="no article found"):
        page(f"{deep}<p>{PROSE[0]}</p>")


def test_a_page_of_many_fields_takes_no_time():
    assert statements(page(f"<div>{BODY}</div><div>{'<input>' * 20_000}</div>")) == PROSE


tags = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "a",
        "b",
        "h1",
        "h2",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "pre",
        "br",
        "form",
        "input",
        "nav",
        "aside",
        "button",
        "details",
        "summary",
    ]
)
parts = st.one_of(
    tags.map("<{}>".format),
    tags.map("</{}>".format),
    st.sampled_from(PROSE),
    st.text(max_size=12),
    st.just("<p class='nav'>"),
)


@settings(deadline=None)
@given(st.lists(parts, max_size=30))
def test_any_page_is_read_or_refused(found):
    try:
        read = page("".join(found))
    except ArticleError:
        return
    assert [read.text[block.start : block.end] for block in read.blocks] == read.text.split("\n\n")
    assert read.left_out >= 0
