import gzip
import socket
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from made_files import FEED, MONEY, QUAY, column, make_pdf

from stance import web_pages
from stance.errors import ArticleError
from stance.inputs import each_article
from stance.web_pages import download

PAGE = f"<html><head><title>The quay</title></head><body><article><h1>The quay</h1><p>{QUAY}</p><p>{MONEY}</p></article></body></html>"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = self.server.answers[urlsplit(self.path).path]
        self.server.asked.append((self.path, dict(self.headers)))
        if callable(answer):
            answer(self)
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answers, server.asked = {}, []
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def get(server):
    def get(path="/", address=None):
        return download(address or server.url + path, is_allowed=lambda address: address == "127.0.0.1")

    return get


def answer(body, kind="text/html", status=200, **headers):
    return status, {"Content-Type": kind} | headers, body.encode() if isinstance(body, str) else body


@contextmanager
def refused(said):
    with pytest.raises(ArticleError) as caught:
        yield
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (PAGE, "text/html; charset=utf-8", f"The quay\n\n{QUAY}\n\n{MONEY}"),
        ("Der Kai heißt „Süd“.".encode("cp1252"), "text/plain; charset=windows-1252", "Der Kai heißt „Süd“."),
        (make_pdf([column(60, 700, [QUAY])]), "application/pdf", QUAY),
        (make_pdf([column(60, 700, [QUAY])]), "application/octet-stream", QUAY),
        (FEED, "application/rss+xml", "The mayor closed the quay.\n\nThe money\n\nIt ran out."),
    ],
)
def test_an_address_is_read_as_a_file_is(server, monkeypatch, body, kind, expected):
    monkeypatch.setattr(web_pages, "download", partial(download, is_allowed=lambda _: True))
    server.answers["/news/quay.html"] = answer(body, kind)
    (place, article), *_ = each_article([f"{server.url}/news/quay.html?a=ü"])
    assert article.text == expected
    assert (place.startswith(server.url), article.id.startswith("quay")) == (True, True)
    assert server.url in article.url or "gull.example" in article.url
    (path, headers), *_ = server.asked
    assert (path, headers["User-Agent"].split()[0]) == ("/news/quay.html?a=%C3%BC", "stance")


def test_redirects_are_followed_to_the_end(server, get):
    server.answers |= {
        "/": answer("", status=301, Location="/a"),
        "/a": answer("", status=302, Location=f"{server.url}/b#here"),
        "/b": answer(PAGE),
    }
    assert get().url == f"{server.url}/b#here"


def test_redirects_that_never_end(server, get):
    server.answers["/"] = answer("", status=302, Location="/")
    with refused("more than 5 redirects"):
        get()
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "place", ["http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/latest", "http://10.0.0.1/"]
)
def test_a_redirect_to_a_private_address_is_not_followed(server, get, place):
    server.answers["/"] = answer("", status=302, Location=place)
    with refused("which is not a public address"):
        get()


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://a.example/", "//user:secret@a.example/"])
def test_a_redirect_to_something_else_is_not_followed(server, get, place):
    server.answers["/"] = answer("", status=302, Location=place)
    with refused("an address must be http:// or https://"):
        get()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "192.168.1.1", "[::ffff:127.0.0.1]", "2130706433"]
)
def test_private_addresses_are_refused_before_anything_is_sent(monkeypatch, host):
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    with refused("which is not a public address"):
        download(f"http://{host}/")


def test_the_connection_goes_to_the_address_that_was_checked(server, monkeypatch):
    looked_up = []

    def lookup(host, port, **_):
        looked_up.append(host)
        address = "127.0.0.1" if len(looked_up) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def dial(address, timeout):  # without the look-up of create_connection
        sock = socket.socket()
        sock.settimeout(timeout)
        sock.connect(address)
        return sock

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    server.answers["/"] = answer(PAGE)
    monkeypatch.setattr(socket, "create_connection", dial)
    assert download(f"http://quay.example:{server.server_port}/", is_allowed=lambda _: True).data == PAGE.encode()
    assert looked_up == ["quay.example"]
    assert server.asked[0][1]["Host"] == f"quay.example:{server.server_port}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answer("no", status=404), "the server has no such page (status 404)"),
        (answer("no", status=403), "the server refuses programs (status 403)"),
        (answer("no", status=500), "the server cannot give it (status 500)"),
        (answer(b"\x89PNG", "image/png"), "is image/png, which is no article"),
        (answer(b"x", **{"Content-Encoding": "br"}), "compressed by br"),
        (answer(b"x", **{"Content-Encoding": "gzip"}), "the connection failed"),
        (answer(PAGE, **{"Content-Length": "9000"}), "the connection failed"),
    ],
)
def test_what_a_server_may_say(server, get, monkeypatch, given, said):
    monkeypatch.setattr(web_pages, "TIMEOUT", 0.3)
    server.answers["/"] = given
    with refused(said):
        get()


def test_what_is_packed_unasked_is_unpacked_up_to_the_limit(server, get, monkeypatch):
    packed = gzip.compress(PAGE.encode())
    server.answers["/"] = answer(packed, **{"Content-Encoding": "gzip"})
    assert get().data == PAGE.encode()
    monkeypatch.setattr(web_pages, "MAX_BYTES", len(packed))
    with refused("is larger than 0 MB"):
        get()


@pytest.mark.parametrize("declared", [True, False])
def test_no_more_than_the_limit_is_read(server, get, monkeypatch, declared):
    monkeypatch.setattr(web_pages, "MAX_BYTES", 1000)

    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        if declared:
            handler.send_header("Content-Length", "5000000")
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(b"x" * 65536)

    server.answers["/"] = endless
    with refused("is larger than"):
        get()


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_left_in_time(server, get, monkeypatch, part):
    monkeypatch.setattr(web_pages, "DEADLINE", 0.4)

    def drip(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"X: " if part == "head" else b"Content-Type: text/html\r\n\r\n"))
        for _ in range(100):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    server.answers["/"] = drip
    with refused("not done within 0.4 seconds"):
        get()


def test_a_silent_server_is_left(server, get, monkeypatch):
    monkeypatch.setattr(web_pages, "TIMEOUT", 0.2)
    server.answers["/"] = lambda _: time.sleep(0.6)
    with refused("the connection failed (no answer in time)"):
        get()


def test_an_unknown_host_is_one_line(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror(-2, "not known")))
    with refused("quay.invalid/: the connection failed"):
        download("http://quay.invalid/")


@pytest.mark.parametrize(
    "url", ["http://a.example:99999/", "http://[::1", "http://a b/", "http://\n", "https://u:secret@a.example/"]
)
def test_what_is_no_address(url):
    with refused("an address must be http:// or https://"):
        download(url)
    with pytest.raises(ArticleError) as caught:
        download(url)
    assert "secret" not in str(caught.value)
