"""The JSON API, version 1: predictions, batches, the motive map, the codebook and the server's health."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from stance import __version__, web_jobs
from stance.api_models import (
    BatchIn,
    BatchItem,
    BatchOut,
    Health,
    MapIn,
    MapOut,
    PredictIn,
    PredictOut,
    Problem,
    StatementIn,
)
from stance.codebook import Codebook
from stance.errors import StanceError
from stance.predict import Model
from stance.web_limits import Limits
from stance.workers import Answer, Job, Workers

PREFIX = "/api/v1"
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": said}
    for status, said in {
        413: "More than this server takes.",
        422: "The request breaks a rule.",
        503: "Busy: try again.",
        504: "It took longer than this server allows.",
    }.items()
}


class TooManyError(StanceError):
    """A batch has more items than the server takes."""


def make_api(model: Model, workers: Workers, limits: Limits) -> APIRouter:
    """Return the routes of the API."""
    api = APIRouter(prefix=PREFIX)
    named = {"model": model.name, "codebook": f"{model.codebook.name} v{model.codebook.version}"}

    @api.get("/health")
    async def health() -> Health:
        """Say that the server answers, with which model and version; also while long articles are worked on."""
        return Health(status="ok", model=model.name, version=__version__)

    @api.get("/codebook")
    async def codebook() -> Codebook:
        """Return the codebook: what the labels mean."""
        return model.codebook

    @api.post("/predict", responses=_REFUSALS)
    def predict(article: PredictIn) -> PredictOut:
        """Predict motive and stance of every statement of one article."""
        answer = workers.run(web_jobs.article_rows, [_fields(article)], article.proba)
        return PredictOut(**named, notices=list(answer.notices), statements=answer.value[0])

    @api.post("/predict/batch", responses=_REFUSALS)
    def predict_batch(batch: BatchIn) -> BatchOut:
        """Predict several articles, or statements one by one; an item that is refused does not hold up the others."""
        if bool(batch.articles) == bool(batch.statements):
            raise StanceError("a batch has articles or statements", where="body", remedy="Give one of the two lists.")
        _check_count("body.articles", batch.articles, limits.articles)
        _check_count("body.statements", batch.statements, limits.statements)
        job = web_jobs.article_rows if batch.articles else web_jobs.statement_rows
        return _batch(workers, job, batch.articles or batch.statements, batch.proba, named)

    @api.post("/map", responses=_REFUSALS)
    def motive_map(articles: MapIn) -> MapOut:
        """Draw the motive map of one or more articles: which aims they ascribe, asserted and doubted how often."""
        _check_count("body.articles", articles.articles, limits.articles)
        answer = workers.run(web_jobs.map_of, [_fields(each) for each in articles.articles])
        return MapOut(**named, notices=list(answer.notices), **answer.value)

    return api


def _check_count(where: str, items: Sequence[object], most: int) -> None:
    if len(items) > most:
        rule = f"{len(items):,} items, and one request may have {most:,}"
        raise TooManyError(rule, where=where, remedy="Send them in several requests.")


def _fields(item: StatementIn | PredictIn | Any) -> dict[str, str]:
    return dict(item.model_dump(exclude={"proba"}))


def _batch(workers: Workers, job: Job, items: Sequence[Any], proba: bool, named: dict[str, str]) -> BatchOut:
    sound = [_fields(item) for item in items if not isinstance(item, BatchItem)]
    answer = workers.run(job, sound, proba) if sound else Answer([])
    rows = iter(answer.value)
    results = [item if isinstance(item, BatchItem) else BatchItem(id=item.id, statements=next(rows)) for item in items]
    return BatchOut(**named, notices=list(answer.notices), results=results)
