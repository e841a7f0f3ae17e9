"""``stance explain``: which words moved the labels of a statement, and why it is held back."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from stance.commands.options import Output
from stance.commands.terminal import console_of, write
from stance.errors import StanceError


def explain(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Articles, collections or folders; - is standard input.")
    ],
    statement: Annotated[
        int | None, typer.Option(min=1, help="Only the statement with this number, as stance predict counts them.")
    ] = None,
    model: Annotated[str, typer.Option(help="fast (ships with stance), accurate, or a run directory.")] = "fast",
    format_: Annotated[
        Literal["text", "json"] | None, typer.Option("--format", help="Default: by the suffix of -o, else text.")
    ] = None,
    output: Output = None,
) -> None:
    """Explain the labels of every statement: the words that moved them, and what its status rests on.

    Words in stars spoke most for the motive. Weights are exact for the fast model: all of them together, with those not
    shown, are the difference between the scores of the label and of its runner-up. For other models they are
    approximate, from leaving every word out in turn, which is slow: name one statement.
    """
    from stance.explanation_text import explanation_text
    from stance.inputs import read_inputs
    from stance.predict import load_model
    from stance.storage import to_json

    loaded, articles = load_model(model), read_inputs(inputs)
    found = loaded.explain(articles, statement=None if statement is None else statement - 1)
    missing = next((each.id for each in articles if each.id not in {every.article_id for every in found}), None)
    if statement and missing:
        rule, remedy = f"article {missing!r} has no statement {statement}", "stance predict numbers them."
        raise StanceError(rule, where=f"--statement {statement}", remedy=remedy)
    if format_ == "json" or (format_ is None and output is not None and output.suffix.lower() == ".json"):
        write((to_json([each.to_dict() for each in found], indent=1) + "\n").encode(), output)
        return
    width = min(console_of(stderr=False).width, 80) if output is None else 80
    texts = [explanation_text(each, loaded.codebook, width) for each in found]
    write(("\n".join(texts) or "no statements found\n").encode(), output)
