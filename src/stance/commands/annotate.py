"""``stance annotate``: what annotators work from."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from stance.commands.options import Output, RunPath, Texts
from stance.commands.terminal import keep_out_of_runs, say, write


def queue(
    run: RunPath,
    n: Annotated[int, typer.Option("-n", min=1, help="At most so many statements.")] = 100,
    collection: Annotated[str | None, typer.Option(help="Only this collection.")] = None,
    axis: Annotated[Literal["joint", "motive", "stance"], typer.Option(help="What may be wrong.")] = "joint",
    format_: Annotated[
        Literal["jsonl", "csv", "markdown"] | None,
        typer.Option("--format", help="Default: by the suffix of -o (.jsonl, .csv), else markdown."),
    ] = None,
    show_labels: Annotated[
        bool, typer.Option("--show-labels", help="Show the labels given and suggested; a reread is then not blind.")
    ] = False,
    texts: Texts = None,
    output: Output = None,
) -> None:
    """List the labels that a run doubts most, for annotators to read again.

    Ranked by the proba that a model which never saw the article gives the
    label in force. Of train and validation only: test labels mended where a
    model objects would favour it. Labels are hidden, so that a reread is
    independent; the columns annotator, motive, stance, sure are to be filled.

    The way back: a reread is one more vote. Add a line for it to
    data/labeled/annotations/COLLECTION.jsonl, with statement_id, annotator
    (who has not read that statement before), motive, stance and sure (1 or
    0), never with its text; then `stance data build`. It decides where one
    annotator read before, or two who disagree: a tie goes to the last. Two
    who agree outvote it: such a label changes by a line in
    data/labeled/revisions.jsonl, naming the ruling of the codebook it breaks.
    """
    from stance.corpus import texts_folder
    from stance.review_queue import ReviewQueue
    from stance.runs import load_run

    suffixes = {".jsonl": "jsonl", ".csv": "csv"}
    chosen = format_ or suffixes.get(output.suffix.lower() if output else "", "markdown")
    others = texts_folder(texts)
    keep_out_of_runs(others, output, run)
    found = ReviewQueue.of_run(load_run(run), n, axis=axis, collection=collection, texts=others)
    rows = found.frame()
    if without := int((rows["text"] == "").sum()):
        say(f"note: the text of {without} of {len(rows)} statements is not here; name its folder by --texts DIR")
    write(found.to_bytes(chosen, show_labels=show_labels), output)
