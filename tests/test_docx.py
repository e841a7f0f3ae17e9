import datetime
import io
import zipfile

import pytest
from made_files import MONEY, QUAY, make_docx

from stance.articles import read_article
from stance.docx import MAX_UNPACKED, docx_page
from stance.errors import ArticleError


def outline(page):
    return [(block.kind, block.rule, page.text[block.start : block.end]) for block in page.blocks]


def test_headings_paragraphs_and_properties():
    data = make_docx(
        ("Title", "What the port wants"), (None, QUAY), ("Heading 2", "The money"), (None, f"{MONEY}\nIt ran out."),
        table=("a", "b"), created=datetime.datetime(2018, 3, 4), title="port-final-2",
    )  # fmt: skip
    page = docx_page(data, "port.docx")
    assert page.metadata == {"title": "What the port wants", "date": "2018-03-04"}
    assert outline(page) == [
        ("heading", "title", "What the port wants"),
        ("paragraph", "", QUAY),
        ("heading", "", "The money"),
        ("paragraph", "", MONEY),
        ("paragraph", "", "It ran out."),
    ]


def test_a_paragraph_all_in_bold_above_prose_is_a_heading():
    from docx import Document

    document = Document()
    document.add_paragraph().add_run("The money").bold = True
    partly = document.add_paragraph()
    partly.add_run("Nothing").bold = True
    partly.add_run(" is left, he said.")
    file = io.BytesIO()
    document.save(file)
    assert [kind for kind, _, _ in outline(docx_page(file.getvalue(), "a"))] == ["heading", "paragraph"]


def edited(old, new):
    """Return a document with a piece of its XML replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_docx((None, "It began.")))) as old_zip, zipfile.ZipFile(file, "w") as zip_:
        for each in old_zip.infolist():
            data = old_zip.read(each)
            zip_.writestr(each.filename, data.replace(old, new) if each.filename == "word/document.xml" else data)
    return file.getvalue()


def test_links_and_insertions_are_read_and_deletions_are_not():
    run = b"<w:r><w:t>It began.</w:t></w:r>"
    changed = (
        b"<w:ins w:id='1' w:author='a'><w:r><w:t xml:space='preserve'>At last </w:t></w:r></w:ins><w:hyperlink><w:r>"
        b"<w:t>it began.</w:t></w:r></w:hyperlink><w:del w:id='2' w:author='a'><w:r><w:delText>No.</w:delText></w:r></w:del>"
    )
    assert docx_page(edited(run, changed), "a").text == "At last it began."


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("word/document.xml", "w") as member:
        for _ in range((MAX_UNPACKED >> 20) + 1):
            member.write(b" " * (1 << 20))
    return file.getvalue()


LAUGHS = b"<!DOCTYPE a [<!ENTITY l0 'ha'>%s]>" % b"".join(
    b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 20) for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb, "would unpack to 101 MB; a document is at most 100 MB"),
        (lambda: b"PK\x03\x04 nothing", "is no sound .docx file"),
        (lambda: make_docx((None, "It began."))[:900], "is no sound .docx file"),
        (lambda: edited(b"</w:body>", b""), "cannot be read as a Word document (XMLSyntaxError)"),
        (lambda: b"\xd0\xcf\x11\xe0 encrypted", "is an old Word document (.doc), or one protected by a password"),
        (make_docx, "no prose in this file"),
        (lambda: b"It began.", "is no sound .docx file"),
    ],
    ids=["bomb", "no zip", "cut", "XML", "encrypted", "empty", "text"],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, make, said):
    path = tmp_path / "a.docx"
    path.write_bytes(make())
    with pytest.raises(ArticleError) as caught:
        read_article(path)
    assert str(caught.value).startswith(f"{path}: {said}")
    assert "\n" not in str(caught.value)


def test_entities_that_multiply_are_not_followed(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(edited(b"<w:document", LAUGHS + b"<w:document").replace(b"It began.", b"&l8;"))
    try:
        assert len(read_article(path).text) < 1000
    except ArticleError as error:
        assert "a.docx: " in str(error)  # noqa: PT017


def test_an_archive_of_another_kind_is_named(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/epub+zip")
    with pytest.raises(ArticleError, match="is an archive without a Word document in it"):
        read_article(path)
