"""``stance encoder``: make and list frozen encoders."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from stance.commands.terminal import say


def encoder_add(
    source: Annotated[
        str, typer.Argument(help="all-MiniLM-L6-v2, a local folder of weights, or a Hugging Face model id.")
    ],
    kind: Annotated[
        Literal["onnx", "static"], typer.Option(help="The whole transformer in int8, or a vector for each token.")
    ] = "onnx",
) -> None:
    """Make an encoder from a transformer, once (needs the extra finetune); prints its folder."""
    from stance.encoder_export import add_encoder

    say("making the encoder; this takes seconds (onnx) or minutes (static)")
    print(add_encoder(source, kind))  # noqa: T201 - the one line of data that this command gives


def encoder_list() -> None:
    """List the encoders that are here: name, kind, megabytes and the start of the fingerprint that models keep."""
    from stance.encoders import encoders_folder, fingerprint, kind_of, present_encoders, size_of

    for name in present_encoders():
        folder = encoders_folder() / name
        row = (name, kind_of(folder), f"{size_of(folder) / 1e6:.1f} MB", fingerprint(folder)[:8])
        print(*row, sep="\t")  # noqa: T201 - the list is this command's data
    say(f"in {encoders_folder()}")
