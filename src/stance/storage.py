"""Files: JSON and JSON Lines with the place of every error, and writes that are whole or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stance.errors import StanceError


def sha256(text: str) -> str:
    """Hex digest of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def to_json(data: object, *, indent: int | None = None) -> str:
    """One canonical spelling of plain data, so that equal data are equal bytes. NaN is refused: it is not JSON."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)


def read_json(path: Path, error: type[StanceError]) -> Any:
    """Read a JSON file.

    Raises
    ------
    StanceError
        Of the kind ``error``, where the file is missing or not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise error("no such file", where=path, remedy="Check the path.") from None
    except (OSError, UnicodeDecodeError) as cause:
        raise error(f"cannot be read ({type(cause).__name__})", where=path, remedy="Give a UTF-8 JSON file.") from None
    except json.JSONDecodeError as cause:
        raise error(f"not valid JSON: {cause.msg}", where=f"{path}:{cause.lineno}", remedy="Mend that line.") from None
    except _NotANumberError as cause:
        raise error(f"holds {cause}, which is not JSON", where=path, remedy="Restore the file.") from None


def read_jsonl(path: Path, error: type[StanceError]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ``("file:line", row)`` for every non-blank line.

    Raises
    ------
    StanceError
        Of the kind ``error``, where the file is missing or a line is not a JSON object.
    """
    for where, row in read_jsonl_lines(path):
        if isinstance(row, StanceError):
            raise error(row.what, where=where, remedy=row.remedy)
        yield where, row


def read_jsonl_lines(path: Path) -> Iterator[tuple[str, dict[str, Any] | StanceError]]:
    """Yield ``("file:line", row)``, or the error in a row's place, so that one bad line does not hide the others."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        yield str(path), StanceError("no such file", remedy="Check the path.")
        return
    except (OSError, UnicodeDecodeError) as cause:
        yield str(path), StanceError(f"cannot be read ({type(cause).__name__})", remedy="Give a UTF-8 file.")
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{path}:{number}", _parse_line(line)


def _parse_line(line: str) -> dict[str, Any] | StanceError:
    try:
        row = json.loads(line, parse_constant=_refuse)
    except json.JSONDecodeError as cause:
        return StanceError(f"not valid JSON: {cause.msg}", remedy="Mend or remove that line.")
    except _NotANumberError as cause:
        return StanceError(f"holds {cause}, which is not JSON", remedy="Mend or remove that line.")
    if not isinstance(row, dict):
        return StanceError("expected a JSON object on each line", remedy="Mend or remove that line.")
    return row


class _NotANumberError(Exception):
    """JSON as Python reads it holds NaN or Infinity, against which every comparison is false, a gate's too."""


def _refuse(constant: str) -> None:
    raise _NotANumberError(constant)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole: under a temporary name, then renamed."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole: under a temporary name, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as cause:  # which names a file that nobody asked for
        raise OSError(cause.errno, cause.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes files private; what we leave behind has the mode any other new file would have.
        os.chmod(temporary, 0o666 & ~_umask())  # noqa: PTH101
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as JSON Lines, whole or not at all."""
    write_text(path, "".join(to_json(row) + "\n" for row in rows))


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Let others who would change the same file wait until the block ends; no lock file is left behind."""
    try:
        import fcntl
    except ImportError:  # Windows: two at once are then not told apart
        yield
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # given back when the folder is closed
        yield
    finally:
        os.close(folder)


def check_writable(folder: Path) -> None:
    """Find out before long work that its folder, or the one it would be made in, cannot be written.

    Raises
    ------
    StanceError
        If it cannot.
    """
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise StanceError("cannot be written", where=folder, remedy="Name a folder that you may write to.")


@contextmanager
def whole_directory(path: Path) -> Iterator[Path]:
    """Give a temporary directory to fill; it takes the name ``path`` when the block ends well, and goes otherwise."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    except OSError as cause:
        remedy = "Name a folder that you may write to."
        raise StanceError(f"cannot be written ({cause.strerror})", where=path.parent, remedy=remedy) from None
    try:
        yield temporary
        temporary.chmod(0o777 & ~_umask())
        if path.exists():
            shutil.rmtree(path)
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
