"""Ids met so far in a collection of millions, at eight bytes each."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

FRESH = 2**16  # ids kept in a set before they are sorted in with the others


class SeenIds:
    """A set that only grows.

    It keeps 64 bits of each id's digest: among ten million ids, the chance that any two are taken for one is 3 in a
    million.
    """

    def __init__(self) -> None:
        self._sorted = np.empty(0, dtype=np.uint64)
        self._fresh: set[int] = set()

    def add(self, id: str) -> bool:  # noqa: A002
        """Add an id; say whether it is new."""
        code = int.from_bytes(blake2b(id.encode(errors="surrogatepass"), digest_size=8).digest(), "little")
        at = np.searchsorted(self._sorted, np.uint64(code))
        if code in self._fresh or (at < len(self._sorted) and self._sorted[at] == code):
            return False
        self._fresh.add(code)
        if len(self._fresh) == FRESH:
            both = np.concatenate([self._sorted, np.fromiter(self._fresh, dtype=np.uint64)])
            self._sorted, self._fresh = np.sort(both, kind="stable"), set()
        return True
