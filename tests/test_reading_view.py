import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_report import contrast

from stance.articles import Article
from stance.markup import Block
from stance.predict import load_model
from stance.reading_view import reading, reading_page

STYLE = (Path(__file__).parent.parent / "src/stance/templates/reading.css").read_text(encoding="utf-8")
TEXT = (
    "Talks or treaty\n\nThe envoy wants talks with Washington, Ana Ruiz said. Nobody believes in a peace treaty.\n\n"
    "Sign up for our newsletter\n\nThey test missiles to deter an invasion, and will never give up the bomb.\n"
)


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def page(model):
    return reading_page(model, [Article.from_text(TEXT, id="a", outlet="The Lamp", date="2026-01-02")])


class Reader(HTMLParser):
    """The text of each paragraph of an article, without tags of labels, and every element."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.paragraphs, self._open, self._in_tag, self._in_article = [], [], False, False, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append((tag, attrs))
        self._in_article |= tag == "article"
        if tag == "p" and self._in_article and set(attrs) == {"dir"}:
            self.paragraphs.append("")
            self._open = True
        self._in_tag |= tag == "a"

    def handle_endtag(self, tag):
        self._open &= tag != "p"
        self._in_tag &= tag != "a"
        self._in_article &= tag != "article"

    def handle_data(self, data):
        if self._open and not self._in_tag:
            self.paragraphs[-1] += data


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style>", "</title>", "<!--", "]]>", "&lt;b&gt;",
    "\u2028", "\u202e", "\u200f", "\0", "\u05e9\u05dc\u05d5\u05dd", "'", '"', "{{ 7 * 7 }}", "javascript:alert(1)",
]  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["The envoy wants talks.", "“Why?”", "He said no.", *HOSTILE]) | st.text(max_size=8),
            max_size=6,
        ).map(" ".join),
        max_size=5,
    )
)
@example([" ".join(HOSTILE), "The envoy wants talks. " + "".join(HOSTILE)])
def test_paragraphs_read_as_they_are_written(paragraphs):
    text = "\n\n".join("".join(c for c in each if not "\ud800" <= c <= "\udfff") for each in paragraphs)
    article = Article("a", text)
    page = reading_page(load_once(), [article])
    expected = [text[b.start : b.end].replace("\0", "\ufffd") for b in article.blocks if b.kind != "heading"]
    shown = Reader(page.replace("\r\n", "\n"))
    assert shown.paragraphs == [each.replace("\r\n", "\n") for each in expected]
    assert [tag for tag, _ in shown.elements].count("script") == 1
    assert not [attrs for _, attrs in shown.elements if any(name.startswith("on") for name in attrs)]


def load_once(cache=[]):  # noqa: B006 - hypothesis takes no fixtures of a module
    return cache[0] if cache else cache.append(load_model()) or cache[0]


def test_metadata_is_escaped_too(model):
    bad = "<script>x</script>\u202e</style>\0"
    page = reading_page(model, [Article("a", "They want talks.", title=bad, outlet=bad, date=bad)] * 2)
    assert page.count("<script>") == 1
    assert page.count("</style>") == 1
    assert "\0" not in page


def test_only_our_own_style_and_script_may_run_and_nothing_is_fetched(page):
    policy = next(attrs["content"] for tag, attrs in Reader(page).elements if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none';")
    for name in ("style", "script"):
        content = re.search(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    for _, attrs in Reader(page).elements:
        assert not {"src", "style", "srcset", "action"} & set(attrs)
        assert attrs.get("href", "#").startswith("#")
    assert "url(" not in page


def test_every_tag_leads_to_its_card_and_back(page):
    elements = Reader(page).elements
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    links = [attrs["href"][1:] for tag, attrs in elements if tag == "a"]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    tags = [attrs for tag, attrs in elements if attrs.get("class") == "t"]
    assert tags
    assert all(attrs["aria-label"] for attrs in tags)


def test_labels_are_told_without_colour(page, model):
    row = model.predict(Article.from_text(TEXT, id="a")).iloc[0]
    tag = re.search(r'id="s1-1".*?<a class="t"[^>]*>(.*?)</a>', page)[1]
    assert (row["motive"], tag[:2]) == ("direct_talks", "DT")
    assert tag[2] == {"supportive": "▲", "skeptical": "▼", "neutral": "●"}[row["stance"]]
    assert tag.endswith("?") == (row["status"] != "ok")


def test_what_was_skipped_is_folded_with_its_rule(page):
    folded = re.search(r'<details class="skipped"><summary>(.*?)</summary>(.*?)</details>', page, re.DOTALL)
    assert folded[1] == "1 passage skipped: newsletter"
    assert "Sign up for our newsletter" in folded[2]


def test_a_collection_has_a_list_and_the_map_of_all(model):
    articles = [Article.from_text(TEXT, id=name, outlet=name) for name in ("a", "b", "c")]
    data = reading(model, articles)
    assert data["title"] == "3 articles"
    assert data["map"]["totals"]["statements"] == len(model.predict(articles))
    page = reading_page(model, articles)
    assert re.findall(r'<li><a href="#(a\d)">', page) == ["a1", "a2", "a3"]


def test_an_article_off_the_subject_says_so_once_on_top(model):
    cheese = "Cheese is made with rennet and milk from cows. " * 20
    assert '<p class="warning"><b>Out of domain.</b>' in reading_page(model, [Article.from_text(cheese)])


@pytest.mark.parametrize("articles", [[], [Article("a", "")], [Article("a", "T", blocks=(Block("heading", 0, 1),))]])
def test_nothing_to_show_is_a_page_all_the_same(model, articles):
    assert reading_page(model, articles).startswith("<!doctype html>")


def test_the_same_articles_give_the_same_bytes(model, page):
    assert reading_page(model, [Article.from_text(TEXT, id="a", outlet="The Lamp", date="2026-01-02")]) == page


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_contrast_with_what_stands_on_them(page, scheme):
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    roots = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    named = roots[0] | roots[scheme]
    motives = re.findall(r'\[data-c="\d"\] \{ --edge: (#\w+); --tint: (#\w+); \}', style)
    assert len(motives) == 16
    for edge, tint in motives[8 * scheme : 8 * scheme + 8]:
        assert contrast(named["ink"], tint) >= 7
        assert min(contrast(edge, ground) for ground in (named["card"], named["page"], tint)) >= 3


def test_bars_start_at_the_middle_and_fit_the_scale(model):
    article = Article.from_text("The envoy wants talks with Washington. Nobody believes in a treaty.\n\n" * 30)
    rows = reading(model, [article])["map"]["motives"]
    bars = [bar for row in rows for bar in row["bars"]]
    assert {bar["kind"] for bar in bars} >= {"between"}  # enough statements for counts to be corrected
    assert all(bar["x"] >= -100 and bar["x"] + bar["width"] <= 100.01 for bar in bars)
    assert max(max(abs(bar["x"]), abs(bar["x"] + bar["width"])) for bar in bars) == pytest.approx(100, abs=0.02)
