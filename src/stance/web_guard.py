"""The guard before the web page and its API: who may ask, how much they may send, what browsers may do with the answer.

The server has no password. What keeps other web pages that you have open away from it is that a request must name this
server (against DNS rebinding), and that a form must come from this server's own pages (against cross-site requests).
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
from collections.abc import Container
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: browsers would then send our own forms with the origin "null".
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
_HOST = re.compile(r"(\[[\da-f:.]+\]|[^:\[\]]+)(?::\d+)?", re.IGNORECASE)
# A browser shows the answer to a body that is too large only when it could send some more of it, for a little while.
_READ_ON, _READ_ON_SECONDS = 10, 5.0

logger = logging.getLogger("uvicorn.error")


class AnyAddress:
    """Hosts where a server listens on every address: an IP address, which no rebinding can forge, or its own name."""

    def __init__(self, name: str) -> None:
        self._names = {*LOOPBACK, name.lower()}

    def __contains__(self, host: object) -> bool:
        if host in self._names:
            return True
        with suppress(ValueError):
            return bool(ipaddress.ip_address(str(host).strip("[]")))
        return False


class Guard:
    """Middleware that refuses requests for another host, forms of other sites and bodies that are too large.

    Parameters
    ----------
    app : ASGI application
        What it guards.
    hosts : container of str
        Hosts that a request may be for, in lower case and without port; IPv6 addresses in brackets.
    body : int
        Bytes that a request may send.
    """

    def __init__(self, app: ASGIApp, hosts: Container[str], body: int) -> None:
        self._app, self._hosts, self._body = app, hosts, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the application, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refusal(Headers(scope=scope), scope["method"])
        try:
            await (answer or self._app)(scope, self._counted(receive), send_guarded)
        except Exception:  # a fault of ours: the terminal gets the traceback, the visitor does not
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if not started:
                await internal_error()(scope, receive, send_guarded)

    def _refusal(self, headers: Headers, method: str) -> JSONResponse | None:
        host = headers.get("host", "")
        named = _HOST.fullmatch(host)
        if not named or named[1].lower() not in self._hosts:
            remedy = "Use the address that stance serve printed, or start it with --host."
            return refusal(421, "this server does not go by that name", "Host header", remedy)
        origin = headers.get("origin")
        if method != "GET" and origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return refusal(403, "requests from pages of other sites are refused", "Origin header", "Use its own page.")
        return None

    def _counted(self, receive: Receive) -> Receive:
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._body:
                if message.get("more_body"):
                    await self._read_on(receive)
                raise HTTPException(413, f"a request may have {self._body:,} bytes at most")
            return message

        return receive_counted

    async def _read_on(self, receive: Receive) -> None:
        left = _READ_ON * self._body
        with suppress(TimeoutError):
            async with asyncio.timeout(_READ_ON_SECONDS):
                while left > 0:
                    message = await receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body"):
                        return


def refusal(status: int, error: str, where: str, remedy: str) -> JSONResponse:
    """Return an error as JSON: what rule was broken, where, and what to do."""
    return JSONResponse({"error": error, "where": where, "remedy": remedy}, status)


def internal_error() -> JSONResponse:
    """Return what a visitor sees where we failed."""
    return refusal(500, "the server failed on this request", "", "The terminal that runs stance serve says more.")
