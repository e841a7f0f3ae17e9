"""Fetch the texts that can be had openly, and say of the others where they are to be had by hand.

A row of ``data/raw/sources.jsonl`` may carry ``download``: ``url``, ``sha256``, ``file`` and optionally ``bytes``. Only
such files are fetched. The addresses are somebody else's words, so each is checked before it is followed: http or
https, no password, a public address, redirects within the host only. The connection is made to the address that was
checked, never through a proxy, and a file takes its name only once its hash is right.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import SplitResult, urljoin, urlsplit

from stance.connection import NotPublicError, connect, is_public
from stance.errors import CorpusError, StanceError, did_you_mean
from stance.storage import read_jsonl

TIMEOUT = 30.0  # seconds without a byte
DEADLINE = 1800.0  # seconds for the whole of a file: a server that drips bytes is never silent
MAX_BYTES = 64 << 20  # where a row declares no size
MAX_REDIRECTS = 5
CHUNK = 64 << 10
FILE_NAME = re.compile(r"\w[\w.+ -]*(/\w[\w.+ -]*)*(?<!\.part)")  # hence no "..", no hidden file, no drive
AGAIN = "Check the connection, then run the command again: it goes on where it stopped."
MEND = "Mend the row's download in the manifest."
FORM = "download must be url, file, sha256 (64 hexadecimal digits) and at most bytes (1 or more), nothing else"


@dataclass(frozen=True)
class Outcome:
    """What became of one file; ``detail`` is one line for people."""

    file: str
    status: Literal["fetched", "present", "by_hand", "failed"]
    detail: str


@dataclass(frozen=True)
class _Download:
    file: str
    url: str
    sha256: str
    bytes: int = 0


def fetch_sources(
    manifest: Path,
    folder: Path,
    *,
    collections: Collection[str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    allow_private: bool = False,
) -> list[Outcome]:
    """Download the openly reachable sources of a manifest into a folder of texts.

    What is there with the right hash is left alone; what was cut off (``<file>.part``) is continued where the server
    can. One file's failure does not stop the others.

    Parameters
    ----------
    manifest : Path
        ``sources.jsonl``. Rows without ``download`` come back as ``by_hand``; rows of one download are fetched once.
    folder : Path
        Where the files go; made when the first arrives.
    collections : collection of str, optional
        Only these; all where not given.
    progress : callable, optional
        Called with each file, its number and how many there are.
    allow_private : bool
        Also connect to addresses that are not public, for tests.

    Returns
    -------
    list of Outcome
        In the manifest's order.

    Raises
    ------
    CorpusError
        If the manifest cannot be read, or a collection is not in it.
    """
    items = list(dict.fromkeys(_parse(where, row) for where, row in _read_rows(manifest, collections)))
    times = Counter(item.file for item in items if isinstance(item, _Download))
    outcomes: list[Outcome] = []
    for item in items:
        if isinstance(item, _Download) and progress:
            progress(item.file, 1 + list(times).index(item.file), len(times))
        outcomes.append(item if isinstance(item, Outcome) else _fetch(item, folder, times[item.file], allow_private))
    return outcomes


def _read_rows(manifest: Path, collections: Collection[str] | None) -> list[tuple[str, dict[str, Any]]]:
    rows = list(read_jsonl(manifest, CorpusError))
    known = {str(row.get("collection")) for _, row in rows}
    for name in collections or ():
        if name not in known:
            raise CorpusError(f"no collection {name!r}", where=manifest, remedy=did_you_mean(name, known))
    return [(where, row) for where, row in rows if not collections or row.get("collection") in collections]


def _parse(where: str, row: dict[str, Any]) -> _Download | Outcome:
    file, given = str(row.get("file")), row.get("download")
    if given is None:
        url = _shown(str(row.get("url") or "no address is known"))
        return Outcome(file, "by_hand", f"{row.get('article_id')}: {url} (its text belongs in {file})")
    kinds = {"file": str, "url": str, "sha256": str, "bytes": int}
    full: dict[str, Any] = {"bytes": 1} | given if isinstance(given, dict) else {}
    right = {key: type(value) for key, value in full.items()} == kinds and full["bytes"] > 0
    if not right or not re.fullmatch("[0-9a-fA-F]{64}", full["sha256"]):
        return Outcome(file, "failed", str(StanceError(FORM, where=where, remedy=MEND)))
    return _Download(**given | {"sha256": given["sha256"].lower()})


def _fetch(download: _Download, folder: Path, times: int, allow_private: bool) -> Outcome:
    file, url = _shown(download.file), download.url
    try:
        target = _target(download, folder, times)
        if _digest(target) == download.sha256:
            return Outcome(file, "present", "is there with the right hash")
        if target.exists():
            raise _error(f"{file} is there already and is another text", url, "Move it away, then run this again.")
        _obtain(download, target, allow_private)
    except StanceError as error:
        return Outcome(file, "failed", str(error))
    except OSError as cause:
        return Outcome(file, "failed", str(_error(f"{file} cannot be written ({cause.strerror})", url, "Mend that.")))
    return Outcome(file, "fetched", f"from {_shown(url)}")


def _target(download: _Download, folder: Path, times: int) -> Path:
    target = folder / download.file
    if times > 1:
        raise _error(f"rows disagree on the url, sha256 or bytes of {download.file!r}", download.url)
    if not FILE_NAME.fullmatch(download.file) or not all(
        path.resolve().is_relative_to(folder.resolve()) for path in (target, _part(target))
    ):
        raise _error(f"file {download.file!r} is no plain name within the folder of texts", download.url)
    return target


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _obtain(download: _Download, target: Path, allow_private: bool) -> None:
    """Go on with the partial file, or start anew where that leads to a wrong hash; then give the file its name."""
    part = _part(target)
    have = part.stat().st_size if part.is_file() else 0
    whole = _digest(part) == download.sha256
    for start in (have, 0) if have else (0,):
        whole = whole or _transfer(download, part, start, allow_private)
    if not whole:
        part.unlink(missing_ok=True)
        rule = f"what came has not the SHA-256 {download.sha256[:12]}… of the manifest and was dropped"
        raise _error(rule, download.url, "Find the version that was labeled.")
    os.replace(part, target)  # noqa: PTH105


def _transfer(download: _Download, part: Path, have: int, allow_private: bool) -> bool:
    """Fetch what is missing after ``have`` bytes; tell whether the whole has the right hash."""
    with _follow(download.url, have, allow_private) as response:
        status, span = response.status, response.getheader("Content-Range") or ""
        resumed = have > 0 and status == 206 and span.startswith(f"bytes {have}-")
        if have and not resumed and status in {206, 416}:
            return False
        if status != 200 and not resumed:
            remedy = "Try again later." if status == 429 or status >= 500 else "Check the address."
            raise _error(f"the server answered {status}", download.url, remedy)
        have = have if resumed else 0
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab" if have else "wb") as file:
            size = _copy(response, file, have, download)
    if size > (download.bytes or MAX_BYTES):
        part.unlink()
        raise _error(f"is larger than {download.bytes or MAX_BYTES:,} bytes", download.url)
    return _digest(part) == download.sha256


def _copy(response: http.client.HTTPResponse, file: BinaryIO, have: int, download: _Download) -> int:
    """Write the answer up to the limit and one byte; return the size, or the one announced where that is too large."""
    # The end is counted here: before Python 3.11.8, read1 counts nothing and waits for more after the last byte.
    end = None if response.length is None else have + response.length
    until, limit = time.monotonic() + DEADLINE, download.bytes or MAX_BYTES
    while have != end and max(have, end or 0) <= limit:
        if time.monotonic() > until:
            raise _error(f"not done within {DEADLINE:g} seconds", download.url, AGAIN)
        with _network(download.url):
            chunk = response.read1(min(CHUNK, (end or limit + 1) - have))
        if not chunk and have < (end or download.bytes):
            raise _error(f"the connection ended after {have:,} bytes", download.url, AGAIN)
        if not chunk:
            break
        have += file.write(chunk)
        file.flush()
    return max(have, end or 0)


@contextmanager
def _follow(url: str, have: int, allow_private: bool) -> Iterator[http.client.HTTPResponse]:
    for _ in range(MAX_REDIRECTS + 1):
        with _ask(url, have, allow_private) as response:
            if response.status not in {301, 302, 303, 307, 308}:
                yield response
                return
            url = _next(url, response.getheader("Location") or "")
    raise _error(f"more than {MAX_REDIRECTS} redirects", url)


def _next(url: str, location: str) -> str:
    old, new = _checked(url), _checked(location, url)
    upgraded = (old.scheme, new.scheme, _port(new)) == ("http", "https", 443)
    if new.hostname != old.hostname or not (upgraded or (new.scheme, _port(new)) == (old.scheme, _port(old))):
        rule = f"redirected-away, to another host or port or a lesser scheme: {_shown(new.geturl())}"
        raise _error(rule, url, "If that place is right, put its address in the manifest.")
    return new.geturl()


def _checked(url: str, base: str = "") -> SplitResult:
    with suppress(ValueError):  # of urlsplit, which drops line ends and tabs unasked, so that they are sought first
        parts = urlsplit(urljoin(base, url) if re.fullmatch("[!-~]+", url) else "")
        if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and _port(parts):
            return parts
    rule = "an address must be http:// or https://, printable ASCII, without user name or password"
    raise _error(rule, f"{base} -> {url}" if base else url)


def _port(parts: SplitResult) -> int:
    return (443 if parts.scheme == "https" else 80) if parts.port is None else parts.port


@contextmanager
def _ask(url: str, have: int, allow_private: bool) -> Iterator[http.client.HTTPResponse]:
    parts = _checked(url)
    asked = {"Host": parts.netloc, "User-Agent": "stance", "Connection": "close"}
    with _connect(url, parts, allow_private) as sock:
        with _network(url):
            connection = http.client.HTTPConnection(parts.hostname or "")
            connection.sock = sock  # so that it does not look the name up again
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers=asked | ({"Range": f"bytes={have}-"} if have else {}))
            response = connection.getresponse()
        with response:
            yield response


def _connect(url: str, parts: SplitResult, allow_private: bool) -> socket.socket:
    is_allowed = (lambda _: True) if allow_private else is_public
    try:
        with _network(url):
            return connect(
                parts.hostname or "",
                _port(parts),
                secure=parts.scheme == "https",
                timeout=TIMEOUT,
                is_allowed=is_allowed,
            )
    except NotPublicError as private:
        raise _error(f"its host is at {private}, which is not a public address", url) from None


@contextmanager
def _network(url: str) -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as cause:
        raise _error(f"the connection failed ({_shown(str(cause)) or type(cause).__name__})", url, AGAIN) from None


def _error(what: str, url: str, remedy: str = MEND) -> StanceError:
    return StanceError(what, where=_shown(url), remedy=remedy)


def _shown(text: str) -> str:
    """Fit a text of others for one line: no password of a URL, no control characters."""
    return "".join(char if char.isprintable() else "?" for char in re.sub(r"//[^/?#]*@", "//", text)[:500])
