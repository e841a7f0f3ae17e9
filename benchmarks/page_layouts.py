"""Measure what is kept of saved web pages: the words of the article, and none of the page around it.

Run ``python benchmarks/page_layouts.py -o experiments/reports/page-layouts.md``. Reads ``tests/pages``, and
``tests/pages/unseen`` where there is one: invented pages, each with the text to keep beside it.
"""

from __future__ import annotations

import argparse
import re
from difflib import SequenceMatcher
from pathlib import Path

from stance.articles import read_article
from stance.statements import split_statements

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "tests" / "pages"  # the rules were written with these in sight
UNSEEN = PAGES / "unseen"  # and without these


def main() -> None:
    """Parse the arguments, measure, and write or print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="Markdown file to write")
    arguments = parser.parse_args()
    tables = [HEAD]
    for folder, heading in FOLDERS.items():
        scores = {path.stem: measure(path) for path in sorted(folder.glob("*.html"))}
        if scores:
            lines = (line(name, *score) for name, score in scores.items())
            tables.append("\n".join([heading, COLUMNS, *lines, *mean(list(scores.values())), ""]))
    report = "\n".join(tables)
    if arguments.output:
        arguments.output.write_text(report, encoding="utf-8")
    else:
        print(report)


HEAD = """# What is kept of saved pages

Written by `benchmarks/page_layouts.py` on the invented pages of `tests/pages`. Words of the statements that the program keeps
are aligned with the words of the text to keep, in order. *Precision*: of the words kept, those that belong to the article.
*Recall*: of the article's words, those kept. The pages were written by language models that had not seen the program.
"""

FOLDERS = {
    PAGES: """## Development pages

The rules were written with these pages in sight, so they show what is covered, not what to expect of another page.
""",
    UNSEEN: """## Unseen pages

Written apart from the program, and measured once its rules were fixed: what to expect of a layout it has not met.
""",
}

COLUMNS = """| page | words to keep | precision | recall |
|---|--:|--:|--:|"""

Score = tuple[int, float, float]


def measure(path: Path) -> Score:
    """Return the words to keep, precision and recall of one page."""
    keep = words(path.with_suffix("").with_suffix(".keep.txt").read_text(encoding="utf-8"))
    kept = words("\n".join(with_headings(path)))
    matched = sum(block.size for block in SequenceMatcher(a=keep, b=kept, autojunk=False).get_matching_blocks())
    return len(keep), matched / len(kept) if kept else 0.0, matched / len(keep)


def with_headings(path: Path) -> list[str]:
    """Statements of a page in order, each heading before the first statement that stands under it."""
    shown, heading = [], ""
    for each in split_statements(read_article(path)):
        if each.heading and each.heading != heading:
            shown.append(each.heading)
        heading = each.heading
        shown.append(each.text)
    return shown


def words(text: str) -> list[str]:
    """Lower-cased words."""
    return re.findall(r"\w+", text.lower())


def line(name: str, n: int, precision: float, recall: float) -> str:
    """One line of the table."""
    return f"| {name} | {n} | {precision:.3f} | {recall:.3f} |"


def mean(scores: list[Score]) -> list[str]:
    """Average precision and recall over pages."""
    n, precision, recall = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    return [f"| **mean of {len(scores)} pages** | {n:.0f} | **{precision:.3f}** | **{recall:.3f}** |"]


if __name__ == "__main__":
    main()
