"""Files of each kind, made by code: what is in them is invented."""

import io
import zlib
from email.message import EmailMessage

QUAY = "The mayor closed the quay on Monday, and nobody in the town was surprised to hear it."
MONEY = "It costs too much, said the engineer, and the town has nothing left to pay for it."


def make_pdf(pages, **info):
    """Write a PDF; a page is a list of (x, y, size, text), or (x, y, size, text, True) for bold."""
    fonts = "<< /A << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
    fonts += "/B << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> >>"
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    facts = " ".join(f"/{name} ({value})" for name, value in info.items())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< {facts} >>".encode(),
    ]
    for at, page in enumerate(pages):
        said = "\n".join(_show(*stretch) for stretch in page).encode("cp1252")
        packed = zlib.compress(said)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font {fonts} >> "
            f"/Contents {5 + 2 * at} 0 R >>".encode(),
            f"<< /Length {len(packed)} /Filter /FlateDecode >> stream\n".encode() + packed + b"\nendstream",
        ]
    return _numbered(objects)


def _show(x, y, size, text, bold=False):
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{'B' if bold else 'A'} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _numbered(objects):
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(out))
    )


def column(x, y, lines, size=10, step=12):
    """Lines of a PDF below each other, from a place at the top left."""
    return [(x, y - step * at, size, line) for at, line in enumerate(lines)]


def make_docx(*paragraphs, table=(), **properties):
    """Write a Word document of (style, text); None is the plain style."""
    from docx import Document

    document = Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if table:
        for cell, text in zip(document.add_table(1, len(table)).rows[0].cells, table, strict=True):
            cell.text = text
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def make_mail(plain="", html="", **headers):
    """Write a mail with either part, or both."""
    message = EmailMessage()
    for name, value in ({"From": "The Gull <news@gull.example>", "Subject": "The quay"} | headers).items():
        message[name.replace("_", "-")] = value
    if plain or not html:
        message.set_content(plain)
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html, subtype="html")
    return message.as_bytes()


FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Gull</title>
<item><title>The quay &amp; the town</title><link>https://gull.example/quay</link>
<pubDate>Mon, 05 Mar 2018 08:00:00 +0100</pubDate>
<description>&lt;p&gt;The mayor closed the quay.&lt;/p&gt;&lt;h2&gt;The money&lt;/h2&gt;&lt;p&gt;It ran &lt;b&gt;out&lt;/b&gt;.&lt;/p&gt;</description></item>
<item><title>Only a title</title></item>
</channel></rss>
"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gull</title><entry><title>The sluice</title>
<updated>2018-03-04T00:00:00Z</updated><link href="https://gull.example/sluice"/><summary>Short.</summary>
<content type="html">&lt;div&gt;The sluice failed.&lt;br&gt;Nobody knew.&lt;/div&gt;</content></entry></feed>
"""

MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: https://gull.example/quay
Subject: What the port wants
Date: Sun, 1 Jan 2023 00:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----cut"

------cut
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://gull.example/quay

<html><head><meta charset=3D"utf-8"><title>What the port wants</title></head><body><nav>Home</nav><article>
<h1>What the port wants</h1><p>The mayor of Ostend said that the caf=C3=A9 would be closed until the spring.</p>
<p>Nobody in the town was surprised. The sluice had failed before, and there was no money.</p></article></body></html>
------cut
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
------cut--
"""
