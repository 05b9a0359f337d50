"""The golden vectors of the log format, read once."""

import json
from pathlib import Path
from typing import Any

from ledger.proof.facts import FactGroup
from ledger.proof.shapes import Shape, Shapes

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "log-format-v1.json").read_text("utf-8")
)
LOG: str = VECTORS["log"]
ROWS: list[dict[str, Any]] = VECTORS["rows"]


def groups_of(row: dict[str, Any]) -> tuple[FactGroup, dict[str, FactGroup]]:
    """Return the plain group of a row and the personal ones by person."""
    values = {name: value for name, value, _ in row["facts"]}
    personal = {
        person: FactGroup(
            bytes.fromhex(group["seed"]), {name: values.pop(name) for name in group["names"]}
        )
        for person, group in row["people"].items()
    }
    return FactGroup(bytes.fromhex(row["seed"]), values), personal


def shapes_of_rows() -> Shapes:
    """Return the shapes that the rows show."""
    shapes = {}
    for row in ROWS:
        values = {name: value for name, value, _ in row["facts"]}
        shapes[values["type"]] = Shape(values["type"], values["shape"], tuple(sorted(values)))
    return Shapes(shapes.values())
