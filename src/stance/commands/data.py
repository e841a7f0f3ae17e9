"""``stance data``: build, check, count and fetch the labeled data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.commands.options import Data, Output, Texts
from stance.commands.terminal import Progress, relative, say, write


def build(
    data: Data = Path("data"),
    texts: Texts = None,
) -> None:
    """Build labeled/<collection>/<split>.jsonl, the dataset card's front matter and the codebook page."""
    from stance.build import build_labeled
    from stance.codebook import load_codebook, render_codebook
    from stance.corpus import texts_folder
    from stance.storage import write_text

    loaded = load_codebook()
    for line in build_labeled(data, loaded, texts_folder(texts)):
        say(line)
    write_text(data / "labeled" / "CODEBOOK.md", render_codebook(loaded))


def check(
    data: Data = Path("data"),
    texts: Texts = None,
) -> None:
    """Check spans, hashes, labels, splits, leakage, reuse of wording and balance; exit 1 where there is an error."""
    from stance.codebook import load_codebook
    from stance.corpus import texts_folder
    from stance.data_checks import check_data

    findings = check_data(data, load_codebook(), texts_folder(texts))
    for finding in findings:
        print(finding)  # noqa: T201 - the findings are this command's data
    errors = sum(finding.severity == "error" for finding in findings)
    say(f"{errors} errors, {len(findings) - errors} warnings")
    raise typer.Exit(1 if errors else 0)


def stats(
    data: Data = Path("data"),
    texts: Texts = None,
    figure: Annotated[
        Path | None, typer.Option(help="Also draw the balance of stances by motive (.svg or .png).")
    ] = None,
    output: Output = None,
) -> None:
    """Count statements by collection, split, motive, stance, outlet and year (Markdown)."""
    from stance.codebook import load_codebook
    from stance.corpus import load_corpus, texts_folder
    from stance.stats import balance_figure, render_stats

    corpus = load_corpus(data, load_codebook(), texts=texts_folder(texts))
    for state in corpus.collections:
        if state.left_out:
            say(f"note: {state}")
    write(render_stats(corpus.frame, corpus.codebook).encode(), output)
    if figure is not None:
        balance_figure(corpus.frame, corpus.codebook).savefig(figure)
        say(f"wrote {relative(figure)}")


def agreement(
    data: Data = Path("data"),
    output: Output = None,
) -> None:
    """Report how far annotators agree, by axis and by label, with intervals by article (Markdown)."""
    from stance.agreement import render_agreement
    from stance.agreement_tables import measure_agreement
    from stance.codebook import load_codebook
    from stance.errors import CorpusError

    codebook, pages = load_codebook(), ["# Agreement of annotators"]
    for path in sorted((data / "labeled" / "annotations").glob("*.jsonl")):
        try:
            found = measure_agreement(data, path.stem, codebook)
        except CorpusError as error:
            pages.append(f"## {path.stem}\n\nNot measured: {error.what}.\n")
            continue
        pages.append(render_agreement(path.stem, found, codebook))
    write("\n\n".join(pages).encode(), output)


def fetch(
    to: Annotated[Path, typer.Option(envvar="STANCE_TEXTS", help="Folder of texts to fetch into; made where needed.")],
    data: Data = Path("data"),
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be given again.")] = None,
) -> None:
    """Fetch the texts that can be had openly, and say where the others are to be had; exit 1 where a download fails."""
    from collections import Counter

    from stance.fetch import fetch_sources

    with Progress() as progress:
        outcomes = fetch_sources(data / "raw" / "sources.jsonl", to, collections=collection, progress=progress)
    for outcome in outcomes:
        print(f"{outcome.status}\t{outcome.file}\t{outcome.detail}")  # noqa: T201 - the outcomes are this command's data
    counts = Counter(outcome.status for outcome in outcomes)
    say(", ".join(f"{n} {status.replace('_', ' ')}" for status, n in counts.items()))
    raise typer.Exit(1 if counts["failed"] else 0)
