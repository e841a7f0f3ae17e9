import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.sources import attribute
from stance.statements import Statement

OUTLET = "The Lamp"


def statements(*texts, heading="", gap=1):
    """Statements of one article; a gap of 1 keeps them in one paragraph, 2 gives each its own."""
    found, start = [], 0
    for index, text in enumerate(texts):
        found.append(Statement("a", index, start, start + len(text), text, heading, "", ""))
        start += len(text) + gap
    return found


def speakers(*texts, **layout):
    return attribute(statements(*texts, **layout), outlet=OUTLET)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The bridge will hold,” said Ana Ruiz.", "Ana Ruiz"),
        ("“The bridge will hold,” Ana Ruiz, a former surveyor, told the newspaper.", "Ana Ruiz"),
        ("“The bridge will hold,” Ana Ruiz, professor emeritus at Brno’s Weir College, told Hermes.", "Ana Ruiz"),
        ('"The bridge will hold," an engineer, Ana Ruiz, said.', "Ana Ruiz"),
        ("Ana Ruiz, a diver based in Brno, South Moravia, told Hermes it would hold.", "Ana Ruiz"),
        ("In Brno, the official in charge of works, Ana Ruiz, said it would hold.", "Ana Ruiz"),
        ("Port spokesman Lee Won-ho told the channel: “We shall reopen in May.”", "Lee Won-ho"),
        ("Writing for the Weir Institute, Ana Ruiz suggests that “floods will be a part of life”.", "Ana Ruiz"),
        ("Mr. Brown also said that the harbour was safe.", "Brown"),
        ("“It is late”, Ruiz argued.", "Ruiz"),
        ("“Is it late?” Ruiz asked.", "Ruiz"),
        ("“It is late,” tweeted Ana Ruiz.", "Ana Ruiz"),
        ("Ana Ruiz warned that the river was rising.", "Ana Ruiz"),
        ("Ana Ruiz was quoted as saying the river was rising.", "Ana Ruiz"),
        ("The river “rose faster than last year”, says the HBC.", "HBC"),
        ("As a result, some would rather wait, reports The Courier.", "The Courier"),
        ("Rather than wait, claims Brno’s The Harbour Times, the mayor may build.", "The Harbour Times"),
        ("The Harbour Times, however, says the plan “is a long way off”.", "The Harbour Times"),
        ("But HBC reports that a number of farmers have left.", "HBC"),
        ("A popular “myth”, says the Rivers In Focus website, is that “dams last”.", "the Rivers In Focus website"),
        ("The mayor may need a dam, according to The Harbour Times.", "The Harbour Times"),
        ("According to the U.N. agency, the river rose.", "the U.N. agency"),
        ("According to a senior official, the river rose.", "a senior official"),
        ("According to a government official, the river rose.", "a government official"),
        ("Late on Friday the director of works in North Brno said it rose.", "the director of works in North Brno"),
        ("A senior official said the river would rise.", "A senior official"),
        ("The dam is safe, the ministry said.", "the ministry"),
        ("A spokesman for the Water Ministry said on Friday that it was safe.", "A spokesman for the Water Ministry"),
        ("Analysts say the river will rise.", "Analysts"),
        ("“It rose,” a trader in Brno tells the Inland Post, “so I left.”", "a trader in Brno"),
        ("The mayor of Brno said it rose.", "The mayor of Brno"),
    ],
)
def test_the_speaker_is_the_name_as_printed(text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "The river rose by a metre on Friday.",
        "The river, which Ruiz said was safe, rose by a metre.",
        "Ana Ruiz warned the farmers and left.",
        "Media reports that night were few.",
        "The mayor was told to leave.",
        "They held a drill, called Rain-81, to be ready.",
        "What did Ana Ruiz say of the river?",
        "She said it was late.",  # Nobody was named before.
        "“Ana Ruiz said it was late,” or so the story went.",  # Attribution within a quotation is part of it.
        "“A bare quotation of nobody.”",
        "",
    ],
)
def test_when_unsure_the_article_speaks(text):
    assert speakers(text) == [OUTLET]


def test_the_outlet_may_be_empty():
    assert attribute(statements("The river rose."), outlet="") == [""]
    assert attribute([], outlet=OUTLET) == []


def test_a_bare_quotation_goes_on_with_its_speaker():
    texts = ["“The bridge will hold,” said Ana Ruiz.", "“It was built to.”", "“And it is young.”", "The river rose."]
    assert speakers(*texts, gap=2) == ["Ana Ruiz", "Ana Ruiz", "Ana Ruiz", OUTLET]


def test_a_bare_quotation_does_not_cross_a_heading():
    first, second = statements("“The bridge will hold,” said Ana Ruiz.", "“It was built to.”", gap=2)
    under = Statement("a", 1, second.start, second.end, second.text, "Elsewhere", "", "")
    assert attribute([first, under], outlet=OUTLET) == ["Ana Ruiz", OUTLET]


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"')])
def test_a_quotation_may_run_over_statements_before_its_speaker_is_named(opening, closing):
    texts = [f"{opening}It is old.", "It is small.", f"But it will hold,{closing} said Ana Ruiz.", "The river rose."]
    assert speakers(*texts) == ["Ana Ruiz"] * 3 + [OUTLET]


def test_a_quotation_runs_on_after_its_speaker_is_named():
    texts = ["Ana Ruiz said: “It is old.", "Lee Won-ho says it is small.", "It will hold.”", "The river rose."]
    assert speakers(*texts) == ["Ana Ruiz"] * 3 + [OUTLET]


def test_each_paragraph_of_a_long_quotation_opens_it_again():
    texts = ["“It is old.", "“But it will hold,” said Ana Ruiz."]
    assert speakers(*texts, gap=2) == ["Ana Ruiz"] * 2


def test_an_unclosed_quotation_ends_with_its_paragraph():
    texts = ["Ana Ruiz said: “It is old.", "The river rose.", "Lee Won-ho said it fell."]
    assert speakers(*texts, gap=2) == ["Ana Ruiz", OUTLET, "Lee Won-ho"]


def test_pronouns_go_back_to_the_last_speaker():
    texts = [
        "Ana Ruiz said the bridge was old.",
        "The river rose.",
        "“It will hold,” she said.",
        "She also said it was small.",
    ]
    assert speakers(*texts) == ["Ana Ruiz", OUTLET, "Ana Ruiz", "Ana Ruiz"]
    assert (
        speakers("A “myth”, says the Tide website, is near.", "In truth, it says, it is far.")
        == ["the Tide website"] * 2
    )


@pytest.mark.parametrize("speaker", ["Mr. Brown", "Two officials", "The ministry", "The Courier", "Japan", "The U.S."])
def test_she_is_no_mister_group_or_body(speaker):
    found = speakers(f"{speaker} said the bridge was old.", "She said it would hold.")
    assert found == [speaker.removeprefix("Mr. "), OUTLET]


def test_he_is_no_bulletin_but_it_may_be():
    texts = ["Old Harbour, a sailors’ bulletin of some wit, maintains that the dam leaks.", "It says that it is old."]
    assert speakers(*texts, "Put a man there, he argues, and it will hold.") == ["Old Harbour"] * 2 + [OUTLET]
    person = "Ana Ruiz, a former agency surveyor, said that the dam leaks."
    assert speakers(person, "She said it would hold.") == ["Ana Ruiz"] * 2


def test_a_pronoun_does_not_reach_far_nor_past_another_name():
    told = "Ana Ruiz said the bridge was old."
    assert speakers(told, *["The river rose."] * 9, "She said it would hold.")[-1] == OUTLET
    assert speakers(told, "The mayor of Brno came, but she said it would hold.")[-1] == "The mayor of Brno"


WORDS = st.sampled_from(
    [
        "“",
        "”",
        '"',
        " ",
        ", ",
        ". ",
        "said",
        " says ",
        "Ana",
        " Ruiz",
        "The ",
        "according to ",
        "he",
        "official",
        "U.S.",
        "’s ",
    ]
)


@given(st.lists(st.one_of(st.text(), st.lists(WORDS).map("".join)), max_size=8), st.text(), st.integers(0, 3))
def test_a_speaker_is_the_outlet_or_printed_in_the_article(texts, outlet, gap):
    found = attribute(statements(*texts, gap=gap), outlet=outlet)
    assert len(found) == len(texts)
    assert all(source == outlet or any(source in " ".join(text.split()) for text in texts) for source in found)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        '"',
        "“",
        "said ",
        "he said, ",
        "Ana ",
        "Ana of the ",
        "U.S.",
        "the official ",
        ", said Ana",
        "the official of ",
        "x’s ",
        "A.’",
        "really ",
    ],
)
def test_time_is_linear_in_the_length_of_a_statement(piece):
    text = piece * (50_000 // len(piece))
    started = time.perf_counter()
    speakers(text, "said " + text, text + " said")
    assert time.perf_counter() - started < 2
