import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import MHTML, MONEY, QUAY, make_mail

from stance.articles import read_article
from stance.errors import ArticleError
from stance.mail import mail_page


def test_plain_text_is_preferred_and_headers_tell_the_rest():
    data = make_mail(f"{QUAY}\n\n{MONEY}\n", "<p>Something else.</p>", Date="Mon, 05 Mar 2018 08:00:00 +0100")
    page = mail_page(data, "a.eml")
    assert page.text == f"{QUAY}\n\n{MONEY}\n"
    assert page.metadata == {"title": "The quay", "outlet": "The Gull", "date": "2018-03-05"}
    assert [block.kind for block in page.blocks] == ["paragraph", "paragraph"]


def test_html_is_read_where_there_is_no_plain_text():
    page = mail_page(make_mail(html=f"<html><body><p>{QUAY}</p><p>{MONEY}</p></body></html>"), "a.eml")
    assert page.text == f"{QUAY}\n\n{MONEY}"


def test_a_short_mail_in_html_is_read_as_well():
    assert mail_page(make_mail(html="<div>It began.</div>"), "a.eml").text == "It began."


def test_a_sender_without_a_name_goes_by_the_domain():
    assert mail_page(make_mail(QUAY, From="news@gull.example"), "a.eml").metadata["outlet"] == "gull.example"


def test_encoded_headers_and_encodings_are_undone():
    data = b"From: =?utf-8?b?R8O2dGU=?= <a@b.example>\nSubject: =?iso-8859-1?q?Caf=E9?=\nMIME-Version: 1.0\n"
    data += b"Content-Type: text/plain; charset=koi8-r\n\n" + "Привет.".encode("koi8_r")
    page = mail_page(data, "a.eml")
    assert (page.text, page.metadata["title"], page.metadata["outlet"]) == ("Привет.", "Café", "Göte")


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.html", "a"])
def test_a_saved_page_is_read_as_a_page(tmp_path, name):
    path = tmp_path / name
    path.write_text(MHTML)
    article = read_article(path)
    assert (article.title, article.url) == ("What the port wants", "https://gull.example/quay")
    assert (article.outlet, article.date) == ("", "")  # not who saved it, and when
    assert "the café would be closed until the spring." in article.text
    assert "Home" not in article.text


def test_a_mail_without_text_is_refused():
    with pytest.raises(ArticleError, match=r"a\.eml: holds no text"):
        mail_page(make_mail(" "), "a.eml")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_odd_headers_do_no_harm(header, value):
    data = b"Subject: " + header + b"\nFrom: " + value + b"\nDate: " + value + b"\n\nIt began.\n"
    try:
        mail_page(data, "a.eml")
    except ArticleError as error:
        assert "a.eml" in str(error)  # noqa: PT017
