import pytest
from made_files import ATOM, FEED

from stance.articles import read_article, read_articles
from stance.errors import ArticleError
from stance.feeds import feed_pages


def test_entries_with_what_the_feed_tells():
    (place, page), (second, error) = feed_pages(FEED.encode(), "feed.rss")
    assert (place, page.text) == ("feed.rss:entry 1", "The mayor closed the quay.\n\nThe money\n\nIt ran out.")
    assert [block.kind for block in page.blocks] == ["paragraph", "heading", "paragraph"]
    assert page.metadata == {
        "title": "The quay & the town", "outlet": "The Gull", "date": "2018-03-05", "url": "https://gull.example/quay",
    }  # fmt: skip
    assert second == "feed.rss:entry 2"
    assert str(error).startswith("feed.rss:entry 2: has a title, but no text")


@pytest.mark.parametrize("name", ["a.atom", "a.xml", "a"])
def test_content_is_preferred_to_the_summary(tmp_path, name):
    path = tmp_path / name
    path.write_text(ATOM)
    (article,) = read_articles(path)
    assert (article.id, article.text) == ("a-1", "The sluice failed.\n\nNobody knew.")
    with pytest.raises(ArticleError, match="is a collection or a feed, not one article"):
        read_article(path)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 20}'>" for n in range(1, 9))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<rss version='2.0'><channel><title>a</title></channel></rss>", "is a feed without entries"),
        ("<note>It began.</note>", "is no feed"),
        ("It began.", "is no feed"),
    ],
)
def test_what_is_no_feed_is_refused(data, said):
    with pytest.raises(ArticleError, match=f"a.xml: {said}"):
        list(feed_pages(data.encode(), "a.xml"))


def test_entities_that_multiply_are_not_followed():
    data = f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{LAUGHS}]>" + FEED.split("?>")[1].replace("The mayor", "&l8;")
    for _, page in feed_pages(data.encode(), "a.xml"):
        assert isinstance(page, ArticleError) or len(page.text) < 1000
