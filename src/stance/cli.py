"""The command line: thin commands over the same functions that notebooks call."""

from __future__ import annotations

import logging
import os
import sys

import typer

from stance.commands.annotate import queue
from stance.commands.check import check_run
from stance.commands.codebook import codebook
from stance.commands.compare import compare
from stance.commands.data import agreement, build, check, fetch, stats
from stance.commands.encoder import encoder_add, encoder_list
from stance.commands.explain import explain
from stance.commands.export import export
from stance.commands.floor import floor
from stance.commands.map import map_
from stance.commands.predict import predict
from stance.commands.report import report
from stance.commands.runs import runs
from stance.commands.serve import serve
from stance.commands.terminal import say
from stance.commands.train import train
from stance.commands.tune import tune
from stance.errors import StanceError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Tag every statement of an article with a motive and a stance toward that motive.",
)
data_app = typer.Typer(
    no_args_is_help=True,
    help="Build, check, count and fetch the labeled data, and measure how far its annotators agree.",
)
annotate_app = typer.Typer(no_args_is_help=True, help="What annotators work from: labels to read again.")
encoder_app = typer.Typer(no_args_is_help=True, help="Make and list the frozen encoders that experiments can name.")
app.command()(train)
app.command()(tune)
app.command("check")(check_run)
app.command()(report)
app.command()(compare)
app.command()(runs)
app.command()(floor)
app.command()(export)
app.command()(predict)
app.command("map")(map_)
app.command()(explain)
app.command()(serve)
app.command()(codebook)
app.add_typer(data_app, name="data")
data_app.command()(build)
data_app.command()(check)
data_app.command()(stats)
data_app.command()(agreement)
data_app.command()(fetch)
app.add_typer(annotate_app, name="annotate")
annotate_app.command()(queue)
app.add_typer(encoder_app, name="encoder")
encoder_app.command("add")(encoder_add)
encoder_app.command("list")(encoder_list)


class _Notes(logging.Handler):
    """Shows what the package logs, such as the encoding that a file was read in, as a line for people."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one note."""
        say(f"note: {record.getMessage()}")


NOTES = _Notes()


def main() -> None:
    """Run the command line: one clear line for what the user can mend, and the exit code that fits."""
    logging.getLogger("stance").addHandler(NOTES)  # the same one each time, which adds it once
    try:
        app(standalone_mode=True)
    except StanceError as error:
        say(f"error: {error}")
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that may not be written: a fact of the machine, not of our code
        where = f"{error.filename}: " if error.filename else ""
        say(f"error: {where}{error.strerror or error}. Mend that, or name another place.")
        sys.exit(1)
