import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import MONEY, QUAY

from stance.language import LANGUAGES, identify

TEXTS = {
    "de": "Der Bürgermeister sagte am Montag, dass der Hafen bis zum Frühjahr geschlossen bleibt.",
    "fr": "Le maire a déclaré lundi que le port resterait fermé jusqu’au printemps, et personne n’a été surpris.",
    "es": "El alcalde dijo el lunes que el puerto permanecería cerrado hasta la primavera, y nadie se sorprendió.",
    "nl": "De burgemeester zei maandag dat de haven tot het voorjaar gesloten blijft, en niemand was verrast.",
    "ko": "시장은 월요일 항구가 봄까지 폐쇄될 것이라고 말했고 아무도 놀라지 않았다.",
    "ja": "市長は月曜日、港は春まで閉鎖されると述べたが、誰も驚かなかった。",
    "zh": "市长周一表示，港口将关闭至春季，没有人感到惊讶。",
    "ru": "Мэр заявил в понедельник, что порт будет закрыт до весны, и никто не удивился.",
    "ar": "قال رئيس البلدية يوم الاثنين إن الميناء سيبقى مغلقا حتى الربيع ولم يفاجأ أحد.",
    "no": "Ordføreren sa mandag at havnen forblir stengt til våren, og ingen var overrasket.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_other_languages_are_told(language):
    assert identify(TEXTS[language]) == language
    assert identify(TEXTS[language].upper()) == language


def test_english_is_told_even_with_foreign_words_in_it():
    assert identify(QUAY) == "en"
    assert identify(f"“{TEXTS['de'][:40]}” said the mayor, and then he went on in English. {QUAY} {MONEY}") == "en"


@pytest.mark.parametrize("text", ["", "Ja.", "Pyongyang", "1,234 – 5,678", "안녕하세요", "📈" * 40])
def test_what_is_too_short_is_not_told(text):
    assert identify(text) == ""


def test_lists_of_names_are_not_taken_for_a_language():
    listed = (
        "Participants: Australia, Japan, South Korea, Cambodia, Malaysia, Vietnam, Canada, India, Indonesia, Thailand."
    )
    assert identify(listed) in {"", "en"}


def test_english_loads_no_identifier():
    code = f"import sys; from stance.language import identify; assert identify({QUAY!r}) == 'en'; print('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_known_language_or_none(text):
    assert identify(text) in {"", *LANGUAGES}
