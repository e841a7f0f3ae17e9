"""The routes of the web page: the form, an article's reading view, its downloads, and the page about the API."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path, PurePath
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from stance import web_jobs
from stance.api_models import Problem
from stance.errors import ArticleError
from stance.file_kinds import SUFFIXES
from stance.predict import Model
from stance.tables import DIGITS
from stance.web_api_page import endpoints
from stance.web_limits import Limits
from stance.web_store import Store
from stance.web_templates import STATIC, TEMPLATES, reading_response, render
from stance.workers import Answer, Workers

FIELDS = ("text", "title", "outlet", "date")
DOWNLOADS = {  # suffix of the file: what it is called on the page, and its type
    "csv": ("CSV", "text/csv; charset=utf-8"),
    "jsonl": ("JSON Lines", "application/jsonl"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "html": ("This page", "text/html; charset=utf-8"),
    "map.svg": ("Map, SVG", "image/svg+xml"),
    "map.csv": ("Map, CSV", "text/csv; charset=utf-8"),
}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")


def make_forms(model: Model, workers: Workers, limits: Limits) -> APIRouter:
    """Return the routes of the pages."""
    pages = APIRouter()
    store = Store(limits.kept, limits.kept_seconds)
    shown = {"model": model.name, "codebook": model.codebook, "limits": limits, "kinds": tuple(SUFFIXES)}

    @pages.get("/")
    async def form() -> HTMLResponse:
        return HTMLResponse(render("web.html.jinja", **shown, given=dict.fromkeys(FIELDS, ""), problem=None))

    @pages.post("/")
    async def submit(request: Request) -> Response:
        # Starlette takes 1 MB of a field that is no file, which is less than a pasted text may have.
        async with request.form(max_files=1, max_fields=len(FIELDS), max_part_size=limits.body) as sent:
            return await run_in_threadpool(read, sent)

    def read(sent: FormData) -> Response:
        given = {name: str(sent.get(name, "")).replace("\r\n", "\n") for name in FIELDS}
        try:
            answer = _read(workers, sent.get("file"), given, limits)
        except ArticleError as error:
            problem = Problem(error=error.what, where=error.where, remedy=error.remedy)
            return HTMLResponse(render("web.html.jinja", **shown, given=given, problem=problem), 422)
        return RedirectResponse(f"/reading/{store.put(answer.value)}", 303)

    @pages.get("/reading/{key}")
    def reading(key: str) -> HTMLResponse:
        articles = _kept(store, key)
        answer = workers.run(web_jobs.page, articles)
        bar = render("web_bar.html.jinja", key=key, downloads=DOWNLOADS, notices=answer.notices)
        return reading_response(answer.value, bar)

    @pages.get("/reading/{key}/{format_}")
    def download(key: str, format_: str) -> Response:
        articles = _kept(store, key)
        if format_ not in DOWNLOADS:
            raise HTTPException(404)
        name = _safe_name(articles[0].title or articles[0].id)
        headers = {"content-disposition": f'attachment; filename="{name}.{format_}"'}
        return Response(workers.run(web_jobs.download, articles, format_).value, 200, headers, DOWNLOADS[format_][1])

    @pages.get("/api")
    def about(request: Request) -> HTMLResponse:
        described = endpoints(request.app.openapi())
        base = str(request.base_url).rstrip("/")
        return HTMLResponse(render("web_api.html.jinja", endpoints=described, base=base, limits=limits, digits=DIGITS))

    @pages.get("/static/{name}")
    async def static(name: str) -> FileResponse:
        if name not in STATIC:
            raise HTTPException(404)
        return FileResponse(TEMPLATES / name, media_type=STATIC[name])

    return pages


def _read(workers: Workers, file: object, given: dict[str, str], limits: Limits) -> Answer:
    """Read what the form brought: pasted text, or a file; of a file's name, only the suffix names anything here."""
    if not isinstance(file, UploadFile) or not file.filename:
        return workers.run(web_jobs.read_pasted, given)
    if given["text"].strip():
        remedy = "Empty the text box, or choose no file."
        raise ArticleError("a text and a file were both given", where="Article", remedy=remedy)
    name = PurePath(file.filename.replace("\\", "/")).name[:200]
    suffix = PurePath(name).suffix.lower()
    if not _SUFFIX.fullmatch(suffix):
        raise ArticleError("its name has no suffix that says what it is", where=name, remedy="Name it .txt or .html.")
    details = {field: given[field] for field in FIELDS if field != "text"}
    with tempfile.TemporaryDirectory(prefix="stance-") as folder:  # which nobody else may enter
        path = Path(folder, f"{web_jobs.UPLOAD}{suffix}")
        path.write_bytes(file.file.read())
        return workers.run(web_jobs.read_upload, path, name, details, limits.articles)


def _kept(store: Store, key: str) -> Any:
    articles = store.get(key)
    if articles is None:
        raise HTTPException(404, "this article is no longer kept; give it once more")
    return articles


def _safe_name(title: str) -> str:
    """Return a title as a file's name that every system takes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-") or "article"
