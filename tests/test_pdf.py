import io
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import MONEY, QUAY, column, make_pdf

from stance.articles import read_article
from stance.errors import ArticleError
from stance.pdf import pdf_page


def prose(seed, lines, words=7):
    """Lines of different words, so that none repeats."""
    stems = [
        "mayor",
        "quay",
        "sluice",
        "money",
        "town",
        "spring",
        "envoy",
        "winter",
        "harbour",
        "letter",
        "engineer",
        "boat",
    ]
    return [
        " ".join(f"{stems[(seed + 3 * at + 5 * n) % 12]}{chr(97 + seed)}{chr(97 + at % 26)}{chr(97 + at // 26)}" for n in range(words))
        for at in range(lines)
    ]  # fmt: skip


def shown(page):
    return [(block.kind, page.text[block.start : block.end]) for block in page.blocks]


def test_title_headings_paragraphs_and_metadata():
    page = pdf_page(
        make_pdf(
            [
                [
                    (60, 780, 22, "What the port wants"),
                    *column(
                        60, 740, ["The mayor of Ostend said on Monday that the port would be", "closed until spring."]
                    ),
                    (60, 700, 14, "A quarrel about money"),
                    *column(60, 680, ["It costs too much, he said, and the town is poor as it", "has ever been."]),
                ]
            ],
            CreationDate="D:20171102101500Z",
            Title="Microsoft Word - port.docx",
        ),
        "port.pdf",
    )
    assert page.metadata == {"title": "What the port wants", "date": "2017-11-02"}
    assert shown(page) == [
        ("heading", "What the port wants"),
        ("paragraph", "The mayor of Ostend said on Monday that the port would be closed until spring."),
        ("heading", "A quarrel about money"),
        ("paragraph", "It costs too much, he said, and the town is poor as it has ever been."),
    ]
    assert page.blocks[0].rule == "title"


@pytest.mark.parametrize("order", ["column by column", "line by line"])
def test_two_columns_are_read_one_after_the_other(order):
    left, right = prose(1, 20, 4), prose(2, 20, 4)
    text = column(60, 700, left) + column(320, 700, right)
    if order == "line by line":
        text.sort(key=lambda stretch: (-stretch[1], stretch[0]))
    page = pdf_page(make_pdf([[(60, 760, 20, "A headline that runs across the page and is long"), *text]]), "x.pdf")
    assert page.text.replace("\n\n", " ").endswith(" ".join(left + right))


def test_headers_footers_and_page_numbers_are_left_out():
    bodies = [prose(seed, 30) for seed in range(4)]
    pages = [
        [(60, 810, 8, f"The Gull, 4 March 2018   page {at}"), *column(60, 770, body), (60, 30, 8, "www.gull.example"), (290, 15, 8, f"{at}")]
        for at, body in enumerate(bodies, 1)
    ]  # fmt: skip
    page = pdf_page(make_pdf(pages), "x.pdf")
    assert "Gull" not in page.text
    assert "gull.example" not in page.text
    assert page.text.replace("\n\n", " ") == " ".join(line for body in bodies for line in body)


def test_words_broken_at_a_line_end_are_joined():
    lines = [
        "The govern-", "ment of North-", "South talks wants a well-", "known and well-known long-", "standing treaty.",
    ]  # fmt: skip
    page = pdf_page(make_pdf([column(60, 700, lines)]), "x.pdf")
    assert page.text == "The government of North-South talks wants a well-known and well-known longstanding treaty."


def test_a_paragraph_ends_where_the_next_word_would_have_fitted():
    lines = ["The mayor closed the quay on Monday, and nobody was", "surprised.", "The sluice had failed before, as all in the town", "remember well."]  # fmt: skip
    page = pdf_page(make_pdf([column(60, 700, lines)]), "x.pdf")
    assert [text for _, text in shown(page)] == [" ".join(lines[:2]), " ".join(lines[2:])]


def test_a_line_in_bold_above_prose_is_a_heading():
    page = pdf_page(make_pdf([[(60, 720, 10, "The money", True), *column(60, 700, [QUAY[:60], QUAY[60:]])]]), "x.pdf")
    assert shown(page)[0] == ("heading", "The money")


def test_quotation_marks_and_accents_come_through():
    assert "“café”" in pdf_page(make_pdf([column(60, 700, ["The “café” closed."])]), "x.pdf").text


def encrypted():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf([column(60, 700, [QUAY])]))))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (encrypted, "is protected by a password. Save a copy without it."),
        (lambda: make_pdf([[]]), "holds no text, as a scan of pages does. Have its text recognised first (ocrmypdf"),
        (lambda: b"%PDF-1.4\nnothing", "is a damaged PDF"),
    ],
    ids=["password", "scan", "damaged"],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, make, said):
    path = tmp_path / "x.pdf"
    path.write_bytes(make())
    with pytest.raises(ArticleError, match=re.escape(f"x.pdf: {said}")):
        read_article(path)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 900), st.binary(min_size=1, max_size=20))
def test_a_pdf_with_wrong_bytes_gives_a_page_or_one_line(at, wrong):
    sound = make_pdf([column(60, 700, [QUAY, MONEY])])
    with suppress(ArticleError):
        pdf_page(sound[:at] + wrong + sound[at + len(wrong) :], "x.pdf")
