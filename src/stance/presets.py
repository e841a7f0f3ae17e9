"""Named models: ``fast`` ships with the package; ``accurate`` is made once and kept in the user's data folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from stance.errors import ModelError
from stance.persist import HEADER
from stance.storage import whole_directory

BUNDLED = Path(__file__).parent / "bundled"
FAST, ACCURATE = "fast", "accurate"
PRESETS = (FAST, ACCURATE)


def preset_folder(name: str) -> Path:
    """Return the model folder of a preset.

    Raises
    ------
    ModelError
        If the preset has not been made on this machine; says how to make it.
    """
    folder = BUNDLED if name == FAST else _made(name)
    if not (folder / HEADER).is_file():
        remedy = (
            'Make it in a copy of the project (a quarter of an hour on two cores): pip install "stance[finetune]"; '
            f"stance train experiments/configs/{name}.yaml --as {name}"
        )
        raise ModelError(f"the {name} model has not been made on this machine", where=folder, remedy=remedy)
    return folder


def keep_as(name: str, model: Path) -> Path:
    """Keep a copy of a run's model as a preset of this machine; return its folder."""
    folder = _made(name)
    with whole_directory(folder) as temporary:
        shutil.copytree(model, temporary, dirs_exist_ok=True)
    return folder


def _made(name: str) -> Path:
    """Return where a preset made here is kept: below ``$STANCE_HOME``, or the user's data folder."""
    from platformdirs import user_data_path

    home = os.environ.get("STANCE_HOME")
    return (Path(home) if home else user_data_path("stance")) / "models" / name
