from stance import web_store
from stance.articles import Article
from stance.web_store import Store


def test_articles_come_back_by_an_id_that_cannot_be_guessed():
    store = Store(10_000, 60)
    first, second = ([Article.from_text("They want talks.", id=name)] for name in ("a", "b"))
    keys = store.put(first), store.put(second)
    assert store.get(keys[0]) == first
    assert store.get(keys[1]) == second
    assert len(keys[0]) >= 22  # 128 bits
    assert store.get("nothing") is None


def test_the_oldest_go_when_there_is_no_room():
    store = Store(10_000, 60)
    keys = [store.put([Article.from_text("x" * 1000)]) for _ in range(4)]
    assert [store.get(key) is not None for key in keys] == [False, False, True, True]


def test_an_article_that_is_too_large_is_not_kept():
    store = Store(10_000, 60)
    assert store.get(store.put([Article.from_text("x" * 3000)])) is None


def test_articles_go_after_a_while(monkeypatch):
    now = 0.0
    monkeypatch.setattr(web_store.time, "monotonic", lambda: now)
    store = Store(10_000, 60)
    key = store.put([Article.from_text("They want talks.")])
    now = 60.0
    assert store.get(key) is not None
    now = 60.1
    assert store.get(key) is None
