import io
import re

import pandas as pd
import pytest

from stance import load_model
from stance.articles import Article
from stance.tables import encode

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

TEXT = "What the talks are for\n\n“A treaty that ends the war is all Kim wants,” the envoy said.\n\nThe ferry leaves at noon.\n"
HOSTILE = 'They want <script>alert(1)</script> a treaty <img src=x onerror=alert(1)> </textarea><b>"now", she said.'


def submit(web, file=None, **fields):
    return web.post("/", data=fields, files={"file": file or ("", b"")})


def alert_of(answer):
    return re.search(r'role="alert" id="problem">(.*)</p>', answer.text)[1]


def test_pasted_text_becomes_the_reading_view_with_its_downloads(web):
    answer = submit(web, text=TEXT.replace("\n", "\r\n"), outlet="The Harbour Post")
    assert answer.status_code == 200
    assert answer.history[0].status_code == 303
    assert "is all Kim wants" in answer.text
    article = Article.from_text(TEXT, outlet="The Harbour Post")
    table = load_model().predict(article, details=True)
    base = answer.url.path
    assert web.get(f"{base}/csv").content == encode(table, "csv")
    assert web.get(f"{base}/jsonl").content == encode(table, "jsonl")
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(web.get(f"{base}/parquet").content)), table)
    assert "The ferry leaves" in web.get(f"{base}/html").text
    drawn = pd.read_csv(io.BytesIO(web.get(f"{base}/map.csv").content))
    assert "peace_treaty" in set(drawn["motive"])


def test_downloads_are_attachments_with_names_that_every_system_takes(web):
    base = submit(web, text=TEXT, title='../../"Ünsafe"\r\nname: <b>').url.path
    assert web.get(f"{base}/csv").headers["content-disposition"] == 'attachment; filename="unsafe-name-b.csv"'
    base = submit(web, text=TEXT, title="北").url.path
    assert 'filename="article.parquet"' in web.get(f"{base}/parquet").headers["content-disposition"]


def test_the_reading_view_runs_nothing_but_its_own_script(web):
    answer = submit(web, text=HOSTILE, title=HOSTILE, outlet=HOSTILE)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.text.count("<script>") == 1
    assert "<img" not in answer.text


def test_the_form_gives_back_what_it_was_given_escaped(web):
    answer = submit(web, file=("a.txt", b"They want talks."), text=HOSTILE, title=HOSTILE)
    assert answer.status_code == 422
    assert (
        alert_of(answer) == "<b>Article: a text and a file were both given.</b> Empty the text box, or choose no file."
    )
    assert "<img" not in answer.text
    assert "&lt;/textarea&gt;" in answer.text


def test_nothing_given_is_said_beside_the_form(web):
    answer = submit(web, text=" \n ")
    assert answer.status_code == 422
    assert "there is no text yet" in alert_of(answer)
    assert 'aria-describedby="problem"' in answer.text


def test_a_file_is_read_by_its_suffix_and_named_by_its_stem(web):
    page = "<html><head><title>Talks</title></head><body><h1>Talks</h1><p>They want a treaty, the envoy said.</p></body></html>"
    answer = submit(web, file=("C:\\Users\\me\\Harbour talks.HTML", page.encode()))
    assert answer.status_code == 200
    table = pd.read_csv(io.BytesIO(web.get(f"{answer.url.path}/csv").content))
    assert set(table["article_id"]) == {"Harbour talks"}


def test_a_collection_is_read_whole_and_has_a_limit(web):
    row = b'{"text": "They want a treaty, the envoy said."}\n'
    answer = submit(web, file=("many.jsonl", 3 * row))
    table = pd.read_csv(io.BytesIO(web.get(f"{answer.url.path}/csv").content))
    assert list(table["article_id"]) == ["many-1", "many-2", "many-3"]
    assert "holds 101 articles, and 100 are read here" in alert_of(submit(web, file=("many.jsonl", 101 * row)))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.exe", b"MZ\x90\0", "a.exe: is a"),
        ("passwd", b"\0", "passwd: "),
        ("../../etc/a.txt", b"", "a.txt: is empty."),
        ("a.jsonl", b"{}\n", "a.jsonl:1: no field &#39;text&#39;."),
        ("<img src=x onerror=alert(1)>.png", b"\x89PNG", "&lt;img src=x onerror=alert(1)&gt;.png: is an image"),
        ("a./../x", b"\0", "x: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named_as_its_sender_names_it(web, name, data, said):
    answer = submit(web, file=(name, data))
    assert answer.status_code == 422
    assert alert_of(answer).startswith(f"<b>{said}")
    assert "/tmp" not in answer.text
    assert "stance-" not in answer.text


def test_an_upload_leaves_no_file_behind(web, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert submit(web, file=("a.txt", b"They want talks.")).status_code == 200
    assert submit(web, file=("a.png", b"\x89PNG")).status_code == 422
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["/reading/nothing", "/reading/nothing/csv", "/static/report.css", "/docs", "/redoc", "/../etc"]
)
def test_what_is_not_there_is_a_page_that_says_so(web, path):
    answer = web.get(path)
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


def test_an_unknown_download_is_not_there(web):
    base = submit(web, text=TEXT).url.path
    assert web.get(f"{base}/exe").status_code == 404


def test_pages_ask_for_nothing_elsewhere(web):
    for path in ("/", "/api", "/static/web.css", "/static/web.js"):
        text = web.get(path).text.replace("http://localhost", "").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE), path


def test_the_page_about_the_api_lists_every_endpoint(web):
    text = web.get("/api").text
    for path in web.get("/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in text


def test_a_text_in_another_language_is_answered(web):
    answer = submit(
        web, text="Der Norden will einen Friedensvertrag, sagte die Gesandte. Ihre Kollegen zweifeln daran."
    )
    assert answer.status_code == 200
    assert "Friedensvertrag" in answer.text


def test_work_that_takes_too_long_is_ended_with_a_word():
    from fastapi.testclient import TestClient

    from stance.web import create_app
    from stance.web_limits import Limits

    with TestClient(create_app("fast", Limits(workers=1, seconds=0.05)), base_url="http://localhost") as client:
        answer = client.post("/api/v1/predict", json={"text": "They want a treaty, the envoy said. " * 20_000})
        assert answer.status_code == 504
        assert answer.json()["error"] == "took longer than 0.05 seconds"
