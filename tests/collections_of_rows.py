"""A collection of invented statements for tests, and what a plain call makes of it."""

from conftest import DOUBTS, EVENTS, TALKS, TREATY, write_jsonl_rows

SENTENCES = [*TALKS, *DOUBTS, *TREATY, *EVENTS]


def write_collection(folder, n=40):
    """Write n articles of a few statements; return the file."""
    texts = [" ".join(SENTENCES[(n * 5 + at) % len(SENTENCES)] for at in range(n % 4 + 1)) for n in range(n)]
    write_jsonl_rows(folder / "rows.jsonl", [{"id": f"a{n}", "text": text} for n, text in enumerate(texts)])
    return folder / "rows.jsonl"
