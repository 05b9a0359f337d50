"""Bodies that the OpenAPI document gives as examples, put together field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
_OF_TYPES: Mapping[str, Any] = {
    "string": "例",
    "integer": 1,
    "boolean": True,
    "array": [],
    "object": {},
}


@dataclass(frozen=True)
class Operation:
    """One method of one path, with an example of the JSON that it takes, if it takes any."""

    method: str
    path: str
    example: Any

    def at(self, **ids: str) -> str:
        """Return the path below /api/v1 with ids in it."""
        return self.path.removeprefix("/api/v1").format(**ids)


def operations(document: Json) -> Iterator[Operation]:
    """Yield every operation of the API."""
    for path, methods in document["paths"].items():
        if not path.startswith("/api/v1"):
            continue
        for method, said in methods.items():
            content = said.get("requestBody", {}).get("content", {}).get("application/json")
            example = None if content is None else example_of(content["schema"], document)
            yield Operation(method.upper(), path, example)


def example_of(schema: Json, document: Json) -> Any:
    """Return a value that a schema describes."""
    schema = _resolved(schema, document)
    if schema.get("examples"):
        return schema["examples"][0]
    for kind in ("anyOf", "oneOf", "allOf"):
        if kind in schema:
            return example_of(schema[kind][0], document)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if "properties" in schema:
        wanted = schema.get("required", [])
        return {name: example_of(schema["properties"][name], document) for name in wanted}
    return _OF_TYPES[schema["type"]]


def _resolved(schema: Json, document: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    return schema
