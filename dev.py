"""Set up everything in .venv and run one job; needs only Python 3.11 or newer.

python dev.py demo      train the default experiment, write its report, predict on an article
python dev.py test      run all checks and tests
python dev.py setup     only set up
python dev.py lock      renew lock.txt
python dev.py bundle    train the model that ships with the package, and put it there
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "setup.stamp"
LOCK = ROOT / "lock.txt"


def main() -> int:
    """Run the job named on the command line and return its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - someone may well start this with an older Python
        print(f"stance needs Python 3.11 or newer; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    jobs = {"demo": demo, "test": test, "setup": lambda _: 0, "lock": lock, "bundle": bundle}
    job, *rest = sys.argv[1:] or ["help"]
    if job not in jobs:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        set_up()
        return jobs[job](rest)
    except subprocess.CalledProcessError as error:
        print(f"failed (exit {error.returncode}): {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def demo(_: list[str]) -> int:
    """Train the default experiment, say where its report is, and predict on an article."""
    stance = BIN / "stance"
    command = [str(stance), "train", "experiments/configs/default.yaml"]
    printed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    run = printed.stdout.strip().splitlines()[-1]
    article = "data/raw/example/what-pyongyang-is-after.md"
    print(f"\npredicting {article} with the model of {run}", flush=True)
    code = subprocess.run([stance, "predict", article, "--model", run], cwd=ROOT, check=False).returncode
    print(f"\nreport: {run}/report.html   table again: .venv/bin/stance predict {article} --model {run}")
    return code


def test(arguments: list[str]) -> int:
    """Run the linter, the type checker and the tests; extra arguments go to pytest."""
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "mypy")
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def bundle(arguments: list[str]) -> int:
    """Train the model that ships with the package and put it there; `--texts DIR` names the text of others."""
    command = [str(BIN / "stance"), "train", "experiments/configs/fast.yaml", *arguments]
    printed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    made = ROOT / printed.stdout.strip().splitlines()[-1]
    bundled = ROOT / "src" / "stance" / "bundled"
    shutil.rmtree(bundled, ignore_errors=True)
    shutil.copytree(made / "model", bundled)
    shutil.copy(made / "model_card.md", bundled)
    print(f"the model of {made.name} is now the one that ships with the package")
    return 0


def lock(_: list[str]) -> int:
    """Write the versions that pyproject.toml resolves to today; no URLs, so any index serves."""
    options = ["--universal", "--no-header", "--no-annotate", "--upgrade", "--all-extras"]
    run(PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", *options, "--quiet", "-o", LOCK)
    return 0


def set_up() -> None:
    """Make .venv with the locked packages, unless it is there for this very pyproject, lock and Python."""
    locked = LOCK.read_bytes() if LOCK.exists() else b""
    parts = [(ROOT / "pyproject.toml").read_bytes(), locked, sys.version.encode(), str(ROOT).encode()]
    wanted = hashlib.sha256(b"\0".join(parts)).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("setting up .venv (once; downloads about 250 MB)", file=sys.stderr, flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    run(sys.executable, "-m", "venv", VENV)
    constraints = ["-c", str(LOCK)] if locked else []
    wanted_packages = [*constraints, "-e", ".[dev]"]
    try:
        run(PYTHON, "-m", "pip", "install", "--quiet", "uv")
        # Compiled at once, or the first command of every user would take seconds longer.
        options = ["--quiet", "--compile-bytecode", "--python", str(PYTHON)]
        run(PYTHON, "-m", "uv", "pip", "install", *options, *wanted_packages)
    except subprocess.CalledProcessError:  # uv has no wheel here, or does not know this machine's index settings
        run(PYTHON, "-m", "pip", "install", "--quiet", *wanted_packages)
    STAMP.write_text(wanted)


def run(*command: "str | Path") -> None:
    """Run a command in the project's root; raises where it fails."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
