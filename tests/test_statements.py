import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.articles import Article, read_article
from stance.statements import split_sentences, split_statements


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


# A bar marks where a paragraph is to be cut; the space before it stays in the text.
CUTS = [
    "The mayor left. |The council stayed.",
    "Nobody came! |Why not? |The ferry was late.",
    "The U.S. Ambassador spoke to Mr. Peeters and Gen. Van Damme. |They agreed.",
    "She was born in the U.S. |The family moved in 1950.",
    "It concerns the pro-U.S. camp and the Dutch-U.S. alliance.",
    "Sen. Ada Cole (R-Calif.), who chairs it, said no. |Nobody asked.",
    "He came on Jan. 5 with no. 2 on the list. |He left in Feb. |The list was kept.",
    "Was it ready? |No. |But the quay was.",
    "The harbour took 4.5 million tonnes in 2009. |A year later it took 3.",
    "J. R. Moens and K. Lund met at 5 p.m. |The talk was short.",
    "He met Miss. officials. |The cat sat. |Nobody saw.",
    "“We will pay,” the mayor said. |“The bill is small.”",
    "“We will pay. |The bill is small,” the mayor said.",
    "“We will pay. |The bill is small.” |The mayor smiled.",
    '"We will pay. |The bill is small," the mayor said. |"It is due."',
    "“Who pays?” asked the clerk. |Nobody knew.",
    "“Who pays?” Ms Lund asked him. |Nobody knew.",
    "“Who pays?” |The clerk said that nobody knew.",
    "“Out!” he cried. |They went.",
    "The plan is “a gift to the port.” |Others doubt it.",
    "He called it “cheap.’ ” |They laughed.",
    "The port is dying … and nobody sees it. |It is late.",
    "We waited... |Then it rained.",
    "We want ... Lund to come.",
    "They raised the dues . . . without a vote. |It passed.",
    "“... The port will stay open.”",
    "It works (as he said it would!), but slowly. |It costs a lot.",
    "MR LUND: (Through an interpreter.) Yes, it is so. |Thank you.",
    "(He paid.) |She did not.",
    "[Lund] paid. |[She] did not.",
    "The dues rose.[3] |The trade fell.",
    "“The port is the heart of the town.” — Ada Lund, mayor",
    "The fleet sailed. |“If it returns, we sing.”",
    "“It is over. |The quay is closed, and the unclosed quotation swallows nothing. |The end.",
    "The quay was closed.|The next day it was open.",
    "See ostend.example.org and a@b.example.com for the plan. |Then vote.",
    "It cost 5 euros. |$5 was too much. |• A point was made.",
    "Q. Who paid?",
    "4. The quay is to be raised.",
    "The report ends here. -30-",
    "What?! |Nobody knew.",
    "Ph.D. students, e.g. Lund, came vs. the odds.",
    "The port of St. Malo, the firm Lund & Co. and Moens Inc. merged. |The town was glad.",
]


@pytest.mark.parametrize("marked", CUTS)
def test_cuts_at_sentence_ends_only(marked):
    assert sentences(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0"])
def test_blank_text_has_no_sentence(text):
    assert split_sentences(text) == []


@pytest.mark.parametrize("text", ["...", "2018", "?!", "“”"])
def test_text_without_a_word_is_kept_whole(text):
    assert sentences(text) == [text]


PROSE = st.lists(
    st.sampled_from([*"aZ.!?…\"'“”‘’()[]- \n\u00a0•3", "U.S.", " The ", "Mr. ", "said", ". ", "\r\n"]), max_size=60
).map("".join)


@given(st.one_of(st.text(max_size=300), PROSE))
def test_sentences_cover_the_text_in_order(text):
    spans = split_sentences(text)
    assert spans == split_sentences(text)
    assert all(text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(not text[left:right].strip() for left, right in zip(edges[::2], edges[1::2], strict=True))


@given(st.one_of(st.text(max_size=300), PROSE))
def test_statements_of_any_text_have_exact_offsets(text):
    article = Article.from_text(text)
    statements = split_statements(article)
    assert all(article.text[each.start : each.end] == each.text == each.text.strip() != "" for each in statements)
    assert [each.index for each in statements] == list(range(len(statements)))
    assert all(one.end <= two.start for one, two in pairwise(statements))
    assert all(one.following == two.text and two.previous == one.text for one, two in pairwise(statements))
    outside = "".join(text[block.start : block.end] for block in article.blocks)
    assert "".join(outside.split()) == "".join(text.split())


def test_statements_know_their_heading_and_neighbours():
    text = "The quarrel over the port\n\nIt began early. Nobody slept.\n\nThe money\n\nIt ran out.\n\nSubscribe now\n\nThe town paid."
    first, second, third, fourth = split_statements(Article.from_text(text, id="port"))
    assert (first.article_id, first.heading, first.previous, first.following) == ("port", "", "", "Nobody slept.")
    assert (second.heading, third.heading, fourth.heading) == ("", "The money", "The money")
    assert (fourth.text, fourth.previous, fourth.following) == ("The town paid.", "It ran out.", "")


def test_article_of_clutter_has_no_statement():
    assert split_statements(Article.from_text("Subscribe now\n\nSign up\n\n© 2018 The Gull")) == []


def test_five_megabytes_on_one_line_are_cut_in_seconds():
    text = "He said “we will talk.” Mr. Lund left the U.S. in 2019. " * 90_000
    assert len(split_sentences(text)) == 180_000


def test_seed_article_comes_out_as_its_27_labeled_statements():
    if "STANCE_TEXTS" not in os.environ:
        pytest.skip("the articles of others are not part of the project: set STANCE_TEXTS to their folder")
    import json

    folder = Path(os.environ["STANCE_TEXTS"]) / "article"
    labeled = [json.loads(line) for line in (folder / "labels.standoff.jsonl").read_text(encoding="utf-8").splitlines()]
    statements = split_statements(read_article(next(folder.glob("*.txt"))))
    assert [(each.start, each.end) for each in statements] == [(each["start"], each["end"]) for each in labeled]
    assert len({each.heading for each in statements}) == 4
