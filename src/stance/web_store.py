"""Articles that a page was made of, kept in memory for a while so that it can be reloaded and downloaded."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from stance.articles import Article

_BYTES_A_CHARACTER = 4  # what Python needs at most
_BYTES_A_BLOCK = 200


class Store:
    """Articles under random ids, the oldest dropped first; never more than ``size`` bytes nor older than ``seconds``.

    Parameters
    ----------
    size : int
        Bytes of articles kept, reckoned from above.
    seconds : float
        How long they are kept.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self._size, self._seconds = size, seconds
        self._kept: OrderedDict[str, tuple[float, int, Sequence[Article]]] = OrderedDict()
        self._lock = Lock()

    def put(self, articles: Sequence[Article]) -> str:
        """Keep articles, and return an id that nobody can guess."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[key] = (time.monotonic(), sum(map(_bytes_of, articles)), articles)
            self._drop()
        return key

    def get(self, key: str) -> Sequence[Article] | None:
        """Return the articles of an id, or None when they are gone."""
        with self._lock:
            self._drop()
            kept = self._kept.get(key)
        return kept[2] if kept else None

    def _drop(self) -> None:
        size = sum(each for _, each, _ in self._kept.values())
        oldest_kept = time.monotonic() - self._seconds
        for key, (made, each, _) in list(self._kept.items()):
            if made >= oldest_kept and size <= self._size:
                return
            del self._kept[key]
            size -= each


def _bytes_of(article: Article) -> int:
    return _BYTES_A_CHARACTER * len(article.text) + _BYTES_A_BLOCK * len(article.blocks)
