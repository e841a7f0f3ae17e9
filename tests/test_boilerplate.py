import pytest

from stance.boilerplate import RULES, recognise

CLUTTER = {
    "ornament": ["* * *", "---", "[...]", "2018"],
    "subscribe": [
        "Subscribe to The Gull",
        "Subscribe now",
        "Subscribed to The Gull? Use the email of your account.",
        "Already a subscriber?",
    ],
    "newsletter": [
        "Sign up for The Gull's Free Newsletters",
        "Get news from The Gull in your inbox",
        "Harbour newsletter",
    ],
    "sign_up": ["Sign up", "Log in to comment", "Create a free account"],
    "continue_reading": ["Continue reading for free", "Story continues below", "Read more", "Show more"],
    "advertisement": ["Advertisement", "ADVERTISEMENT", "Sponsored content"],
    "share_buttons": ["Share Tweet Email", "Share on Facebook", "Follow us on Twitter", "Comments (12)"],
    "related_links": [
        "Related: The quay in pictures",
        "See also: why the sluice failed",
        "Click here for the map",
        "Slideshow (3 images)",
    ],
    "media_player": ["Media playback is unsupported on your device", "Please enable JavaScript to watch", "Play video"],
    "stage_direction": ["(APPLAUSE)", "(Laughter.)", "(BEGIN VIDEO CLIP)"],
    "stylesheet": ["div.quay {color:#fff !important;}"],
    "copyright": ["© 2018 The Gull", "Copyright 2018 The Gull. All rights reserved.", "© The Gull"],
    "contributors": [
        "Ada Lund contributed to this report.",
        "Additional reporting by Ada Lund",
        "Write to Ada Lund at ada@gull.example",
    ],
    "byline": ["By Ada Lund", "By Ada Lund and Jan Moens", "BY ADA LUND", "By Ada Lund, Ostend"],
    "dateline": [
        "12 March 2017",
        "Sunday, March 12, 2017",
        "Published 12 March 2017 at 10:30 GMT",
        "Updated: Mar. 12, 2017, 9 p.m. ET",
        "10:30 am, 12th March 2017",
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
