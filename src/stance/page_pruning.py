"""What stands around the article in an HTML page: menus, forms, and boxes known by the names of their classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise, takewhile
from typing import Any

from stance.boilerplate import rule_of, section_of


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


HEADINGS = _words("h1 h2 h3 h4 h5 h6 summary dt")

# Never part of an article, whatever they hold; below, what is not unless it holds much of the page.
_NOTHING = _words(
    """script style noscript template iframe object embed svg canvas audio video select option textarea datalist map
    amp-sidebar amp-consent"""
)
_ASIDE = _words("nav aside footer form figcaption dialog address")
_ROLES = _words("navigation contentinfo complementary search dialog alertdialog menu menubar toolbar tablist img")
# Words in the names of classes and ids.
_CLASSES = _words(
    """nav navbar navigation menu gnb lnb submenu breadcrumb breadcrumbs crumb crumbs sidebar sidenav rail masthead
    topbar toolbar toast snackbar tooltip embed embeds ad ads adbox adslot advert adverts advertisement advertising
    sponsor sponsors sponsored sponsorship promo promos promoted promotion outbrain taboola gpt share sharing
    sharebar sharethis social addthis related relatedlinks recommended recommendation recommendations recirc
    recirculation readnext readmore morefrom readalso seealso teasers trending popular mostread mostpopular
    newsletter newsletters signup subscribe subscription donate donation donations comments commentlist disqus
    cookie cookies consent cmp gdpr onetrust modal popup lightbox caption captions photocredit bio authorbio
    authorbox aboutauthor footnote footnotes endnotes references citation bibliography tags taglist topics toc
    tableofcontents pullquote pullquotes tweet correction corrections pagination pager prevnext feedback
    satisfaction colophon"""
)
# Words that run together with others: jp-relatedposts, newsletterbox.
_STEMS = re.compile(
    "relatedp|relateda|relatedc|newsletter|breadcrumb|sidebar|cookie|recommend|pullquote|footnote|sponsor|sharedaddy"
    "|socialshare|sharebutton|commentform|mostread"
)
# Two words that say nothing each by itself.
_PAIRS = _words(
    """about-author author-bio author-box author-info author-card more-from more-on read-next read-more read-also
    see-also most-read most-popular most-viewed sign-up pull-quote big-quote quote-card table-of-contents skip-link
    skip-to site-header site-footer page-footer comment-list comments-area widget-area key-events instagram-media
    tiktok-embed photo-credit image-credit print-only no-print cite-box screen-reader privacy-notice alert-banner
    visually-hidden sr-only inline-links rating-key video-embed"""
)
_BOX_HEADS = frozenset({"speakers", "panelists", "participants", "job board", "poll", "sponsors", "publicité"})
_INLINE = _words("a abbr b cite em i mark q span strong u")
_PROSE = _words("p li blockquote em i b strong")
_STAYS = _words("html body main article h1")
_ADDRESSES = frozenset({"text", "email", "search", "tel"})
_BOXES = ("div", "section", "td", "table", "li", "blockquote", "details")
_BOX_RULES = _words(
    "subscribe newsletter sign_up donation related_links advertisement cookies feedback continue_reading"
)
BOX = 60  # words; a longer one than this is not dropped for its first words, or the field that it asks to fill in


def prune(body: Any) -> None:
    """Take out what stands around the article.

    No element goes that holds the page's headline or two fifths of its words outside links, however it is called.
    """
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element.tag in _NOTHING:
            _drop(element)
    elements = list(body.iter())
    words = _words_by_element(body)
    headline = set(ancestors(next(body.iter("h1"), None)))
    for element in elements:
        much = words[element] > 0.4 * words[body]
        if element.tag not in _STAYS and not much and element not in headline and _is_around(element):
            _drop(element)
    most = min(BOX, 0.4 * words[body])
    small = {element for element in elements if words[element] <= most and element.tag not in _STAYS} - headline
    for field in list(body.iter("input")):
        _drop_box(field, small)
    for element in list(body.iter(*_BOXES)):
        if element in small and _opens_a_box(element):
            _drop(element)
    small.clear()
    # lxml looks through what was dropped whenever one of its elements is let go of; the last first is quick.
    words.clear()
    while elements:
        elements.pop()


def words_of(body: Any) -> int:
    """Count a page's words, program text left out."""
    return sum(
        (0 if element.tag in _NOTHING or not isinstance(element.tag, str) else len((element.text or "").split()))
        + len((element.tail or "").split())
        for element in body.iter()
    )


def ancestors(element: Any) -> Iterator[Any]:
    """Yield an element, and every one that holds it."""
    while element is not None:
        yield element
        element = element.getparent()


def opens_panel(button: Any) -> bool:
    """Whether a button is the heading of a panel that can be folded."""
    parent = button.getparent()
    return parent is not None and (parent.tag in HEADINGS or "accordion" in (parent.get("class") or ""))


def _drop(element: Any) -> None:
    """Remove an element, and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _words_by_element(body: Any) -> dict[Any, int]:
    """Count the words outside links of every element, those of its children included."""
    words = dict.fromkeys(body.iter(), 0)
    for element in reversed(list(words)):  # children come before their parents
        words[element] += len((element.text or "").split())
        if element is not body:
            inner = 0 if element.tag == "a" else words[element]
            words[element.getparent()] += inner + len((element.tail or "").split())
    return words


def _is_around(element: Any) -> bool:
    if element.tag == "button":
        return not opens_panel(element)
    if element.tag in _ASIDE or element.get("role") in _ROLES:
        return True
    if element.tag in _INLINE and element.getparent().tag in _PROSE:
        return False
    return any(_is_listed(name) for name in f"{element.get('class') or ''} {element.get('id') or ''}".split())


def _is_listed(name: str) -> bool:
    """Whether listed words stand in a class or id: ``siteNav``, ``post__share-bar``, ``author-bio``."""
    parts = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1-\2", name).lower())
    pairs = (f"{one}-{two}" for one, two in pairwise(parts))
    stem = _STEMS.search("".join(parts))
    return stem is not None or not _CLASSES.isdisjoint(parts) or not _PAIRS.isdisjoint(pairs)


def _drop_box(field: Any, small: Set[Any]) -> None:
    """Remove the box around a field for an address or for words to search."""
    within = list(takewhile(small.__contains__, ancestors(field.getparent())))
    if within and field.get("type", "text") in _ADDRESSES:
        _drop(within[-1])


def _opens_a_box(element: Any) -> bool:
    """Whether the first words of an element head a box: an offer, links, or a section below the article."""
    first = next((text.strip() for text in element.itertext() if text.strip()), "").rstrip(":")
    return rule_of(first) in _BOX_RULES or bool(section_of(first)[0]) or first.lower() in _BOX_HEADS
