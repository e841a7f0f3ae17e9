"""The pages of the web page, from templates that escape all they are given."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse

from stance.api_models import Problem

TEMPLATES = Path(__file__).parent / "templates"
STATIC = {"web.css": "text/css", "web.js": "text/javascript", "web.svg": "image/svg+xml"}
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', re.IGNORECASE)
_BEYOND = "form-action 'none'; frame-ancestors 'none'"  # which a policy within a page cannot say


def render(name: str, **values: Any) -> str:
    """Return a template filled in."""
    return str(_environment().get_template(name).render(values))


def problem_page(status: int, problem: Problem) -> HTMLResponse:
    """Return a page that says what went wrong, and what to do."""
    return HTMLResponse(render("web_problem.html.jinja", problem=problem), status)


def reading_response(page: str, bar: str) -> HTMLResponse:
    """Return a reading view with a bar of links below its header, under the content security policy that it states."""
    head, _, _ = page.partition("</head>")
    stated = _POLICY.search(head)
    headers = {"content-security-policy": f"{stated[1]}; {_BEYOND}"} if stated else {}
    return HTMLResponse(page.replace("</header>", f"</header>\n{bar}", 1), headers=headers)


@lru_cache(maxsize=1)
def _environment() -> Any:
    from stance.render import make_environment

    return make_environment(autoescape=True)
