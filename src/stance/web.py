"""The web page: paste an article or choose a file, read it marked, take the table away. The API stands beside it.

Needs the extra ``web``. No page asks for anything outside this server, and every page works without script.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from stance import __version__
from stance.api import PREFIX, TooManyError, make_api
from stance.api_models import Problem, problem_of
from stance.errors import StanceError
from stance.predict import load_model
from stance.web_forms import make_forms
from stance.web_guard import LOOPBACK, Guard
from stance.web_limits import Limits
from stance.web_templates import problem_page
from stance.workers import BusyError, TimeLimitError, WorkerError, Workers

_EXPECTED: tuple[type[Exception], ...] = (StanceError, RequestValidationError, HTTPException)
_STATUS: dict[type[StanceError], int] = {TooManyError: 413, WorkerError: 500, BusyError: 503, TimeLimitError: 504}
_REMEDIES = {404: "See / and /api for what there is.", 405: "See /api for how to ask.", 413: "Send less at once."}
_SUMMARY = "Predict which aim every statement of a news article is about, and whether it supports or doubts that aim."


def create_app(
    model: Path | str = "fast", limits: Limits | None = None, hosts: Container[str] = frozenset(LOOPBACK)
) -> FastAPI:
    """Make the web page and its API.

    Parameters
    ----------
    model : path or str
        As for `stance.load_model`.
    limits : Limits, optional
        What one visitor may ask.
    hosts : container of str
        Hosts that requests may be for, in lower case and without port.

    Raises
    ------
    ModelError
        If there is no sound model there.
    """
    limits = limits or Limits()
    loaded = load_model(model)
    workers = Workers(model, limits.workers, limits.seconds, limits.waiting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        workers.start()
        yield
        workers.stop()

    # FastAPI's own pages of the API load their script from elsewhere; ours is /api.
    app = FastAPI(
        title="stance", version=__version__, description=_SUMMARY, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.include_router(make_api(loaded, workers, limits))
    app.include_router(make_forms(loaded, workers, limits), include_in_schema=False)
    for kind in _EXPECTED:
        app.add_exception_handler(kind, _on_error)
    app.add_middleware(Guard, hosts=hosts, body=limits.body)
    return app


def _on_error(request: Request, error: Exception) -> Response:
    status, problem = _explained(error, request.url.path)
    if request.url.path.startswith(PREFIX):
        return JSONResponse(problem.model_dump(), status)
    return problem_page(status, problem)


def _explained(error: Exception, path: str) -> tuple[int, Problem]:
    """Return the status that fits an error of one of the `_EXPECTED` kinds, and what to say."""
    if isinstance(error, StanceError):
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)
        return status, Problem(error=error.what, where=error.where, remedy=error.remedy)
    if isinstance(error, RequestValidationError):
        return 422, problem_of(list(error.errors()))
    if isinstance(error, HTTPException):
        remedy = _REMEDIES.get(error.status_code, "")
        return error.status_code, Problem(error=error.detail, where=path, remedy=remedy)
    raise error
