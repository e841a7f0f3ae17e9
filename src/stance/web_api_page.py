"""The page that tells people about the API, made of the same OpenAPI description that machines read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stance.storage import to_json

Schema = Mapping[str, Any]


def endpoints(openapi: Schema) -> Iterator[dict[str, Any]]:
    """Yield what there is to say of every endpoint: method, path, text, fields, and an example of a request."""
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            body = _body(openapi, operation)
            yield {
                "method": method.upper(),
                "path": path,
                "text": operation["description"],
                "fields": list(_fields(body)),
                "example": to_json(body["example"], indent=2) if "example" in body else "",
            }


def _body(openapi: Schema, operation: Schema) -> Schema:
    """Return the schema of what a request sends; empty where it sends nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    named = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    found: Schema = openapi["components"]["schemas"].get(named.rpartition("/")[2], {})
    return found


def _fields(body: Schema) -> Iterator[tuple[str, str, str]]:
    for name, field in body.get("properties", {}).items():
        needed = "required" if name in body.get("required", ()) else "optional"
        yield name, f"{_type(field)}, {needed}", field.get("description", "")


def _type(field: Schema) -> str:
    if field.get("type") != "array":
        return str(field.get("type", ""))
    item = field["items"].get("$ref", "").rpartition("/")[2].removesuffix("In").lower()
    return f"list of {item}s"
