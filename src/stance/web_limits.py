"""What one visitor may ask of the web page and its API, so that no request can take the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of `stance.web.create_app`.

    Parameters
    ----------
    body : int
        Bytes of one request.
    articles, statements : int
        Articles of one batch or file; statements of one batch.
    seconds : float
        How long a request may wait for a worker, and then how long its work may take.
    workers, waiting : int
        Worker processes, which is how many requests are worked on at once; requests that may wait for one.
    kept : int
        Bytes of articles that are kept in memory for their pages and downloads.
    kept_seconds : float
        How long they are kept at most.
    """

    body: int = 2_000_000
    articles: int = 100
    statements: int = 5_000
    seconds: float = 60.0
    workers: int = 2
    waiting: int = 8
    kept: int = 32_000_000
    kept_seconds: float = 3600.0
