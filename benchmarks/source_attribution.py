"""Measure who says it: the source of each statement against annotators of real news and of the seed article.

Run ``python benchmarks/source_attribution.py --texts DIR -o experiments/reports/source-attribution.md``, where DIR holds
``article/`` and ``newswire/``. Reads ``data/attribution``; the report holds counts only, no text of others.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from stance.articles import Article, read_article, read_articles
from stance.errors import CorpusError
from stance.sources import attribute
from stance.statements import split_statements
from stance.storage import read_jsonl, sha256

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "data" / "attribution"
SEED = "theweek-2017-kim"
FORGIVEN = {
    "the",
    "a",
    "an",
    "mr",
    "mrs",
    "ms",
    "dr",
    "president",
    "gen",
    "sen",
}  # words that do not tell speakers apart

Place = tuple[str, int, int]
Votes = dict[Place, dict[str, str]]  # statement → annotator → speaker, "" for the article's own voice


def main() -> None:
    """Parse the arguments, measure, and write or print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="folder with article/ and newswire/")
    parser.add_argument("-o", "--output", type=Path, help="Markdown file to write")
    arguments = parser.parse_args()
    articles = read_all(arguments.texts)
    votes = {name: read_votes(articles, LABELS / f"{name}.jsonl") for name in ("sources", "heldout")}
    predicted = predict(articles)
    rows = [line for name, each in votes.items() for line in table(name, each, predicted)]
    report = "\n".join([HEAD, *rows, "", *agreement(votes["sources"] | votes["heldout"]), ""])
    if arguments.output:
        arguments.output.write_text(report, encoding="utf-8")
    else:
        print(report)


HEAD = """# Who says it

Written by `benchmarks/source_attribution.py` from `data/attribution`, labeled by two language-model annotators: ten
statements in a row of each of 50 news articles and all of the seed article (`sources`), and ten of each of 40 other
articles (`heldout`), drawn at random. The rules of `stance.sources` were developed on the first and on the seed article;
the errors on `heldout` were not looked at.

Counted are the statements on which both annotators name the same source. *Precision*: of the statements that the program
gives a speaker, those whose speaker is right. *Recall*: of those that have a speaker, those that get the right one. Two
names are one source where the words of one (titles and articles apart) are among those of the other.

| | statements | with a speaker | precision | recall | own voice kept | right in all |
|---|--:|--:|--:|--:|--:|--:|"""


def read_all(texts: Path) -> dict[str, Article]:
    """Read every article that may be labeled, by id."""
    seed = replace(read_article(texts / "article" / "what-does-kim-jong-un-want.txt"), id=SEED, outlet="The Week")
    news = (texts / "newswire" / name for name in ("articles.jsonl", "unlabeled.jsonl"))
    return {each.id: each for path in news for each in read_articles(path)} | {SEED: seed}


def read_votes(articles: dict[str, Article], labels: Path) -> Votes:
    """Resolve the stand-off labels; a span whose hash differs stops the benchmark."""
    votes: Votes = defaultdict(dict)
    for where, row in read_jsonl(labels, CorpusError):
        article = articles[row["article_id"]]
        text = article.text
        if sha256(text[row["start"] : row["end"]]) != row["sha256"]:
            raise CorpusError("the span does not match its hash", where=where, remedy="Restore the text.")
        place = (row["article_id"], row["start"], row["end"])
        if row["speaker"] or row["kind"] == "own":
            votes[place][row["annotator"]] = text[slice(*row["speaker"])] if row["speaker"] else ""
        elif "speaker_in_title" in row:
            votes[place][row["annotator"]] = article.title[slice(*row["speaker_in_title"])]
        else:
            votes[place][row["annotator"]] = article.outlet[slice(*row["speaker_in_outlet"])]
    return {place: said for place, said in votes.items() if len(said) == 2}


def predict(articles: dict[str, Article]) -> dict[Place, str]:
    """Attribute every statement of every article; the article's own voice is ``""``."""
    found = {}
    for id_, article in articles.items():
        statements = split_statements(article)
        for statement, source in zip(
            statements, attribute(statements, outlet=article.outlet, title=article.title), strict=True
        ):
            found[id_, statement.start, statement.end] = "" if source == article.outlet else source
    return found


def table(name: str, votes: Votes, predicted: dict[Place, str]) -> list[str]:
    """Score the statements that both annotators label alike, newswire and the seed article apart."""
    agreed = {place: max(said.values(), key=len) for place, said in votes.items() if alike(*said.values())}
    parts = {
        f"newswire, `{name}`": {place: gold for place, gold in agreed.items() if place[0] != SEED},
        "seed article": {place: gold for place, gold in agreed.items() if place[0] == SEED},
    }
    return [line(part, gold, predicted) for part, gold in parts.items() if gold]


def line(name: str, gold: dict[Place, str], predicted: dict[Place, str]) -> str:
    """One line of the table."""
    pairs = [(speaker, predicted.get(place, "")) for place, speaker in gold.items()]
    spoken = [alike(*pair) for pair in pairs if pair[0]]
    given = [alike(*pair) for pair in pairs if pair[1]]
    own = [not said for speaker, said in pairs if not speaker]
    every = [alike(*pair) for pair in pairs]
    return (
        f"| {name} | {len(pairs)} | {len(spoken)} | {share(given)} | {share(spoken)} | {share(own)} | {share(every)} |"
    )


def agreement(votes: Votes) -> list[str]:
    """How often the annotators name the same source."""
    both = [alike(*said.values()) for said in votes.values()]
    return [f"The two annotators name the same source of {sum(both)} of {len(both)} statements ({share(both)})."]


def share(right: list[bool]) -> str:
    """Two digits."""
    return f"{sum(right) / len(right):.2f}" if right else "–"


def alike(first: str, second: str) -> bool:
    """Tell whether two names are one source."""
    a, b = (set(re.findall(r"\w+", name.lower())) - FORGIVEN for name in (first, second))
    return a == b or bool(a and b and (a <= b or b <= a))


if __name__ == "__main__":
    main()
