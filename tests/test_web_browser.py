"""The web page in a real browser: what a reader does, and what a hostile article cannot."""

import io
import shutil
import socket
import threading
import time

import pandas as pd
import pytest

from stance import load_model
from stance.articles import Article, read_article
from stance.tables import encode

ARTICLE = """What the harbour talks are for

“A treaty that ends the war is all Kim wants,” the envoy said on Tuesday. Her colleagues in the ministry doubt it.

The weapons are there to keep the regime alive, argues Dr Hana Lindqvist of the Lantern Institute.

Others see a bargaining chip

Pyongyang raises tension to extract aid and sanctions relief, said Marcus Oyelaran, a former negotiator.
"""
HOSTILE = """A treaty <script>alert(1)</script>

They want a treaty <img src="http://elsewhere.example/x.png" onerror="alert(2)">, the envoy said.

</textarea></style></script><script>alert(3)</script> Talks <svg onload=alert(4)> are a bargaining chip, he said.
"""


@pytest.fixture(scope="module")
def url():
    pytest.importorskip("fastapi", reason="the extra `web` is not installed")
    import uvicorn

    from stance.web import create_app
    from stance.web_limits import Limits

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app("fast", Limits(workers=1)), log_level="error", ws="none"))
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    running.start()
    while not server.started and running.is_alive():
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    running.join()
    listening.close()


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no chromium, chromium-browser or google-chrome on the path")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=found)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, url):
    """Open a page; at the end, nothing may have run, gone wrong or been asked for that is not ours."""
    opened, trouble = [], []

    def visit_(**options):
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("dialog", lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: trouble.append(f"error {error}"))
        page.on(
            "console",
            lambda line: trouble.append(f"console {line.text}") if line.type in {"error", "warning"} else None,
        )
        page.on(
            "request", lambda request: None if request.url.startswith(url) else trouble.append(f"asked {request.url}")
        )
        page.goto(url)
        opened.append(context)
        return page

    yield visit_
    for context in opened:
        context.close()
    assert trouble == []


def paste(page, text, **about):
    page.get_by_label("Article").fill(text)
    for label, value in about.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Mark the statements").click()
    page.wait_for_url("**/reading/*")


def downloaded(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    with open(waiting.value.path(), "rb") as file:  # noqa: PTH123
        return file.read()


def drop(page, name, text):
    transfer = page.evaluate_handle(
        "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name)); return d; }",
        [name, text],
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})


def test_paste_read_tap_and_take_the_table_away(visit):
    page = visit()
    paste(page, ARTICLE, Outlet="The Harbour Post", Date="2017-10-03")
    assert page.get_by_role("heading", name="Motive map").is_visible()
    assert "Formal end to the Korean War" in page.get_by_role("table").first.inner_text()
    tag = page.locator("article a.t").first
    card = page.locator(f"[id='{tag.get_attribute('href')[1:]}']")
    assert not card.is_visible()
    tag.click()
    assert card.is_visible()
    assert "the envoy" in card.inner_text()
    article = Article.from_text(ARTICLE, outlet="The Harbour Post", date="2017-10-03")
    assert downloaded(page, "CSV") == encode(load_model().predict(article, details=True), "csv")
    assert len(pd.read_parquet(io.BytesIO(downloaded(page, "Parquet")))) == len(load_model().predict(article))


def test_a_reader_without_script_is_served_as_well(visit):
    page = visit(java_script_enabled=False)
    paste(page, ARTICLE)
    tag = page.locator("article a.t").first
    tag.click()
    assert page.locator(f"[id='{tag.get_attribute('href')[1:]}']").is_visible()


def test_a_dropped_file_is_in_the_form_and_is_read(visit):
    page = visit()
    drop(page, "harbour.txt", ARTICLE)
    page.get_by_role("button", name="Mark the statements").click()
    page.wait_for_url("**/reading/*")
    table = pd.read_csv(io.BytesIO(downloaded(page, "CSV")))
    assert set(table["article_id"]) == {"harbour"}


@pytest.mark.parametrize("script", [True, False])
def test_nothing_that_an_article_holds_runs(visit, script):
    page = visit(java_script_enabled=script)
    paste(page, HOSTILE, Title=HOSTILE.split("\n")[4], Outlet='"><script>alert(5)</script>')
    assert "<script>alert(3)</script>" in page.locator("article").inner_text()
    page.reload()
    page.wait_for_load_state("networkidle")


def test_nothing_that_a_file_or_its_name_holds_runs(visit):
    page = visit()
    drop(
        page,
        "<img src=x onerror=alert(6)>.html",
        f"<html><body><p>They want a treaty, she said.</p>{HOSTILE}</body></html>",
    )
    page.get_by_role("button", name="Mark the statements").click()
    page.wait_for_url("**/reading/*")
    page.wait_for_load_state("networkidle")
    assert "They want a treaty, she said." in page.locator("article").inner_text()


def test_the_form_and_the_page_fit_a_phone(visit):
    page = visit(viewport={"width": 360, "height": 740})
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(wide)
    paste(page, ARTICLE)
    assert not page.evaluate(wide)
    page.goto(f"{page.url.split('/reading')[0]}/api")
    assert not page.evaluate(wide)


def test_every_field_has_a_name_and_the_keyboard_reaches_them_in_order(visit):
    page = visit()
    names = []
    for _ in range(8):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"))
    assert names[:7] == ["Skip to content", "stance", "API", "Article", "or a file", "Title", "Outlet"]


def test_the_seed_article_is_read_as_the_command_line_reads_it(visit, texts):
    article = read_article(texts / "article" / "what-does-kim-jong-un-want.txt")
    page = visit()
    paste(page, article.text)
    table = pd.read_csv(io.BytesIO(downloaded(page, "CSV")), keep_default_na=False)
    expected = load_model().predict(article)
    for name in ("text", "motive", "stance", "status"):
        assert list(table[name]) == list(expected[name])
