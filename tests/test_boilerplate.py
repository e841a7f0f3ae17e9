import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.boilerplate import FRAGMENT, REASONS, RULES, recognise, rule_of, section_of

CLUTTER = {
    "ornament": ["* * *", "---", "[...]", "2018"],
    "subscribe": [
        "Subscribe to The Gull",
        "Subscribe now",
        "Subscribed to The Gull? Use the email of your account.",
        "Already a subscriber?",
        "To continue reading, subscribe or sign in.",
        "You have reached the end of the free preview",
        "Join 40,000 readers who start the week with The Gull.",
    ],
    "donation": [
        "Please consider donating to The Gull.",
        "The Gull is funded by readers.",
        "Readers like you keep our work free.",
        "Value this analysis?",
    ],
    "cookies": ["We value your privacy", "Accept all", "This site uses cookies.", "Cookie settings"],
    "advertisement_text": ["ADVERTISEMENT Ferries to Ostend from 19 francs. Sail twice."],
    "note_to_reader": [
        "This is a rush transcript and may be updated.",
        "This interview has been edited for length and clarity.",
        "* This is an unofficial translation.",
        "Thanks for reading!",
    ],
    "correction": [
        "This article has been updated.",
        "Correction: An earlier version of this story gave a wrong date.",
        "(Adds the mayor's comment, background)",
        "Page last changed 12 March 2017.",
    ],
    "feedback": ["Was this page helpful?", "Have your say", "Report an error: desk@gull.example"],
    "address": ["https://gull.example/quay", "www.gull.example", "(ada@gull.example)"],
    "print_header": ["12/03/2017, 22:47 The quay closes - The Gull"],
    "exchange_rate": ["($1 = 0.9032 Swiss francs)", "($1 = 1,172.2800 won)"],
    "newsletter": [
        "You can unsubscribe with one click.",
        "By signing up you accept our terms.",
        "Sign up for The Gull's Free Newsletters",
        "Get news from The Gull in your inbox",
        "Harbour newsletter",
    ],
    "sign_up": ["Sign up", "Log in to comment", "Create a free account"],
    "continue_reading": [
        "Continue reading for free",
        "Story continues below",
        "Read more",
        "Show more",
        "More to follow",
    ],
    "advertisement": ["Advertisement", "ADVERTISEMENT", "Sponsored content"],
    "share_buttons": ["Share Tweet Email", "Share on Facebook", "Follow us on Twitter", "Comments (12)"],
    "related_links": [
        "Related: The quay in pictures",
        "See also: why the sluice failed",
        "Click here for the map",
        "Slideshow (3 images)",
        "Most read",
        "Read more at The Gull »",
        "Chart of the port (PDF, 2.1 MB)",
        "Post by @gull: We were there.",
    ],
    "media_player": ["Media playback is unsupported on your device", "Please enable JavaScript to watch", "Play video"],
    "stage_direction": [
        "(APPLAUSE)",
        "(Laughter.)",
        "(BEGIN VIDEO CLIP)",
        "(The briefing ended at 1:25 p.m.)",
        "[all]",
    ],
    "stylesheet": ["div.quay {color:#fff !important;}"],
    "copyright": ["© 2018 The Gull", "Copyright 2018 The Gull. All rights reserved.", "© The Gull"],
    "contributors": [
        "Ada Lund contributed to this report.",
        "Additional reporting by Ada Lund",
        "Write to Ada Lund at ada@gull.example",
        "(Reporting by Ada Lund in Ostend; Editing by Jan Moens)",
        "Translated from the Flemish by Ada Lund.",
        "All errors remain the author’s own.",
    ],
    "byline": [
        "By Ada Lund",
        "By Ada Lund and Jan Moens",
        "BY ADA LUND",
        "By Ada Lund, Ostend",
        "By Ada Lund, port correspondent",
    ],
    "dateline": [
        "12 March 2017",
        "Sunday, March 12, 2017",
        "Published 12 March 2017 at 10:30 GMT",
        "Updated: Mar. 12, 2017, 9 p.m. ET",
        "10:30 am, 12th March 2017",
        "12 March 2017 · 7 minute read",
        "2:25 P.M. EDT",
    ],
    "updated": ["Updated 3 hours ago", "Last updated an hour ago", "2 days ago", "Updated just now"],
    "reading_time": ["5 min read", "12-minute read", "Reading time: 4 minutes"],
    "navigation": ["Home > News > Ostend", "Skip to main content", "Back to top"],
    "image_credit": [
        "(Image credit: Ada Lund / Getty Images)",
        "Photo: Ada Lund",
        "Ada Lund/AFP",
        "AP Photo/Ada Lund",
        "Photograph by Ada Lund",
    ],
    "caption": [
        "FILE PHOTO: The quay in winter.",
        "The quay in winter. Photo: Ada Lund/AFP",
        "The quay. (Ada Lund/Reuters)",
    ],
}

STATEMENTS = [
    "The mayor said the ferry would not sail, Reuters reported.",
    "He watched it via Yonhap and laughed.",
    "By then Ada Lund had left the town.",
    "By Ada Lund’s account, the quay was never closed.",
    "Sign up for the treaty, or face a blockade, the admiral told them.",
    "“Subscribe to our cause,” he urged the crowd.",
    "Subscribers to the port’s loan lost their money in 1931.",
    "The regime publishes a newsletter abroad.",
    "More tests would follow, the mayor warned.",
    "More and more ships call at other ports.",
    "Related firms were fined as well.",
    "The photo: a quay, three men and a crane.",
    "Watch what they do: they will close it again.",
    "Copyright law does not apply in the port.",
    "Share prices fell on Monday.",
    "Follow the money, and you will find the mayor.",
    "Your move, the paper told the mayor.",
    "You cannot trust a man who sells his own bridge.",
    "Continue reading the treaty and you will see why.",
    "Advertising the port abroad has cost a million.",
    "He stood in the rain (as on every Friday).",
    "The picture was taken by an AP photographer, who was then arrested.",
    "It was 2018.",
    "The mayor flew home on Monday. Read more",
    "(It was late.)",
    "Recommended by nobody, the plan passed.",
    "Read more closely, the treaty says nothing.",
    "12 March 2017 was the day of the flood.",
    "11 September",
    "The flood of 12 March 2017",
    "Three hours ago the quay was dry.",
    "Updated lists came 3 hours ago.",
    "Home is where the quay is.",
    "Back to the quay",
    "The party could consider giving up its arsenal if the port were opened.",
    "You have reached the end of my patience, the mayor told them, and of the free world’s.",
    "Translation: He is not about to close the quay.",
    "Correction is what the regime calls it.",
    "Cookies were sold on the quay.",
    "They accept all of it.",
    "Readers like her do not forgive.",
    "Have your ships left?",
    "9.15 million people live there",
    "The mayor was compiled of contradictions, she said.",
    "This article of the treaty forbids it.",
    "Also in Ostend: the mayor resigned. The quay was closed.",
    "Questions remain about the quay.",
    "Views on the quay differ.",
    "Tips came from the harbour.",
    "Update: the mayor has now admitted it.",
    "He had registered the ship. Registration is a formality.",
    "More follows from this than the mayor admits.",
]


@pytest.mark.parametrize(("rule", "block"), [(rule, block) for rule, blocks in CLUTTER.items() for block in blocks])
def test_clutter_is_recognised_by_name(rule, block):
    assert recognise(["The quay was closed on Monday.", block, "Nobody minded."]) == ["", rule, ""]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statements_are_left_alone(statement):
    assert recognise([statement]) == [""]
    assert recognise(["The quay was closed.", statement, "Nobody minded."]) == ["", "", ""]


def test_every_rule_is_tried_here():
    assert CLUTTER.keys() == {rule.name for rule in RULES}


PAGE = ["The quay was closed on Monday.", "Nobody minded at all, and the ferry sailed from Bruges.", "It was cold."] * 4


def test_sections_below_an_article_end_at_the_next_heading():
    blocks = [*PAGE, "Notes", "Archive of the port, box 2.", "What follows", "It was late."]
    assert recognise(blocks, [12, 14])[12:] == ["notes", "notes", "", ""]
    assert recognise(["Notes", *PAGE], [0]) == [""] * 13  # a section that the article opens with
    assert recognise([*PAGE, "2 remarks from readers", "I was there. It was cold."], [])[12:] == ["comments"] * 2


def test_in_plain_text_a_section_must_stand_at_the_very_end():
    assert recognise([*PAGE, "Works Cited", "Lund, Ada. The Quay."])[12:] == ["notes", "notes"]
    assert recognise([*PAGE[:6], "Notes", *PAGE])[6:] == [""] * 13


@pytest.mark.parametrize("heading", ["Works Cited", "References", "About the author", "3 comments", "How to cite this"])
def test_headings_of_sections_below_an_article(heading):
    assert section_of(heading)[0]


@pytest.mark.parametrize("heading", ["Background", "Notes on a scandal", "Comments by the mayor", "About the quay"])
def test_headings_of_the_article_itself(heading):
    assert not section_of(heading)[0]


def test_the_author_is_told_at_the_end_alone():
    author = "Ada Lund is a senior fellow at the Institute of Quays. She lives in Ostend."
    assert recognise([*PAGE, author]) == [*[""] * 12, "author"]
    assert recognise([author, *PAGE]) == [""] * 13
    assert recognise([*PAGE, "Ada Lund, a fellow of the institute, said it was late."])[-1] == ""
    assert recognise([*PAGE, "Ada Lund is a fellow. “It is late,” she said."])[-1] == ""


def test_a_pull_quote_repeats_its_neighbour_on_a_page():
    said = "The port is the heart of the town, and a heart must beat."
    blocks = [
        "It began early.",
        "Nobody slept.",
        f"“{said}” the mayor said, and she left by the back door.",
        f"“{said}”",
    ]
    assert recognise(blocks, [])[-1] == "pull_quote"
    assert recognise(blocks)[-1] == ""  # plain text may be a list that says a thing twice
    assert recognise([*blocks[:3], *["It was cold."] * 9, said], [])[-1] == ""


def test_footnotes_below_a_rule_of_underscores():
    notes = ["________", "1 Interview with the mayor.", "2 See the annex."]
    assert recognise(["It began early.", *notes], []) == ["", "ornament", "notes", "notes"]
    assert recognise(["It began early.", *notes[1:]], []) == [""] * 3


def test_a_certain_heading_may_be_a_date():
    assert recognise(["12 March 2017", "The flood came."], [0]) == ["", ""]
    assert recognise(["Subscribe to The Gull", "The flood came."], [0])[0] == "subscribe"


def test_fragments_are_labels_and_not_sentences():
    labels = [
        "Politikon.eu",
        "Text size",
        "Ada Lund · 3 Feb 2025",
        "18:52 UTC APA4471 4 I INT 0212 /R3 3RD LEAD",
        "Home ■",
    ]
    assert all(map(FRAGMENT.matches, labels))
    prose = ["Nobody has asked. ■", "Who pays?", "My reasons:", "“We were given rice”", "word " * 9]
    assert not any(map(FRAGMENT.matches, prose))


@given(st.lists(st.text(max_size=80), max_size=12), st.booleans())
def test_any_text_is_taken(blocks, plain):
    names = recognise(blocks, None if plain else range(0, len(blocks), 3))
    assert len(names) == len(blocks)
    assert all(name in REASONS for name in names if name)


@pytest.mark.parametrize("unit", ["Aa/", "a@b.", "Ab Cd, ", "reporting by ", "(", "“", "Sign up ", "12:30 "])
def test_no_rule_is_slow_on_what_repeats(unit):
    assert rule_of(unit * (1_000_000 // len(unit))) == ""
    rule_of((unit * 600)[:1190])  # as long as a rule looks at: a pattern that backtracks would never return


def test_every_rule_gives_its_reason_once():
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert all(rule.reason for rule in RULES)


def test_caption_stands_above_its_credit():
    page = [
        "The old quay",
        "The old quay of Ostend in 2012, a year before the flood",
        "(Image credit: Ada Lund / AFP)",
        "It began early.",
    ]
    assert recognise(page) == ["caption", "caption", "image_credit", ""]


def test_prose_above_a_credit_stays():
    assert recognise(["The quay was closed.", "Photo: Ada Lund", "It began early."]) == ["", "image_credit", ""]


def test_pitch_is_what_speaks_to_the_reader_within_a_sign_up_box():
    box = ["Subscribe to The Gull", "Leave your bubble. Get both sides of every quarrel.", "Sign up"]
    assert recognise(box) == ["subscribe", "pitch", "sign_up"]
    assert recognise(["Subscribe to The Gull", "The council is divided over the quay.", "Sign up"])[1] == ""
    assert recognise(["Subscribe to The Gull", "You cannot moor here, the mayor says.", "The council agrees."])[1] == ""


def test_page_end_behind_a_wall_is_a_pitch():
    assert recognise(["It began early.", "Continue reading for free", "We hope you're enjoying The Gull."]) == [
        "",
        "continue_reading",
        "pitch",
    ]


def test_signature_ends_a_letter_but_a_heading_has_prose_below():
    assert recognise(["Close the quay.", "Ada Lund, Lower Town"]) == ["", "signature"]
    assert recognise(
        ["Close the quay.", "New Quay, Old Quarrel", "The council met on Monday and could not agree."]
    ) == ["", "", ""]
