"""The command line: thin commands over the same functions that notebooks call."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

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
app.add_typer(data_app, name="data")
encoder_app = typer.Typer(no_args_is_help=True, help="Make and list the frozen encoders that experiments can name.")
app.add_typer(encoder_app, name="encoder")

Texts = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the text of others, laid out as data/raw/sources.jsonl says. Default: $STANCE_TEXTS."
    ),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; - is standard output.")]


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="Experiment config, such as experiments/configs/default.yaml.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key: model.c=0.3")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="Train with this many seeds, and print the directory that sums them up.")
    ] = None,
    texts: Texts = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="PRESET", help="Also keep the model for --model PRESET: accurate.")
    ] = None,
) -> None:
    """Train an experiment, evaluate it and write its report; prints the run directory.

    With --seeds, one run a seed from the config's seed on; a run that is there already is not trained again.
    """
    from stance.labeled_config import is_labeled_text
    from stance.presets import ACCURATE, keep_as
    from stance.runs import MODEL
    from stance.train import run_experiment

    if as_ not in {None, ACCURATE}:
        raise StanceError(f"no preset {as_!r} is made by training", where="--as", remedy=f"Known: {ACCURATE}.")
    if as_ and seeds:
        raise StanceError("--as keeps one model, and --seeds makes several", where="--as", remedy="Give one of them.")
    if is_labeled_text(config, set_ or ()):
        if as_ or seeds:
            rule = "an experiment on other labeled text takes neither"
            raise StanceError(rule, where="--as or --seeds", remedy="Leave the option out.")
        _train_labeled_text(config, set_ or [], texts)
        return
    if seeds is not None:
        _train_seeds(config, seeds, set_ or (), texts)
        return
    with _Progress() as progress:
        run = run_experiment(config, overrides=set_ or (), texts=texts, progress=progress)
    for each in run.metrics["data"]["collections"]:
        if each["left_out"]:
            _say(f"note: {each['name']}: {each['left_out']:,} labeled statements left out: {each['reason']}")
    for each in run.metrics["evaluations"]:
        scores = ", ".join(f"{name.replace('_', ' ')} {_score(score)}" for name, score in each["headline"].items())
        _say(f"{each['collection']} {each['split']} (n={each['n_statements']}): {scores}")
    if as_:
        _say(f"kept as {as_}: {keep_as(as_, run.path / MODEL)}")
    print(_relative(run.path))  # noqa: T201 - the one line of data that this command gives


def _train_seeds(config: Path, n: int, overrides: Sequence[str], texts: Path | None) -> None:
    from stance.seeds import format_spread, run_seeds

    with _Progress() as progress:
        found = run_seeds(config, n, overrides=overrides, texts=texts, progress=progress)
    for each in found.summary["evaluations"]:
        scores = ", ".join(f"{name.replace('_', ' ')} {format_spread(s)}" for name, s in each["scores"].items())
        _say(f"{each['collection']} {each['split']} (n={each['n_statements']}): {scores}")
    print(_relative(found.path))  # noqa: T201


@app.command()
def tune(
    config: Annotated[Path, typer.Argument(help="Experiment config with a section search.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key: search.trials=20")
    ] = None,
    texts: Texts = None,
) -> None:
    """Try the settings of the config's section search on held-out statements; prints the options that make the best.

    Finished trials are kept: after an interrupt, the same command goes on. The test split is never predicted.
    """
    from stance.search import SEARCH_MD
    from stance.search import tune as search

    with _Progress() as progress:
        found = search(config, overrides=set_ or (), texts=texts, progress=progress)
    _say(f"all trials: {_relative(found.path / SEARCH_MD)}")
    print(found.overrides)  # noqa: T201


def _train_labeled_text(config: Path, overrides: list[str], texts: Path | None) -> None:
    from stance.labeled_train import run_labeled_text

    with _Progress() as progress:
        run = run_labeled_text(config, overrides=overrides, texts=texts, progress=progress)
    for note in run.metrics["data"]["notes"]:
        _say(f"note: {note}")
    for each in run.metrics["evaluations"]:
        systems = (f"{name} {_score(own['macro_f1'])}" for name, own in each["systems"].items())
        _say(f"{each['split']} (n={each['n_rows']}), macro-F1: {', '.join(systems)}")
    print(_relative(run.path))  # noqa: T201 - the one line of data that this command gives


@app.command()
def report(
    run: Annotated[Path, typer.Argument(help="Run directory.")],
    texts: Annotated[
        Path | None, typer.Option(help="Folder with the text of others, to show it too: for your own reading only.")
    ] = None,
    output: Output = None,
) -> None:
    """Render a run's report again: report.md and report.html in the run, or one file (.md or .html) by -o."""
    from stance.corpus import texts_folder
    from stance.report import build_report, render_html, render_markdown
    from stance.runs import REPORT_HTML, REPORT_MD, load_run
    from stance.storage import write_text

    if texts and output is None:
        rule = "a page with the text of others is for your own reading, so it is not written into the run directory"
        raise StanceError(rule, where=f"--texts {texts}", remedy="Say where it goes by -o FILE.html.")
    loaded = load_run(run)
    built = build_report(loaded, texts=loaded.texts(texts_folder(texts) if texts else None))
    if output is not None:
        html = output.suffix.lower() in {".html", ".htm"}
        _write((render_html if html else render_markdown)(built).encode(), output)
        return
    write_text(loaded.path / REPORT_MD, render_markdown(built))
    write_text(loaded.path / REPORT_HTML, render_html(built))
    print(_relative(loaded.path / REPORT_HTML))  # noqa: T201


@app.command()
def predict(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Articles, collections or folders; - is standard input.")
    ],
    model: Annotated[str, typer.Option(help="fast (ships with stance), accurate, or a run directory.")] = "fast",
    unit: Annotated[Literal["article", "statement"], typer.Option(help="What each input holds.")] = "article",
    format_: Annotated[
        Literal["table", "jsonl", "csv", "parquet"] | None,
        typer.Option("--format", help="Default: by the suffix of -o, else a table."),
    ] = None,
    proba: Annotated[bool, typer.Option("--proba", help="Add the proba of every label.")] = False,
    output: Output = None,
) -> None:
    """Predict motive and stance of every statement.

    With --unit statement, inputs are JSON Lines or CSV with a field text (and optionally id, previous, following,
    heading); one row comes back for each, in order.
    """
    from rich.text import Text

    from stance.inputs import predict_statements_in, read_inputs
    from stance.predict import load_model
    from stance.tables import FORMATS, encode, format_of, terminal_table

    chosen = format_ or (format_of(output) if output else None) or "table"
    if format_ is None and chosen == "table" and output is not None and output.suffix.lower() not in {"", ".txt"}:
        remedy = f"Known suffixes: .{', .'.join(FORMATS[1:])}, and .txt for a table to read."
        raise StanceError(f"no format is known by the suffix {output.suffix!r}", where=output, remedy=remedy)
    loaded = load_model(model)
    if unit == "statement":
        table = predict_statements_in(loaded, inputs, proba=proba)
    else:
        table = loaded.predict(read_inputs(inputs), proba=proba)
    if chosen != "table":
        _write(encode(table, chosen), output)
        return
    console = _console(stderr=False)
    with console.capture() as captured:
        for article_id, part in table.groupby("article_id", sort=False):
            console.print(Text(f"\n{article_id}  {len(part)} statements\n", style="bold"))
            console.print(terminal_table(part, loaded.codebook))
        if table.empty:
            console.print("no statements found", highlight=False)
    _write(captured.get().encode(), output)


@app.command()
def codebook(
    file: Annotated[Path | None, typer.Argument(help="Codebook file; the North Korea codebook by default.")] = None,
    output: Output = None,
) -> None:
    """Check a codebook and render the page that annotators read."""
    from stance.codebook import load_codebook, render_codebook

    _write(render_codebook(load_codebook(file)).encode(), output)


@data_app.command()
def build(
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path("data"),
    texts: Texts = None,
) -> None:
    """Build labeled/<collection>/<split>.jsonl, the dataset card's front matter and the codebook page."""
    from stance.build import build_labeled
    from stance.codebook import load_codebook, render_codebook
    from stance.corpus import texts_folder
    from stance.storage import write_text

    loaded = load_codebook()
    for line in build_labeled(data, loaded, texts_folder(texts)):
        _say(line)
    write_text(data / "labeled" / "CODEBOOK.md", render_codebook(loaded))


@data_app.command()
def check(
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path("data"),
    texts: Texts = None,
) -> None:
    """Check spans, hashes, labels, splits, leakage, reuse of wording and balance; exit 1 where there is an error."""
    from stance.checks import check_data
    from stance.codebook import load_codebook
    from stance.corpus import texts_folder

    findings = check_data(data, load_codebook(), texts_folder(texts))
    for finding in findings:
        print(finding)  # noqa: T201 - the findings are this command's data
    errors = sum(finding.severity == "error" for finding in findings)
    _say(f"{errors} errors, {len(findings) - errors} warnings")
    raise typer.Exit(1 if errors else 0)


@data_app.command()
def stats(
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path("data"),
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
            _say(f"note: {state}")
    _write(render_stats(corpus.frame, corpus.codebook).encode(), output)
    if figure is not None:
        balance_figure(corpus.frame, corpus.codebook).savefig(figure)
        _say(f"wrote {_relative(figure)}")


@data_app.command()
def agreement(
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path("data"),
    output: Output = None,
) -> None:
    """Report how far annotators agree, by axis and by label, with intervals by article (Markdown)."""
    from stance.agreement import agreement as compare
    from stance.agreement import render_agreement
    from stance.annotations import read_annotations
    from stance.codebook import load_codebook
    from stance.errors import CorpusError
    from stance.storage import read_jsonl

    codebook, pages = load_codebook(), ["# Agreement of annotators"]
    for path in sorted((data / "labeled" / "annotations").glob("*.jsonl")):
        spans = read_jsonl(data / "labeled" / "statements" / path.name, CorpusError)
        article_of = {row["statement_id"]: row["article_id"] for _, row in spans}
        try:
            found = compare(read_annotations(path, codebook), article_of, codebook)
        except CorpusError as error:
            pages.append(f"## {path.stem}\n\nNot measured: {error.what}.\n")
            continue
        pages.append(render_agreement(path.stem, found, codebook))
    _write("\n\n".join(pages).encode(), output)


@data_app.command()
def fetch(
    to: Annotated[Path, typer.Option(envvar="STANCE_TEXTS", help="Folder of texts to fetch into; made where needed.")],
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path("data"),
    collection: Annotated[list[str] | None, typer.Option(help="Only this collection; may be given again.")] = None,
) -> None:
    """Fetch the texts that can be had openly, and say where the others are to be had; exit 1 where a download fails."""
    from collections import Counter

    from stance.fetch import fetch_sources

    with _Progress() as progress:
        outcomes = fetch_sources(data / "raw" / "sources.jsonl", to, collections=collection, progress=progress)
    for outcome in outcomes:
        print(f"{outcome.status}\t{outcome.file}\t{outcome.detail}")  # noqa: T201 - the outcomes are this command's data
    counts = Counter(outcome.status for outcome in outcomes)
    _say(", ".join(f"{n} {status.replace('_', ' ')}" for status, n in counts.items()))
    raise typer.Exit(1 if counts["failed"] else 0)


@encoder_app.command("add")
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

    _say("making the encoder; this takes seconds (onnx) or minutes (static)")
    print(add_encoder(source, kind))  # noqa: T201 - the one line of data that this command gives


@encoder_app.command("list")
def encoder_list() -> None:
    """List the encoders that are here: name, kind, megabytes and the start of the fingerprint that models keep."""
    from stance.encoders import encoders_folder, fingerprint, kind_of, present_encoders, size_of

    for name in present_encoders():
        folder = encoders_folder() / name
        row = (name, kind_of(folder), f"{size_of(folder) / 1e6:.1f} MB", fingerprint(folder)[:8])
        print(*row, sep="\t")  # noqa: T201 - the list is this command's data
    _say(f"in {encoders_folder()}")


def main() -> None:
    """Run the command line: one clear line for what the user can mend, and the exit code that fits."""
    try:
        app(standalone_mode=True)
    except StanceError as error:
        _say(f"error: {error}")
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


class _Progress:
    """A progress bar on standard error while something long runs; plain lines where that is no terminal."""

    def __enter__(self) -> _Progress:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<40}"), BarColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=_console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=1)
        self.bar.start()
        return self

    def __call__(self, what: str, done: int, total: int) -> None:
        self.bar.update(self.task, description=what, completed=done, total=total or None)
        if not self.bar.console.is_terminal:
            _say(f"[{done}/{total}] {what}" if total else what)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def _console(*, stderr: bool):  # type: ignore[no-untyped-def] # noqa: ANN202 - rich is imported late
    from rich.console import Console

    console = Console(stderr=stderr)
    # Off a terminal rich cuts to 80 columns, which is too narrow for a statement beside its labels.
    return console if console.is_terminal else Console(stderr=stderr, width=140)


def _say(line: str) -> None:
    """Text for people goes to standard error, so that standard output can carry data."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def _write(data: bytes, output: Path | None) -> None:
    from stance.storage import write_bytes

    if output is None or str(output) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    if not output.parent.is_dir():
        raise StanceError("no such folder to write to", where=output.parent, remedy="Make it first, or name another.")
    try:
        write_bytes(output, data)
    except OSError as cause:
        remedy = "Name a file in a folder you may write to."
        raise StanceError(f"cannot be written ({cause.strerror})", where=output, remedy=remedy) from None
    _say(f"wrote {_relative(output)}")


def _score(score: dict[str, float | None]) -> str:
    if score["value"] is None:
        return "–"
    interval = "" if score["low"] is None else f" [{score['low']:.2f}, {score['high']:.2f}]"
    return f"{score['value']:.2f}{interval}"


def _relative(path: Path) -> Path:
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
