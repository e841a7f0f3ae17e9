"""What two runs do not share: settings, data and environment. Whatever is equal is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.runs import Run


def run_differences(a: Run, b: Run) -> dict[str, list[dict[str, Any]]]:
    """List what differs in the ``config``, the ``data`` and the ``environment`` of two runs, as `differences` does."""
    parts = {"config": lambda run: run.config, "data": _data, "environment": _environment}
    return {name: differences(of(a), of(b)) for name, of in parts.items()}


def differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Compare nested settings key by key.

    Returns
    -------
    list of dict
        For every dotted key whose value differs: ``key``, ``a``, ``b``; a side that has no such key is left out. In
        the order of ``a``, with what only ``b`` has under the same first key beside it.

    Examples
    --------
    >>> differences({"model": {"c": 0.5}, "folds": 5}, {"model": {"c": 1.0, "name": "svm"}, "folds": 5})
    [{'key': 'model.c', 'a': 0.5, 'b': 1.0}, {'key': 'model.name', 'b': 'svm'}]
    """
    one, other = dotted(a), dotted(b)
    order = list(dict.fromkeys([*a, *b]))
    keys = sorted(dict.fromkeys([*one, *other]), key=lambda key: order.index(key.split(".")[0]))
    sides = {"a": one, "b": other}
    return [
        {"key": key} | {side: values[key] for side, values in sides.items() if key in values}
        for key in keys
        if key not in one or key not in other or one[key] != other[key]
    ]


def dotted(node: Any, key: str = "") -> dict[str, Any]:
    """Dotted keys of nested mappings; a list of mappings counts its items, any other list is one value."""
    if isinstance(node, list) and any(isinstance(each, Mapping) for each in node):
        node = {str(at): each for at, each in enumerate(node)}
    if not isinstance(node, Mapping) or (key and not node):
        return {key: node}
    parts = [dotted(value, f"{key}.{name}" if key else str(name)) for name, value in node.items()]
    return {name: value for part in parts for name, value in part.items()}


def _data(run: Run) -> dict[str, Any]:
    manifest, data = run.manifest, run.metrics["data"]
    collections = {
        each["name"]: {count: each[count] for count in ("statements", "resolved", "left_out") if count in each}
        for each in data.get("collections", [])
    }
    train = data.get("train", {})
    return {
        "fingerprint": manifest.get("data_fingerprint"),
        "split_hash": manifest.get("split_hash"),
        "codebook": f"{run.codebook.name} v{run.codebook.version}",
        "collections": collections,
        "train": {count: train[count] for count in ("statements", "articles", "collections") if count in train},
    }


def _environment(run: Run) -> dict[str, Any]:
    manifest = run.manifest
    return {key: manifest.get(key) for key in ("commit", "dirty", "seed")} | {"versions": manifest.get("versions", {})}
