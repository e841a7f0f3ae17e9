"""scikit-learn estimators on disk, without pickle: a skops file whose types must all be on our list.

``weights.skops`` holds features and heads; ``vocabulary.json`` the n-grams of each block of features, in the order of
its columns. Loading parses, then audits, then constructs. The n-grams stand apart because skops makes an object of
every one of them, which doubles the time to a first prediction.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile

from stance.codebook import Codebook
from stance.errors import ModelError
from stance.storage import to_json, write_bytes

WEIGHTS, VOCABULARY = "weights.skops", "vocabulary.json"
# Types beyond those that skops trusts by itself. A constant of our code, never read from the file.
TRUSTED_TYPES = [
    "stance.embedding.Embedding",
    "stance.lexicon.LexiconCounts",
    "stance.models.KeywordClassifier",
    "stance.models.TextColumn",
]


def save_scikit(folder: Path, features: Any, heads: dict[str, Any]) -> None:
    """Write fitted features and heads into ``folder``; equal estimators are equal bytes."""
    import skops.io

    features, vocabulary = _take_vocabulary(features)
    weights = skops.io.dumps({"features": features, "heads": heads}, compression=ZIP_DEFLATED, compresslevel=6)
    write_bytes(folder / WEIGHTS, weights)
    write_bytes(folder / VOCABULARY, to_json(vocabulary).encode())


def load_scikit(folder: Path, codebook: Codebook) -> tuple[Any, dict[str, Any]]:
    """Read what `save_scikit` wrote.

    Raises
    ------
    ModelError
        If a file holds foreign types or is no skops file.
    ValueError, KeyError, TypeError, AttributeError
        If the parts do not fit together.
    """
    parts = _construct((folder / WEIGHTS).read_bytes(), folder / WEIGHTS)
    _give_vocabulary(parts["features"], json.loads((folder / VOCABULARY).read_bytes()))
    _check_parts(parts, codebook)
    return parts["features"], parts["heads"]


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


def _check_parts(parts: dict[str, Any], codebook: Codebook) -> None:
    """Refuse heads that are not of the codebook's axes and labels."""
    if not hasattr(parts["features"], "transform"):
        raise ValueError("the features transform nothing")
    if set(parts["heads"]) != set(codebook.axes):
        raise ValueError(f"the heads are not of the axes {', '.join(codebook.axes)}")
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
