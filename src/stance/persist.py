"""Models on disk, without pickle: a JSON header and a skops file whose types must all be on our list.

A model folder holds ``model.json`` (format, codebook, temperatures, decision thresholds, SHA-256 of the other two),
``weights.skops`` (features and heads) and ``vocabulary.json`` (the n-grams of each block of features, in the order of
its columns). Loading parses, then audits, then constructs. The n-grams stand apart because skops makes an object of
every one of them, which doubles the time to a first prediction.
"""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, BadZipFile

from pydantic import BaseModel, ConfigDict

from stance.codebook import Codebook
from stance.config import DecisionConfig
from stance.errors import ModelError
from stance.models import TwoAxisClassifier
from stance.storage import read_json, to_json, write_bytes, write_text
from stance.yamlfile import validate

FORMAT = 1  # also the only value that _Header takes
HEADER, WEIGHTS, VOCABULARY = "model.json", "weights.skops", "vocabulary.json"
# Types beyond those that skops trusts by itself. A constant of our code, never read from the file.
TRUSTED_TYPES = ["stance.models.KeywordClassifier", "stance.models.TextColumn"]


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    name: str
    codebook: dict[str, Any]
    stance_given_motive: bool
    temperature: dict[str, float]
    decision: DecisionConfig
    weights_sha256: str
    vocabulary_sha256: str


def save_model(folder: Path, name: str, classifier: TwoAxisClassifier, decision: DecisionConfig) -> None:
    """Write a fitted classifier into ``folder``; equal classifiers are equal bytes."""
    import skops.io

    features, vocabulary = _take_vocabulary(classifier.features)
    weights = skops.io.dumps(
        {"features": features, "heads": classifier.heads}, compression=ZIP_DEFLATED, compresslevel=6
    )
    words = to_json(vocabulary).encode()
    header = _Header(
        format=1,
        name=name,
        codebook=classifier.codebook.to_dict(),
        stance_given_motive=classifier.stance_given_motive,
        temperature={axis: float(t) for axis, t in classifier.temperature.items()},
        decision=decision,
        weights_sha256=hashlib.sha256(weights).hexdigest(),
        vocabulary_sha256=hashlib.sha256(words).hexdigest(),
    )
    write_bytes(folder / WEIGHTS, weights)
    write_bytes(folder / VOCABULARY, words)
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
    if not all((folder / name).is_file() for name in (HEADER, WEIGHTS, VOCABULARY)):
        rule = f"is neither a run directory nor a model: there is no {HEADER} with {WEIGHTS} and {VOCABULARY}"
        raise ModelError(rule, where=folder, remedy="Give a run directory that `stance train` printed.")
    data = read_json(folder / HEADER, ModelError)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        rule = f"is a model of format {found!r}, and this version reads format {FORMAT}"
        raise ModelError(rule, where=folder / HEADER, remedy="Train it again with `stance train`.")
    header = validate(_Header, data, folder / HEADER, ModelError)
    parts = _construct(_verified(folder / WEIGHTS, header.weights_sha256), folder / WEIGHTS)
    codebook = Codebook.from_dict(header.codebook, folder / HEADER)
    vocabulary = _verified(folder / VOCABULARY, header.vocabulary_sha256)
    try:
        _give_vocabulary(parts["features"], json.loads(vocabulary))
        _check_parts(parts, header, codebook)
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        rule = f"does not fit together: {cause}"
        raise ModelError(rule, where=folder, remedy="Train it again with `stance train`.") from None
    classifier = TwoAxisClassifier(
        parts["features"], parts["heads"], codebook, header.stance_given_motive, dict(header.temperature)
    )
    return header.name, classifier, header.decision


def _verified(path: Path, digest: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        rule = f"does not match the SHA-256 in {HEADER}: it was changed or cut short after it was written"
        raise ModelError(rule, where=path, remedy="Train it again with `stance train`.")
    return data


def _vectorizers(features: Any) -> dict[str, Any]:
    """Name the blocks that have n-grams; a baseline's features have none."""
    named = {name: block for name, block, _ in getattr(features, "transformers_", ())}
    return {name: block for name, block in named.items() if hasattr(block, "vocabulary_")}


def _take_vocabulary(features: Any) -> tuple[Any, dict[str, list[str]]]:
    """Return a copy of the features without their n-grams, and the n-grams of each block in column order."""
    features = copy.deepcopy(features)
    taken = {}
    for name, block in _vectorizers(features).items():
        taken[name] = sorted(block.vocabulary_, key=block.vocabulary_.__getitem__)
        block.vocabulary_ = {}
    return features, taken


def _give_vocabulary(features: Any, vocabulary: dict[str, list[str]]) -> None:
    blocks = _vectorizers(features)
    if blocks.keys() != vocabulary.keys():
        raise ValueError(f"{VOCABULARY} has the blocks {sorted(vocabulary)}, and the features {sorted(blocks)}")
    for name, block in blocks.items():
        different = len(set(vocabulary[name]))
        if not different == len(vocabulary[name]) == len(block.idf_):
            raise ValueError(f"{VOCABULARY} has {different} n-grams for {len(block.idf_)} weights of {name}")
        block.vocabulary_ = {ngram: column for column, ngram in enumerate(vocabulary[name])}


def _check_parts(parts: dict[str, Any], header: _Header, codebook: Codebook) -> None:
    """Refuse heads and temperatures that are not of the codebook's axes and labels."""
    if not hasattr(parts["features"], "transform"):
        raise ValueError("the features transform nothing")
    if set(parts["heads"]) != set(codebook.axes) or not set(header.temperature) <= set(codebook.axes):
        raise ValueError(f"heads or temperatures are not of the axes {', '.join(codebook.axes)}")
    for axis, head in parts["heads"].items():
        if strange := sorted(set(map(str, head.classes_)) - set(codebook.labels(axis))):
            raise ValueError(f"the {axis} head knows label {strange[0]!r}, which its codebook does not have")


def _construct(weights: bytes, where: Path) -> dict[str, Any]:
    import skops.io

    try:
        foreign = sorted(set(skops.io.get_untrusted_types(data=weights)) - set(TRUSTED_TYPES))
    except (BadZipFile, KeyError, ValueError, TypeError) as cause:
        remedy = "Train it again with `stance train`."
        raise ModelError(f"is not a skops file ({type(cause).__name__})", where=where, remedy=remedy) from None
    if foreign:
        rule = f"holds types that a model of ours never has: {', '.join(foreign)}"
        raise ModelError(rule, where=where, remedy="Do not load it; train your own with `stance train`.")
    parts = skops.io.loads(weights, trusted=TRUSTED_TYPES)
    if not isinstance(parts, dict) or set(parts) != {"features", "heads"}:
        raise ModelError("holds no features and heads", where=where, remedy="Train it again with `stance train`.")
    return parts
