import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.decoding import Lines, declared_in, decode
from stance.errors import ArticleError

GERMAN = "Der Bürgermeister sagte, die Höhe der Mauer sei für die Übung zu groß, und er könne nicht schließen."
POLISH = (
    "Burmistrz miasta powiedział w poniedziałek, że port pozostanie zamknięty do wiosny, i nikt nie był zaskoczony. Śluza "
    "zostanie naprawiona przez firmę z sąsiedniego miasta, ale pieniądze już się skończyły, a żaden bank ich nie pożyczy."
)
RUSSIAN = "Мэр города заявил в понедельник, что порт будет закрыт до весны, и никто не удивился. Это было давно."
KOREAN = "시장은 월요일 항구가 봄까지 폐쇄될 것이라고 말했고 아무도 놀라지 않았다. 회담은 거부되었다."


@pytest.fixture
def notices(caplog):
    caplog.set_level("WARNING", "stance")
    return lambda: [record.getMessage() for record in caplog.records]


def test_english_from_windows_keeps_its_quotes_and_is_told(notices):
    text = "The “café” is closed, the mayor’s office said – and nobody minded. " * 3
    assert decode(text.encode("cp1252"), "a.txt") == text
    assert decode("A “café” closed.".encode("cp1252"), "b.txt") == "A “café” closed."
    assert notices() == [f"{name}: is not UTF-8; read as windows-1252" for name in ("a.txt", "b.txt")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (POLISH, "cp1250"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (KOREAN, "cp949")],
)
def test_other_languages_are_guessed_and_told(notices, text, encoding):
    assert decode(text.encode(encoding), "a.txt") == text
    assert len(notices()) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_what_is_sure_is_not_told(notices, encoding):
    assert decode(f"{KOREAN} 🙂 שלום".encode(encoding), "a.txt") == f"{KOREAN} 🙂 שלום"
    assert notices() == []


def test_a_declaration_is_followed_unless_the_bytes_are_utf_8(notices):
    assert decode("Привет".encode("koi8_r"), "a", "koi8-r") == "Привет"
    assert decode("a “quote”".encode("cp1252"), "a", "iso-8859-1") == "a “quote”"
    assert decode("The café".encode(), "a", "windows-1252") == "The café"
    assert decode("日本".encode("iso2022_jp"), "a", "iso-2022-jp") == "日本"
    assert notices() == []


@pytest.mark.parametrize("declared", ["utf-16", "rot13", "nonsense", "utf-7", "unicode_escape", "\0", " "])
def test_a_declaration_that_cannot_be_is_not_followed(declared):
    assert decode(b"a +AGE- \\u0041", "a", declared) == "a +AGE- \\u0041"


def test_what_is_no_text_is_refused():
    with pytest.raises(ArticleError, match=r"a\.txt: is no text file: NUL byte at offset 2"):
        decode(b"ab\0c", "a.txt")
    with pytest.raises(ArticleError, match="is no text file, but full of control characters"):
        decode(b"\x01\x02\x03ab", "a.txt")


def test_a_control_character_is_kept():
    text = "It rained\x0b and\x1b[0m " + "it stopped. " * 9
    assert decode(text.encode(), "a") == text


def test_what_markup_declares():
    assert declared_in(b'<html><meta charset="koi8-r">') == "koi8-r"
    assert declared_in(b"<meta http-equiv=a content='text/html; charset=euc-kr'>") == "euc-kr"
    assert declared_in(b'<?xml version="1.0" encoding="windows-1251"?>') == "windows-1251"
    assert declared_in(b"<html>") == ""


def lines(data, limit=20):
    return Lines(io.BufferedReader(io.BytesIO(data)), "f", limit)


def test_lines_have_one_ending_and_only_line_breaks_end_them():
    assert list(lines("\ufeffa\r\nb\u2028c\rd".encode())) == ["a\n", "b\u2028c\n", "d"]
    assert list(lines("a\u2028b\nc".encode("utf-16"))) == ["a\u2028b\n", "c"]


def test_a_line_that_is_not_utf_8_is_told_once(notices):
    assert list(lines("é\n".encode() + b"\x93x\x94\n\xe9")) == ["é\n", "“x”\n", "é"]
    assert notices() == ["f:2: is not UTF-8; read as windows-1252"]


def test_after_a_line_that_is_too_long_the_next_is_read():
    found = lines(b"a\n" + b"b" * 90 + b"\nc")
    assert next(found) == "a\n"
    with pytest.raises(ArticleError, match="f:2: a line of more than 20 characters"):
        next(found)
    assert (next(found), found.number) == ("c", 3)


@given(st.text())
def test_utf_8_comes_back_as_it_was(text):
    sound = text.replace("\0", "")
    try:
        assert decode(sound.encode(), "a") == sound.removeprefix("\ufeff")
    except ArticleError as error:
        assert "control characters" in str(error)  # noqa: PT017
