"""YAML 1.2 files with the line of every key, validated by pydantic models; one clear line for each broken rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.reader import ReaderError

from stance.errors import StanceError, did_you_mean

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path, error: type[StanceError]) -> CommentedMap:
    """Read one mapping from a YAML file; every node knows its line.

    Raises
    ------
    StanceError
        Of the kind ``error``, where the file is missing, not UTF-8, not YAML or not a mapping.
    """
    try:
        node = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error("no such file", where=path, remedy="Check the path.") from None
    except (IsADirectoryError, PermissionError, UnicodeDecodeError) as cause:
        raise error(f"cannot be read ({type(cause).__name__})", where=path, remedy="Give a UTF-8 text file.") from None
    except (YAMLError, ValueError) as cause:  # ruamel lets out the ValueError of a date no calendar has
        mark = getattr(cause, "problem_mark", None)
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        if isinstance(cause, ReaderError):  # it knows the character's position only
            where = f"{path}:{path.read_text(encoding='utf-8').count(chr(10), 0, cause.position) + 1}"
        problem = getattr(cause, "problem", None) or str(cause).splitlines()[0]
        raise error(f"not valid YAML: {problem}", where=where, remedy="Mend the syntax at that place.") from None
    if not isinstance(node, CommentedMap):
        raise error("expected a mapping of keys to values", where=path, remedy="See experiments/configs/default.yaml.")
    return node


def validate(model: type[Model], node: Any, path: object, error: type[StanceError]) -> Model:
    """Build ``model`` from a node; the first broken rule is raised with its place and a suggestion.

    Raises
    ------
    StanceError
        Of the kind ``error``: ``file:line:col: key: rule. Did you mean ...?``
    """
    try:
        return model.model_validate(node)
    except ValidationError as cause:
        first = cause.errors()[0]
    keys = _keys(first["loc"], node, absent_last=first["type"] in {"missing", "extra_forbidden"})
    what, remedy = _explain(first, keys, lambda parents: _known_keys(model, node, parents))
    shown = keys[:-1] if first["type"] == "extra_forbidden" else keys
    dotted = ".".join(map(str, shown)) or "top level"
    raise error(f"{dotted}: {what}", where=_place(path, node, keys), remedy=remedy)


def _explain(first: Any, keys: list[int | str], known_keys: Callable[[list[int | str]], list[str]]) -> tuple[str, str]:
    """Turn pydantic's first error into the rule that was broken and what to do."""
    context = first.get("ctx", {})
    if first["type"] == "extra_forbidden":
        return f"unknown key {keys[-1]!r}", did_you_mean(str(keys[-1]), known_keys(keys[:-1]))
    if first["type"] == "union_tag_invalid":
        known = [tag.strip().strip("'") for tag in context["expected_tags"].split(",")]
        return f"unknown name {context['tag']!r}", did_you_mean(context["tag"], known)
    if first["type"] == "union_tag_not_found":
        return "key 'name' is missing", "Say which one by its name."
    if first["type"] == "missing":
        return "is missing", "Add it."
    rule = str(first["msg"]).removeprefix("Value error, ")
    value = first.get("input")
    got = "" if first["type"] == "value_error" or isinstance(value, (dict, list)) else f", not {value!r}"
    return rule[:1].lower() + rule[1:] + got, "Mend the value."


def _keys(loc: tuple[int | str, ...], node: Any, *, absent_last: bool) -> list[int | str]:
    """Return the keys of the file that lead to the error; pydantic also puts the names of union branches among them."""
    keys: list[int | str] = []
    for position, part in enumerate(loc):
        child = _child(node, part)
        if child is not None:
            node = child
        elif position < len(loc) - 1 or not absent_last:
            continue
        keys.append(part)
    return keys


def _child(node: Any, step: int | str) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _known_keys(model: type[BaseModel], node: Any, parents: list[int | str]) -> list[str]:
    """Names that are allowed under ``parents``, found in the model's JSON schema; ``name`` picks a union's branch."""
    schema = model.model_json_schema()
    place: dict[str, Any] = schema
    for key in parents:
        node = _child(node, key)
        place = place.get("items", {}) if isinstance(key, int) else place.get("properties", {}).get(key, {})
        if "discriminator" in place:
            place = {"$ref": place["discriminator"]["mapping"][node["name"]]}
        if "$ref" in place:
            place = schema["$defs"][place["$ref"].rsplit("/", 1)[-1]]
    return list(place.get("properties", {}))


def _place(path: object, node: Any, keys: list[int | str]) -> str:
    """``file:line:column`` of the deepest key that stands in the file."""
    place = str(path)
    for key in keys:
        marks = getattr(node, "lc", None)
        if marks is None or _child(node, key) is None:
            break
        try:
            line, column = marks.item(key) if isinstance(key, int) else marks.key(key)
        except (KeyError, TypeError):  # set on the command line or taken from an extended file
            break
        place = f"{path}:{line + 1}:{column + 1}"
        node = _child(node, key)
    return place
