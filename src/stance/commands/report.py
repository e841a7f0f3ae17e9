"""``stance report``: render a run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.commands.options import Output, RunPath
from stance.commands.terminal import keep_out_of_runs, relative, say, write
from stance.errors import StanceError

HTML = (".html", ".htm")


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
    if output is not None and str(output) != "-" and output.suffix.lower() not in (*HTML, ".md"):
        rule = f"a report is written as .md or .html, not {output.suffix or 'without a suffix'}"
        raise StanceError(rule, where=f"-o {output}", remedy="Name such a file, or - for Markdown on standard output.")
    keep_out_of_runs(texts, output, run)
    loaded = load_run(run)
    statements = loaded.statements(texts_folder(texts) if texts else None)
    if texts and (hidden := len(set(loaded.predictions["statement_id"]) - set(statements.index))):
        say(f"note: the text of {hidden:,} of {len(loaded.predictions):,} predicted statements is not here")
    built = build_report(loaded, statements)
    if output is not None:
        html = output.suffix.lower() in HTML
        write((built.html() if html else built.markdown()).encode(), output)
        return
    write_text(loaded.path / REPORT_MD, built.markdown())
    write_text(loaded.path / REPORT_HTML, built.html())
    print(relative(loaded.path / REPORT_HTML))  # noqa: T201
