"""Models on disk, without pickle: a JSON header, and the files of whatever kind of classifier it names.

``model.json`` holds the format, the kind of classifier and its settings, the codebook, temperatures, decision
thresholds and the SHA-256 of every other file; ``domain.json`` what is known of the subject (`stance.domain`), and
``error_rates.json`` what it predicted for labeled statements (`stance.error_rates`), where they are known. What the
other files are, each kind says: `stance.fast` (NumPy arrays), `stance.scikit_files` (skops), `stance.tuned` (ONNX),
`stance.ensemble` (folders of members).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stance.classifier import TwoAxisClassifier
from stance.codebook import Codebook
from stance.config import DecisionConfig
from stance.domain import Domain
from stance.error_rates import ErrorRates
from stance.errors import ModelError
from stance.storage import read_json, to_json, write_text
from stance.yamlfile import validate

FORMAT = 2  # also the only value that _Header takes
HEADER, DOMAIN, ERROR_RATES = "model.json", "domain.json", "error_rates.json"
AGAIN = "Train it again with `stance train`."
# Where each kind is loaded from; imported only then, because scikit-learn and ONNX Runtime take long to import.
KINDS = {
    "ensemble.v1": ("stance.ensemble", "Ensemble"),
    "fast.v1": ("stance.fast", "FastClassifier"),
    "fine_tuned.v1": ("stance.tuned", "FineTunedClassifier"),
    "scikit.v1": ("stance.models", "ScikitClassifier"),
}


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[2]
    kind: str
    name: str
    version: str
    codebook: dict[str, Any]
    settings: dict[str, Any]
    temperature: dict[str, float]
    decision: DecisionConfig
    files: dict[str, str]


def save_model(folder: Path, name: str, classifier: TwoAxisClassifier, decision: DecisionConfig) -> None:
    """Write a fitted classifier into ``folder``; equal classifiers are equal bytes."""
    from stance import __version__

    settings = classifier.save(folder)
    if classifier.domain:
        write_text(folder / DOMAIN, to_json(classifier.domain.to_dict()))
    if classifier.rates:
        write_text(folder / ERROR_RATES, to_json(classifier.rates.to_dict()) + "\n")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != HEADER)
    header = _Header(
        format=FORMAT,
        kind=classifier.kind,
        name=name,
        version=__version__,
        codebook=classifier.codebook.to_dict(),
        settings=settings,
        temperature={axis: float(t) for axis, t in classifier.temperature.items()},
        decision=decision,
        files={path.relative_to(folder).as_posix(): _digest(path) for path in files},
    )
    write_text(folder / HEADER, to_json(header.model_dump(mode="json"), indent=1) + "\n")


def read_model(folder: Path) -> tuple[str, TwoAxisClassifier, DecisionConfig]:
    """Read a model folder.

    Returns
    -------
    (str, TwoAxisClassifier, DecisionConfig)
        The experiment's name, the fitted classifier and its thresholds.

    Raises
    ------
    ModelError
        If the folder is no model, is of another format, was changed after it was written, holds foreign types, or
        its parts do not fit together.
    """
    if not (folder / HEADER).is_file():
        rule = f"is neither a run directory nor a model: there is no {HEADER}"
        raise ModelError(rule, where=folder, remedy="Give a run directory that `stance train` printed.")
    data = read_json(folder / HEADER, ModelError)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        rule = f"is a model of format {found!r}, and this version reads format {FORMAT}"
        raise ModelError(rule, where=folder / HEADER, remedy=AGAIN)
    header = validate(_Header, data, folder / HEADER, ModelError)
    if header.kind not in KINDS:
        rule = f"is a model of kind {header.kind!r}, and this version knows {', '.join(KINDS)}"
        raise ModelError(rule, where=folder / HEADER, remedy=AGAIN)
    _verify(folder, header.files)
    codebook = Codebook.from_dict(header.codebook, folder / HEADER)
    if not set(header.temperature) <= set(codebook.axes):
        raise ModelError("temperatures are not of its codebook's axes", where=folder / HEADER, remedy=AGAIN)
    module, name = KINDS[header.kind]
    load: Callable[..., TwoAxisClassifier] = getattr(import_module(module), name).load
    try:
        classifier = load(folder, codebook, header.settings)
        if DOMAIN in header.files:
            classifier.domain = Domain.from_dict(read_json(folder / DOMAIN, ModelError))
        if ERROR_RATES in header.files:
            classifier.rates = ErrorRates.from_dict(read_json(folder / ERROR_RATES, ModelError), codebook)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, ValidationError) as cause:
        raise ModelError(f"does not fit together: {cause}", where=folder, remedy=AGAIN) from None
    classifier.temperature = dict(header.temperature)
    return header.name, classifier, header.decision


def _verify(folder: Path, files: dict[str, str]) -> None:
    """Refuse a model whose files are not, byte for byte, the ones that were saved."""
    for name, digest in files.items():
        if not (folder / name).is_file():
            raise ModelError("is missing", where=folder / name, remedy=AGAIN)
        if _digest(folder / name) != digest:
            rule = f"does not match the SHA-256 in {HEADER}: it was changed or cut short after it was written"
            raise ModelError(rule, where=folder / name, remedy=AGAIN)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
