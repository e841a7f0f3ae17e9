"""A tiny project in a temporary folder, and the folder of others' texts where there is one."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from stance.codebook import load_codebook
from stance.storage import sha256

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def codebook():
    return load_codebook()


@pytest.fixture(scope="session")
def texts():
    """Folder with the text of others; tests that need it are skipped where it is not named."""
    folder = os.environ.get("STANCE_TEXTS")
    if not folder:
        pytest.skip("STANCE_TEXTS names no folder with the text of others")
    return Path(folder)


@pytest.fixture(scope="session")
def web():
    """The web page and its API with the model that ships, as `stance serve` has them, without a socket."""
    testclient = pytest.importorskip("fastapi.testclient", reason="the extra `web` is not installed")
    from stance.web import create_app
    from stance.web_limits import Limits

    with testclient.TestClient(create_app("fast", Limits(workers=1)), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def stance_bytes(capfdbinary, monkeypatch):
    """Run the command in this process; gives exit code, standard output as bytes, and standard error."""
    from stance import cli

    def command(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capfdbinary.readouterr()
        return stopped.value.code or 0, out, err.decode()

    return command


@pytest.fixture
def stance(stance_bytes):
    """Run the command as `stance_bytes` does; gives standard output as text."""

    def command(*arguments, **options):
        code, out, err = stance_bytes(*arguments, **options)
        return code, out.decode(), err

    return command


TALKS = ["The envoy wants talks with Washington.", "A summit would be welcome, she said.", "Dialogue is the only way."]
DOUBTS = ["Talks with Washington are pointless.", "The summit was refused again.", "Nobody believes in dialogue."]
TREATY = ["They want a peace treaty signed.", "The armistice must become a treaty.", "A treaty would end the war."]
EVENTS = ["The missile flew over the sea.", "It rained in the capital.", "Officials met on Monday."]


def write_jsonl_rows(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    """See `make_project`."""
    return make_project(tmp_path)


def make_project(folder):
    """Write a project of twelve small articles, with a config that trains on them in well under a second."""
    kinds = [
        (TALKS, "direct_talks", "supportive"),
        (DOUBTS, "direct_talks", "skeptical"),
        (TREATY, "peace_treaty", "supportive"),
        (EVENTS, "none", "neutral"),
    ]
    raw = folder / "data" / "raw" / "own"
    raw.mkdir(parents=True)
    rows = {"train": [], "validation": [], "test": []}
    for number in range(12):
        sentences = [
            (f"{texts[number % 3]} Note {number}{at}.", motive, stance)
            for at, (texts, motive, stance) in enumerate(kinds)
        ]
        body = "\n\n".join(text for text, _, _ in sentences)
        name = f"article-{number:02d}"
        (raw / f"{name}.md").write_text(
            f"---\nid: {name}\ntitle: T\noutlet: The Lamp\n---\n\n{body}\n", encoding="utf-8"
        )
        split = "test" if number >= 10 else "validation" if number >= 8 else "train"
        for at, (text, motive, stance) in enumerate(sentences):
            first = text.split(" Note")[0]
            start = body.index(text)
            rows[split].append(
                {
                    "statement_id": f"{name}#{at}",
                    "article_id": name,
                    "start": start,
                    "end": start + len(first),
                    "sha256": sha256(first),
                    "text": first,
                    "motive": motive,
                    "stance": stance,
                }
            )
    for split, part in rows.items():
        write_jsonl_rows(folder / "data" / "labeled" / "own" / f"{split}.jsonl", part)
    config = folder / "tiny.yaml"
    config.write_text(
        "name: tiny\ndata: {train: [own], evaluate: [own]}\nfolds: 2\n"
        "features: [{name: word_tfidf.v1}]\nmodel: {name: linear_svm.v1}\n",
        encoding="utf-8",
    )
    return folder
