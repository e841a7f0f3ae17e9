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
    app.add_exception_handler(StanceError, _on_stance_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(Guard, hosts=hosts, body=limits.body)
    return app


def _on_stance_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StanceError)  # noqa: S101 - what it is registered for
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)
    return _answer(request, status, Problem(error=error.what, where=error.where, remedy=error.remedy))


def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return _answer(request, 422, problem_of(list(error.errors())))


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    problem = Problem(error=error.detail, where=request.url.path, remedy=_REMEDIES.get(error.status_code, ""))
    return _answer(request, error.status_code, problem)


def _answer(request: Request, status: int, problem: Problem) -> Response:
    if request.url.path.startswith(PREFIX):
        return JSONResponse(problem.model_dump(), status)
    return problem_page(status, problem)
