import pytest

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

from stance.web_guard import AnyAddress


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1", "127.0.0.1:8765", "[::1]:8765"])
def test_requests_for_this_machine_are_let_in(web, host):
    assert web.get("/api/v1/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["rebound.example", "localhost.rebound.example", "127.0.0.1.nip.example:8765", "", "localhost:1:2", "[::1"]
)
def test_requests_for_another_host_are_refused(web, host):
    answer = web.get("/api/v1/health", headers={"host": host})
    assert answer.status_code == 421
    assert "Host" in answer.json()["where"]


def test_a_server_on_every_address_goes_by_addresses_and_its_name_alone():
    hosts = AnyAddress("Printer-Room")
    assert all(host in hosts for host in ("192.168.1.5", "[fe80::1]", "printer-room", "localhost"))
    assert not any(host in hosts for host in ("rebound.example", "192.168.1.5.nip.example", "[x]"))


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:9999", "http://localhost.evil.example"]
)
def test_forms_of_other_sites_are_refused(web, origin):
    for path in ("/", "/api/v1/predict"):
        assert web.post(path, headers={"origin": origin}, data={"text": "They want talks."}).status_code == 403


def test_forms_of_our_own_are_let_in(web):
    answer = web.post("/api/v1/predict", headers={"origin": "http://localhost"}, json={"text": "They want talks."})
    assert answer.status_code == 200


def test_every_answer_has_the_headers_that_bind_browsers(web):
    for answer in (web.get("/"), web.get("/nothing"), web.get("/api/v1/health"), web.get("/", headers={"host": "x.y"})):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_a_body_is_measured_while_it_comes_in(web):
    parts = (b"x" * 100_000 for _ in range(21))  # no Content-Length says how much will come
    answer = web.post("/api/v1/predict", content=parts, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"] == "a request may have 2,000,000 bytes at most"


def test_a_form_that_is_too_large_is_answered_with_a_page(web):
    answer = web.post("/", data={"text": "x" * 2_000_001})
    assert answer.status_code == 413
    assert 'role="alert"' in answer.text
    assert "2,000,000 bytes" in answer.text


def test_a_fault_of_ours_shows_no_traceback():
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from stance.web_guard import Guard

    app = FastAPI()
    app.add_middleware(Guard, hosts={"localhost"}, body=10)

    @app.get("/")
    def fail():
        raise ZeroDivisionError("/home/somebody/secret.py")

    answer = TestClient(app, base_url="http://localhost").get("/")
    assert answer.status_code == 500
    assert set(answer.json()) == {"error", "where", "remedy"}
    assert "secret" not in answer.text
