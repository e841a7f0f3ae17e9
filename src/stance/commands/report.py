"""``stance report``: render a run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.commands.options import Output, RunPath
from stance.commands.terminal import relative, write
from stance.errors import StanceError


def report(
    run: RunPath,
    texts: Annotated[
        Path | None, typer.Option(help="Folder with the text of others, to show it too: for your own reading only.")
    ] = None,
    output: Output = None,
) -> None:
    """Render a run's report again: report.md and report.html in the run, or one file (.md or .html) by -o."""
    from stance.corpus import texts_folder
    from stance.report import build_report
    from stance.runs import REPORT_HTML, REPORT_MD, load_run
    from stance.storage import write_text

    if texts and output is None:
        rule = "a page with the text of others is for your own reading, so it is not written into the run directory"
        raise StanceError(rule, where=f"--texts {texts}", remedy="Say where it goes by -o FILE.html.")
    loaded = load_run(run)
    built = build_report(loaded, loaded.statements(texts_folder(texts) if texts else None))
    if output is not None:
        html = output.suffix.lower() in {".html", ".htm"}
        write((built.html() if html else built.markdown()).encode(), output)
        return
    write_text(loaded.path / REPORT_MD, built.markdown())
    write_text(loaded.path / REPORT_HTML, built.html())
    print(relative(loaded.path / REPORT_HTML))  # noqa: T201
