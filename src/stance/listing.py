"""Which files are meant: folders with all below them, patterns that no shell has expanded, and what each is called."""

from __future__ import annotations

import glob
import logging
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from stance.errors import ArticleError
from stance.file_kinds import ROWS, SUFFIXES

STDIN = "-"
_IN_FOLDERS = {suffix for suffix, kind in SUFFIXES.items() if kind not in ROWS and suffix != ".xml"}


def list_files(inputs: Iterable[str]) -> list[tuple[str, str | ArticleError]]:
    """Return every file that is meant, in order, with the id that its article gets.

    Parameters
    ----------
    inputs : iterable of str
        Files; folders, of which the article files are meant and those in all their subfolders, in alphabetical order,
        unless they are hidden; patterns such as ``**/*.pdf``; addresses of web pages; ``-``.

    Returns
    -------
    list of (str, str or ArticleError)
        The file's path and its id: its name without suffix, or its path where two have the same name. An error stands
        in the place of a folder or a pattern without files. A collection in a folder is left out, for it may be what
        was predicted there before; the logger ``stance`` tells how many files are.
    """
    found = [each for given in inputs for each in _expanded(str(given))]
    names = iter(_ids([path for path in found if isinstance(path, str)]))
    return [(each.where, each) if isinstance(each, ArticleError) else (each, next(names)) for each in found]


def is_url(given: str) -> bool:
    """Whether an input is the address of a web page."""
    return given.lower().startswith(("http://", "https://"))


def _expanded(given: str) -> Iterator[str | ArticleError]:
    if given == STDIN or is_url(given):
        yield given
    elif Path(given).is_dir():
        yield from _in_folder(given)
    elif re.search(r"[*?\[]", given) and not Path(given).exists():
        files = sorted(each for each in glob.glob(given, recursive=True) if Path(each).is_file())  # noqa: PTH207
        yield from files
        if not files:
            yield ArticleError("no file matches this pattern", where=given, remedy="Check it.")
    else:
        yield given


def _in_folder(folder: str) -> Iterator[str | ArticleError]:
    others: Counter[str] = Counter()
    errors: list[ArticleError] = []
    files: list[str] = []
    for below, folders, names in os.walk(folder, onerror=lambda cause: errors.append(_closed(cause))):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(each for each in names if not each.startswith(".")):
            suffix = PurePath(name.removesuffix(".gz")).suffix.lower()
            if suffix in _IN_FOLDERS:
                files.append(str(PurePath(below) / name))
            else:
                others[suffix or "without suffix"] += 1
    if others and files:
        shown = ", ".join(f"{count} {suffix}" for suffix, count in sorted(others.items()))
        logging.getLogger("stance").warning("%s: left out files of other kinds (%s)", folder, shown)
    if not files and not errors:
        remedy = f"Known kinds: {', '.join(sorted(_IN_FOLDERS))}; name collections one by one."
        errors = [ArticleError("no article file in this directory", where=folder, remedy=remedy)]
    yield from files
    yield from errors


def _closed(cause: OSError) -> ArticleError:
    rule = f"cannot be read ({cause.strerror})"
    return ArticleError(rule, where=cause.filename, remedy="Check its permissions.")


def _ids(paths: list[str]) -> list[str]:
    """Call each file by its name, and those of one name by their paths below what holds all files."""
    short = [_stem(path) for path in paths]
    times = Counter(short)
    local = [path for path in paths if not is_url(path) and path != STDIN]
    shared = os.path.commonpath([Path(path).absolute().parent for path in local]) if local else ""
    return [name if times[name] == 1 else _long(path, shared) for path, name in zip(paths, short, strict=True)]


def _stem(path: str) -> str:
    if path == STDIN:
        return "standard-input"
    if is_url(path):
        parts = urlsplit(path)
        return PurePath(unquote(parts.path)).stem or parts.netloc
    return PurePath(path.removesuffix(".gz")).stem


def _long(path: str, shared: str) -> str:
    if is_url(path) or path == STDIN:
        return path.partition("://")[2] or path
    return Path(path).absolute().relative_to(shared).as_posix()
