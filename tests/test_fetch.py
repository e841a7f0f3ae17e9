"""Against a real server on this machine; no other address is ever connected to."""

import hashlib
import http.server
import signal
import socket
import threading
import time
from contextlib import suppress

import pytest
from conftest import ROOT, write_jsonl_rows

from stance import fetch
from stance.connection import is_public
from stance.errors import CorpusError
from stance.fetch import Outcome, fetch_sources

TEXT = b"".join(b'{"id": "a%04d"}\n' % number for number in range(20_000))  # several reads long
FILE = "newswire/articles.jsonl"
HALF = len(TEXT) // 2


class Server(http.server.ThreadingHTTPServer):
    """Serves what ``pages`` says (path to function of the handler), and notes path and headers of every request."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.requests, self.over = {}, [], threading.Event()

    def url(self, path="/a.jsonl", host="127.0.0.1"):
        return f"http://{host}:{self.server_port}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.pages[self.path](self)

    def log_message(self, *_):
        pass

    def answer(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in ({"Content_Length": len(body)} | headers).items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        with suppress(OSError):  # the client may have had enough, as it should
            self.wfile.write(body)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(fetch, "TIMEOUT", 5.0)
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def whole(handler):
    handler.answer(TEXT)


def ranged(handler):
    asked = handler.headers["Range"]
    start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
    if start >= len(TEXT):
        handler.answer(b"", 416, Content_Range=f"bytes */{len(TEXT)}")
    elif start:
        handler.answer(TEXT[start:], 206, Content_Range=f"bytes {start}-{len(TEXT) - 1}/{len(TEXT)}")
    else:
        handler.answer(TEXT)


def to(location, status=302):
    return lambda handler: handler.answer(b"", status, Location=location)


def source(url, /, **changed):
    download = {"url": url, "sha256": hashlib.sha256(TEXT).hexdigest(), "file": FILE} | changed
    return {
        "article_id": "a1",
        "collection": "newswire",
        "file": FILE,
        "url": "http://paper.test/1",
        "download": download,
    }


@pytest.fixture
def go(tmp_path, server):
    """Fetch one download into ``tmp_path/texts``; gives its outcome."""

    def fetch_one(url, /, *, allow_private=True, **changed):
        write_jsonl_rows(tmp_path / "sources.jsonl", [source(url, **changed)])
        (outcome,) = fetch_sources(tmp_path / "sources.jsonl", tmp_path / "texts", allow_private=allow_private)
        assert outcome.detail.isprintable()  # one line
        return outcome

    return fetch_one


@pytest.fixture
def target(tmp_path):
    return tmp_path / "texts" / FILE


@pytest.fixture
def part(target):
    return target.with_name("articles.jsonl.part")


def leave(path, content):
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_download_of_many_rows_is_fetched_once_and_the_others_are_named_for_the_hand(tmp_path, server, target):
    server.pages["/a.jsonl?v=1"] = whole
    by_hand = {"article_id": "b1", "collection": "seed", "file": "article/b.txt", "url": "http://me:pw@paper.test/b"}
    rows = [
        source(server.url("/a.jsonl?v=1#top")),
        by_hand,
        source(server.url("/a.jsonl?v=1#top")) | {"article_id": "a2"},
    ]
    write_jsonl_rows(tmp_path / "sources.jsonl", [*rows, by_hand | {"article_id": "b2", "url": ""}])
    told = []
    outcomes = fetch_sources(
        tmp_path / "sources.jsonl", tmp_path / "texts", progress=lambda *each: told.append(each), allow_private=True
    )
    assert [(outcome.file, outcome.status) for outcome in outcomes] == [
        (FILE, "fetched"), ("article/b.txt", "by_hand"), ("article/b.txt", "by_hand"),
    ]  # fmt: skip
    assert outcomes[1].detail == "b1: http://paper.test/b (its text belongs in article/b.txt)"
    assert "no address is known" in outcomes[2].detail
    assert told == [(FILE, 1, 1)]
    assert target.read_bytes() == TEXT
    assert files_below(tmp_path / "texts") == {FILE}
    ((path, headers),) = server.requests
    assert path == "/a.jsonl?v=1"
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"
    assert "Range" not in headers


def test_a_file_that_is_there_is_not_fetched_again(go, server, target):
    leave(target, TEXT)
    assert go(server.url()) == Outcome(FILE, "present", "is there with the right hash")
    assert server.requests == []


def test_a_file_of_the_users_own_is_not_overwritten(go, server, target):
    leave(target, b"mine")
    outcome = go(server.url())
    assert (outcome.status, target.read_bytes(), server.requests) == ("failed", b"mine", [])
    assert "Move it away" in outcome.detail


def test_a_cut_connection_leaves_a_part_that_is_continued(go, server, target, part):
    server.pages["/a.jsonl"] = lambda handler: handler.answer(TEXT[:HALF], Content_Length=len(TEXT))
    outcome = go(server.url())
    assert outcome.status == "failed"
    assert outcome.detail == (
        f"{server.url()}: the connection ended after {HALF:,} bytes. Check the connection, then run the command again: it goes on where it stopped."
    )
    assert part.read_bytes() == TEXT[:HALF]
    assert not target.exists()
    server.pages["/a.jsonl"] = ranged
    assert go(server.url()).status == "fetched"
    assert server.requests[-1][1]["Range"] == f"bytes={HALF}-"
    assert target.read_bytes() == TEXT
    assert not part.exists()


def test_an_answer_without_length_that_ends_before_the_declared_bytes_was_cut(go, server, part):
    server.pages["/a.jsonl"] = lambda handler: handler.answer(TEXT[:HALF], Content_Length=None)
    assert "the connection ended" in go(server.url(), bytes=len(TEXT)).detail
    assert part.stat().st_size == HALF


def test_an_answer_in_chunks_is_read_and_one_cut_short_keeps_its_part(go, server, part, target):
    def chunked(handler, last=b"0\r\n\r\n"):
        handler.protocol_version = "HTTP/1.1"
        handler.answer(b"%x\r\n%s\r\n%s" % (HALF, TEXT[:HALF], last), Content_Length=None, Transfer_Encoding="chunked")
        handler.close_connection = True

    server.pages["/a.jsonl"] = chunked
    assert "connection failed" not in go(server.url(), sha256=hashlib.sha256(TEXT[:HALF]).hexdigest()).detail
    target.unlink()
    server.pages["/a.jsonl"] = lambda handler: chunked(handler, last=b"")
    assert "run the command again" in go(server.url()).detail
    assert part.stat().st_size == HALF


@pytest.mark.parametrize("bytes_there", [TEXT[:HALF], b"of another version", TEXT + b"longer"])
@pytest.mark.parametrize("page", [whole, ranged])
def test_a_part_is_continued_or_begun_anew_whatever_the_server_can(go, server, target, part, page, bytes_there):
    server.pages["/a.jsonl"] = page
    leave(part, bytes_there)
    assert go(server.url()).status == "fetched"
    assert target.read_bytes() == TEXT
    assert not part.exists()


@pytest.mark.parametrize("span", ["bytes 7-20/21", "", "lines 1-2"])
def test_a_range_that_was_not_asked_for_is_not_appended(go, server, target, part, span):
    leave(part, TEXT[:HALF])
    server.pages["/a.jsonl"] = lambda handler: (
        handler.answer(TEXT, 206, Content_Range=span) if handler.headers["Range"] else whole(handler)
    )
    assert go(server.url(), bytes=len(TEXT)).status == "fetched"
    assert target.read_bytes() == TEXT


def test_a_part_that_is_whole_only_takes_its_name(go, server, target, part):
    leave(part, TEXT)
    assert go(server.url()).status == "fetched"
    assert target.read_bytes() == TEXT
    assert server.requests == []


def test_a_wrong_hash_leaves_nothing(go, server, tmp_path):
    server.pages["/a.jsonl"] = lambda handler: handler.answer(b"an error page")
    outcome = go(server.url())
    assert outcome.status == "failed"
    assert "SHA-256" in outcome.detail
    assert files_below(tmp_path / "texts") == set()


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    with suppress(OSError):
        while not handler.server.over.is_set():
            handler.wfile.write(TEXT[:1000])


@pytest.mark.parametrize(
    "page",
    [whole, endless, lambda handler: handler.answer(TEXT, Content_Length=10), lambda handler: handler.answer(b"", Content_Length=10**15)],
    ids=["too large", "endless, no length", "says less than it sends", "says far more"],
)  # fmt: skip
@pytest.mark.parametrize("declared", [{"bytes": 5000}, {}])
def test_no_more_than_the_limit_is_read(go, server, tmp_path, monkeypatch, page, declared):
    monkeypatch.setattr(fetch, "MAX_BYTES", 5000)
    written = []
    copy = fetch._copy
    monkeypatch.setattr(fetch, "_copy", lambda response, file, *rest: (copy(response, file, *rest), written.append(file.tell()))[0])  # fmt: skip
    server.pages["/a.jsonl"] = page
    outcome = go(server.url(), **declared)
    assert outcome.status == "failed"
    assert "larger than 5,000 bytes" in outcome.detail or "SHA-256" in outcome.detail
    assert max(written) <= 5001
    assert files_below(tmp_path / "texts") == set()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_host_is_followed(go, server, target, status):
    server.pages |= {"/a.jsonl": to("/b.jsonl", status), "/b.jsonl": to(server.url("/c.jsonl")), "/c.jsonl": whole}
    assert go(server.url()).status == "fetched"
    assert target.read_bytes() == TEXT


@pytest.mark.parametrize(
    "away",
    [
        "http://localhost:{port}/b",
        "http://127.0.0.1:1/b",
        "https://127.0.0.1:{port}/b",
        "//other.test/b",
        "http://paper.test",
    ],
)
def test_a_redirect_away_is_refused(go, server, away):
    server.pages |= {"/a.jsonl": to(away.format(port=server.server_port)), "/b": whole}
    outcome = go(server.url())
    assert outcome.status == "failed"
    assert "redirected-away" in outcome.detail
    assert len(server.requests) == 1


def test_a_redirect_may_better_the_scheme_but_not_lessen_it():
    assert fetch._next("http://a.test/x", "https://A.test/y") == "https://A.test/y"
    for location in ["http://a.test/y", "http://a.test:443/y", "https://a.test:444/y", "https://b.a.test/y"]:
        with pytest.raises(fetch.StanceError, match="redirected-away"):
            fetch._next("https://a.test/x", location)


@pytest.mark.parametrize(
    "location", ["", "http://[x", "ftp://127.0.0.1/b", "http://u:secret@127.0.0.1/b", "/a b", "file:///b"]
)
def test_a_redirect_to_no_address_is_refused(go, server, location):
    server.pages["/a.jsonl"] = to(location)
    outcome = go(server.url())
    assert outcome.status == "failed"
    assert "an address must be" in outcome.detail
    assert "secret" not in outcome.detail


def test_redirects_have_an_end(go, server):
    server.pages["/a.jsonl"] = to("/a.jsonl")
    assert "more than 5 redirects" in go(server.url()).detail
    assert len(server.requests) == 6


@pytest.mark.parametrize(("status", "remedy"), [(404, "Check the address"), (500, "later"), (429, "later"), (206, "Check"), (304, "Check")])  # fmt: skip
def test_an_error_of_the_server_is_named_and_leaves_nothing(go, server, tmp_path, status, remedy):
    server.pages["/a.jsonl"] = lambda handler: handler.answer(b"no", status)
    outcome = go(server.url())
    assert f"the server answered {status}" in outcome.detail
    assert remedy in outcome.detail
    assert not (tmp_path / "texts").exists()


def test_an_error_of_the_server_leaves_the_part(go, server, part):
    leave(part, TEXT[:HALF])
    server.pages["/a.jsonl"] = lambda handler: handler.answer(b"no", 503)
    assert go(server.url()).status == "failed"
    assert part.read_bytes() == TEXT[:HALF]


def test_a_silent_server_is_left(go, server, monkeypatch):
    monkeypatch.setattr(fetch, "TIMEOUT", 0.1)
    server.pages["/a.jsonl"] = lambda handler: server.over.wait(5)
    begun = time.monotonic()
    assert "timed out" in go(server.url()).detail
    assert time.monotonic() - begun < 3


def test_a_server_that_drips_is_left_with_what_came(go, server, part, monkeypatch):
    monkeypatch.setattr(fetch, "DEADLINE", 0.2)

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for at in range(500):
            if server.over.wait(0.02):
                return
            handler.wfile.write(TEXT[at : at + 1])

    server.pages["/a.jsonl"] = drip
    assert "not done within 0.2 seconds" in go(server.url()).detail
    assert TEXT.startswith(part.read_bytes())


def test_what_is_no_http_is_named(go, server):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    threading.Thread(target=lambda: listener.accept()[0].sendall(b"\x1b[31mhello\r\n\r\n"), daemon=True).start()
    outcome = go(f"http://127.0.0.1:{port}/x")
    listener.close()
    assert "the connection failed" in outcome.detail
    assert "the connection failed" in go(f"http://127.0.0.1:{port}/x").detail  # nobody listens now
    assert "the connection failed" in go(server.url().replace("http:", "https:")).detail


@pytest.mark.parametrize(
    "file",
    [
        "../x",
        "/x",
        "a/../../x",
        "..",
        "",
        "a//b",
        "a\\b",
        "C:x",
        ".hidden",
        "a/.b",
        "a.part",
        "a\nb",
        "a\x1b[31m",
        "a/",
        "~/x",
    ],
)
def test_a_file_name_that_leaves_the_folder_is_refused(go, server, tmp_path, file):
    outcome = go(server.url(), file=file)
    assert outcome.status == "failed"
    assert "no plain name" in outcome.detail
    assert server.requests == []
    assert files_below(tmp_path) == {"sources.jsonl"}


@pytest.mark.parametrize("name", [FILE, f"{FILE}.part", "newswire"])
def test_a_link_that_leads_out_of_the_folder_is_refused(go, server, tmp_path, name):
    link = tmp_path / "texts" / name
    link.parent.mkdir(parents=True)
    try:
        link.symlink_to(tmp_path / "elsewhere")
    except OSError:
        pytest.skip("no symbolic links here")
    assert "no plain name" in go(server.url()).detail
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1/x", "file:///etc/hosts", "127.0.0.1/x", "http://", "", "http://127.0.0.1:x/", "http://127.0.0.1:0/", "http://[::1/",
     "http://me:secret@127.0.0.1/x", "http://me@127.0.0.1/x", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/ü"],
)  # fmt: skip
def test_an_address_that_is_not_plain_http_is_refused(go, tmp_path, url):
    outcome = go(url)
    assert outcome.status == "failed"
    assert "an address must be http:// or https://" in outcome.detail
    assert "secret" not in outcome.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"])  # fmt: skip
def test_an_address_that_is_not_public_is_refused(go, server, monkeypatch, host):
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    outcome = go(server.url(host=host), allow_private=False)
    assert outcome.status == "failed"
    assert "not a public address" in outcome.detail
    assert server.requests == []


def test_one_private_address_of_a_name_is_enough_to_refuse_it(go, server, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    resolve(monkeypatch, "93.184.215.14", "192.168.0.1")
    assert "192.168.0.1, which is not a public address" in go("http://texts.test/x", allow_private=False).detail


def test_the_connection_goes_to_the_address_that_was_checked(go, server, monkeypatch):
    server.pages["/a.jsonl"] = whole
    asked = resolve(monkeypatch, "127.0.0.1")
    assert go(server.url(host="texts.test")).status == "fetched"
    assert asked == ["texts.test"]  # once; what the name means a moment later is of no matter
    assert server.requests[0][1]["Host"] == f"texts.test:{server.server_port}"


def test_the_next_address_is_tried_where_one_does_not_answer(go, server, monkeypatch):
    server.pages["/a.jsonl"] = whole
    resolve(monkeypatch, "127.0.0.1", "127.0.0.1")
    dial, tried = socket.create_connection, []

    def first_fails(*arguments):
        tried.append(arguments)
        if len(tried) == 1:
            raise ConnectionRefusedError
        return dial(*arguments)

    monkeypatch.setattr(socket, "create_connection", first_fails)
    assert go(server.url(host="texts.test")).status == "fetched"
    assert len(tried) == 2


def resolve(monkeypatch, *addresses):
    """Let names under .test have these addresses; gives the list of names that are asked for."""
    real, asked = socket.getaddrinfo, []

    def lookup(host, port, *rest, **options):
        if not host.endswith(".test"):
            return real(host, port, *rest, **options)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.2.1", "192.168.1.1", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%2", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_addresses_that_are_public(address):
    assert is_public(address)


@pytest.fixture
def interruptible():
    """A shell starts its background jobs deaf to Ctrl-C, and these tests may be one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs POSIX signals")
def test_an_interrupt_keeps_the_part(go, server, part, target, interruptible):
    def interrupting(handler):
        handler.answer(TEXT[:HALF], Content_Length=len(TEXT))
        until = time.monotonic() + 5
        while not (part.exists() and part.stat().st_size == HALF) and time.monotonic() < until:
            time.sleep(0.005)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        server.over.wait(5)

    server.pages["/a.jsonl"] = interrupting
    with pytest.raises(KeyboardInterrupt):
        go(server.url())
    assert part.read_bytes() == TEXT[:HALF]
    server.pages["/a.jsonl"] = ranged
    assert go(server.url()).status == "fetched"
    assert target.read_bytes() == TEXT


@pytest.mark.parametrize(
    "changed",
    [
        {"sha256": "abc"},
        {"sha256": 7},
        {"bytes": 0},
        {"bytes": "9"},
        {"bytes": True},
        {"size": 9},
        {"url": None},
        {"file": ["x"]},
    ],
)
def test_a_malformed_download_names_its_line(go, server, changed):
    outcome = go(server.url(), **changed)
    assert outcome.status == "failed"
    assert "sources.jsonl:1: download must be" in outcome.detail


@pytest.mark.parametrize("download", ["http://x", [], {}, {"url": "http://x"}])
def test_a_download_that_lacks_a_key_names_its_line(tmp_path, download):
    write_jsonl_rows(tmp_path / "sources.jsonl", [source("") | {"download": download}])
    (outcome,) = fetch_sources(tmp_path / "sources.jsonl", tmp_path / "texts")
    assert "sources.jsonl:1: download must be" in outcome.detail


def test_rows_that_disagree_fail_and_the_others_go_on(tmp_path, server):
    server.pages["/a.jsonl"] = whole
    rows = [source(server.url()), source(server.url("/b")), source(server.url("/c"), file="../x")]
    rows += [source(server.url(), file="b.txt", sha256=hashlib.sha256(TEXT).hexdigest().upper())]
    write_jsonl_rows(tmp_path / "sources.jsonl", rows)
    outcomes = fetch_sources(tmp_path / "sources.jsonl", tmp_path / "texts", allow_private=True)
    assert [outcome.status for outcome in outcomes] == ["failed", "failed", "failed", "fetched"]
    assert "rows disagree" in outcomes[0].detail
    assert files_below(tmp_path / "texts") == {"b.txt"}


def test_a_folder_that_cannot_be_written_is_named(go, server, tmp_path):
    server.pages["/a.jsonl"] = whole
    (tmp_path / "texts").write_text("a file, not a folder", encoding="utf-8")
    outcome = go(server.url())
    assert outcome.status == "failed"
    assert "cannot be written" in outcome.detail


def test_only_the_collections_named_are_fetched(tmp_path):
    row = {"article_id": "b", "collection": "seed", "file": "b.txt", "url": ""}
    write_jsonl_rows(tmp_path / "sources.jsonl", [row, row | {"collection": "newswire", "file": "n.txt"}])
    (outcome,) = fetch_sources(tmp_path / "sources.jsonl", tmp_path / "texts", collections=["newswire"])
    assert outcome.file == "n.txt"
    with pytest.raises(CorpusError, match="Did you mean 'newswire'"):
        fetch_sources(tmp_path / "sources.jsonl", tmp_path / "texts", collections=["newswires"])
    with pytest.raises(CorpusError, match="no such file"):
        fetch_sources(tmp_path / "none.jsonl", tmp_path / "texts")


def test_the_projects_own_manifest_is_all_by_hand(tmp_path):
    outcomes = fetch_sources(ROOT / "data" / "raw" / "sources.jsonl", tmp_path / "texts")
    assert {outcome.status for outcome in outcomes} == {"by_hand"}
    assert not (tmp_path / "texts").exists()
