"""An article at an address: fetched from the open internet, within limits of time and size."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from stance.connection import NotPublicError, connect, is_public
from stance.errors import ArticleError

TIMEOUT = 10.0  # seconds without a byte
DEADLINE = 30.0  # seconds for all of it, redirects included: a server that drips bytes is never silent
MAX_BYTES = 10 << 20
MAX_REDIRECTS = 5
# What an article can be, and the file's suffix that stands for it.
TYPES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "application/pdf": ".pdf",
    "text/markdown": ".md", "application/rss+xml": ".rss", "application/atom+xml": ".atom", "application/xml": ".xml",
    "text/xml": ".xml", "application/octet-stream": "",
}  # fmt: skip
_REFUSALS = {
    401: "asks for a login", 402: "asks for a payment", 403: "refuses programs", 404: "has no such page",
    410: "has no such page any more", 429: "is asked too often", 451: "may not show it",
}  # fmt: skip
_AGENT = "stance (reads one article for its user)"
_SAVE = "Open it in a browser, save the page, and give the file."


@dataclass(frozen=True)
class Download:
    """What came from an address.

    Attributes
    ----------
    url : str
        Where it was in the end, after redirects.
    data : bytes
        What came.
    name : str
        A name whose suffix says what it is by the server's word; may be empty.
    charset : str
        The encoding by the server's word; may be empty.
    """

    url: str
    data: bytes
    name: str
    charset: str


def download(url: str, *, is_allowed: Callable[[str], bool] = is_public) -> Download:
    """Fetch an article.

    Parameters
    ----------
    url : str
        Address with http or https.
    is_allowed : callable
        Tells of an IP address whether it may be connected to; by default, those of the open internet.

    Raises
    ------
    ArticleError
        Where the address is none, leads to a private network or too many redirects, or where what comes is too large,
        too slow, no article, or an error of the server's.
    """
    until, at = time.monotonic() + DEADLINE, url
    for _ in range(MAX_REDIRECTS + 1):
        with _network(url, until), _asked(_checked(at, url), until, is_allowed) as response:
            place = response.getheader("Location") if response.status in {301, 302, 303, 307, 308} else None
            if not place:
                return _received(response, at, url, until)
            at = urljoin(at, place.strip())
    raise _error(f"more than {MAX_REDIRECTS} redirects", url, "Give the address that it leads to.")


def _checked(at: str, url: str) -> SplitResult:
    with suppress(ValueError):  # of a port or an IPv6 address that is none
        parts = urlsplit(at if re.fullmatch(r"[^\s\x00-\x1f\x7f]+", at) else "")
        host = (parts.hostname or "").encode("idna").decode()
        if parts.scheme in {"http", "https"} and host and "@" not in parts.netloc and parts.port != 0:
            return parts
    remedy = "Give the address as the browser shows it."
    shown = url if at == url else f"{url} -> {at}"
    raise _error("an address must be http:// or https://, without user name or password", shown, remedy)


@contextmanager
def _asked(parts: SplitResult, until: float, is_allowed: Callable[[str], bool]) -> Iterator[http.client.HTTPResponse]:
    secure = parts.scheme == "https"
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or (443 if secure else 80)
    with connect(host, port, secure=secure, timeout=TIMEOUT, is_allowed=is_allowed) as sock:
        watch = threading.Timer(max(0.0, until - time.monotonic()), _cut, [sock])
        watch.daemon = True
        watch.start()
        try:
            connection = http.client.HTTPConnection(host, port)
            connection.default_port = 443 if secure else 80  # which is left out of the header Host
            connection.sock = sock  # so that it does not look the name up again
            query = f"?{parts.query}" if parts.query else ""
            path = quote((parts.path or "/") + query, safe="%/:=&?~+!$,;'@()*[]")
            connection.request("GET", path, headers={"User-Agent": _AGENT, "Accept": "text/html,*/*;q=0.5"})
            with connection.getresponse() as response:
                yield response
        finally:
            watch.cancel()


def _cut(sock: socket.socket) -> None:
    """End a connection while another thread waits for it."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # beneath TLS, which would wait for its own farewell


def _received(response: http.client.HTTPResponse, at: str, url: str, until: float) -> Download:
    if response.status != 200:
        said = _REFUSALS.get(response.status, "cannot give it")
        raise _error(f"the server {said} (status {response.status})", url, _SAVE)
    message = Message()
    message["content-type"] = response.getheader("Content-Type") or "application/octet-stream"
    kind = message.get_content_type()
    if kind not in TYPES:
        raise _error(f"is {kind:.60}, which is no article", url, "Give the address of a page, a text or a PDF.")
    data = _unpacked(_body(response, url), response.getheader("Content-Encoding") or "identity", url)
    if time.monotonic() >= until:
        raise _too_slow(url)
    name = f"page{TYPES[kind]}" if TYPES[kind] else urlsplit(at).path.rpartition("/")[2]
    return Download(at, data, name, str(message.get_content_charset() or ""))


def _body(response: http.client.HTTPResponse, url: str) -> bytes:
    # The end is counted here: before Python 3.11.8, read1 counts nothing and waits for more after the last byte.
    data, end = bytearray(), response.length
    while len(data) != end and len(data) <= MAX_BYTES:
        if not (chunk := response.read1(64 << 10)):
            break
        data += chunk
    if len(data) > MAX_BYTES:
        raise _too_large(url)
    if end is not None and len(data) < end:
        raise http.client.IncompleteRead(bytes(data), end - len(data))
    return bytes(data)


def _unpacked(data: bytes, encoding: str, url: str) -> bytes:
    """Undo a compression that some servers use unasked, up to the limit."""
    if encoding.lower() in {"identity", ""}:
        return data
    if encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        raise _error(f"the server sends it compressed by {encoding:.20}, which was not asked for", url, _SAVE)
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)  # of either kind
    data = unpacking.decompress(data, MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(url)
    if not unpacking.eof:
        raise zlib.error("what is compressed breaks off")
    return data


@contextmanager
def _network(url: str, until: float) -> Iterator[None]:
    try:
        yield
    except NotPublicError as private:
        remedy = "Give the address of a page on the open internet, or save the page and give the file."
        raise _error(f"its host is at {private}, which is not a public address", url, remedy) from None
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as cause:
        if time.monotonic() >= until:
            raise _too_slow(url) from None
        said = "no answer in time" if isinstance(cause, TimeoutError) else str(cause) or type(cause).__name__
        raise _error(f"the connection failed ({said:.100})", url, "Check the address and the connection.") from None


def _too_slow(url: str) -> ArticleError:
    return _error(f"not done within {DEADLINE:g} seconds", url, _SAVE)


def _too_large(url: str) -> ArticleError:
    return _error(f"is larger than {MAX_BYTES >> 20} MB", url, "Fetch it with a browser, and give the file.")


def _error(what: str, url: str, remedy: str) -> ArticleError:
    shown = "".join(char if char.isprintable() else "?" for char in re.sub(r"//[^/?#]*@", "//", url)[:300])
    return ArticleError(" ".join(what.split()), where=shown, remedy=remedy)
