"""Shapes: what was published stays as it is, and only the one spelling of it is read."""

import pytest

from ledger.proof.errors import MalformedError
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.shapes import LOG_SHAPES, Shape, Shapes, parse_shapes
from tests.proof.vectors import ROWS, shapes_of_rows

PUBLISHED = (
    b'{"clock.doubted":{"1":["by","clock","head","previous","shape","stream","type",'
    b'"version"]},"entries.restored":{"1":["by","entries","previous","shape","source",'
    b'"stream","type","version"]},"facts.erased":{"1":["backups_gone","by","entries",'
    b'"person","previous","shape","stream","type","version"]},"facts.lost":{"1":["by",'
    b'"entries","previous","reason","shape","stream","type","version"]},"key.rotated":{"1":['
    b'"by","key","previous","previous_key","shape","stream","type","version"]},'
    b'"ledger.opened":{"1":["by","key","origin","predecessor","previous","shape","stream",'
    b'"type","version"]},"opaque.recorded":{"1":["by","originator_version","previous","shape",'
    b'"state","stream","topic","type","version"]}}'
)


def shape(*names: str, number: int = 1, event_type: str = "record.noted") -> Shape:
    return Shape(event_type, number, tuple(sorted({*STANDARD_FACTS, *names})))


def test_the_published_shapes_of_the_log_never_change() -> None:
    assert LOG_SHAPES.text() == PUBLISHED


def test_shapes_are_read_back_from_their_text() -> None:
    shapes = LOG_SHAPES | shapes_of_rows() | Shapes([shape("n", number=12)])
    assert parse_shapes(shapes.text()).text() == shapes.text()
    found = parse_shapes(shapes.text()).find("record.noted", 12)
    assert found is not None
    assert found.names == ("by", "n", "previous", "shape", "stream", "type", "version")


def test_the_shapes_of_the_vectors_are_found_by_type_and_number() -> None:
    shapes = shapes_of_rows()
    for row in ROWS:
        values = {name: value for name, value, _ in row["facts"]}
        found = shapes.find(values["type"], values["shape"])
        assert found is not None
        assert list(found.names) == sorted(values)


@pytest.mark.parametrize(
    ("event_type", "number"),
    [("no.such", 1), ("facts.lost", 2), (None, 1), ("facts.lost", True)],
)
def test_what_was_never_published_is_not_found(event_type: object, number: object) -> None:
    assert LOG_SHAPES.find(event_type, number) is None


def test_a_published_shape_cannot_be_published_differently() -> None:
    Shapes([shape("n"), shape("n")])
    with pytest.raises(MalformedError):
        Shapes([shape("n")]) | Shapes([shape("m")])


@pytest.mark.parametrize(
    "names",
    [
        ("by",),
        ("type", "by", "previous", "shape", "stream", "version"),
        (*STANDARD_FACTS, "by"),
        (*STANDARD_FACTS, "Z"),
    ],
)
def test_a_shape_has_the_standard_names_once_and_in_order(names: tuple[str, ...]) -> None:
    with pytest.raises(MalformedError):
        Shape("record.noted", 1, names)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b'{"a.b":[]}',
        b'{"a.b":{"1":"by"}}',
        b'{"a.b":{"1":[1]}}',
        b'{"a.b":{"01":["by","previous","shape","stream","type","version"]}}',
        b'{"a.b":{"-1":["by","previous","shape","stream","type","version"]}}',
        b'{"a.b":{"0":["by","previous","shape","stream","type","version"]}}',
        b'{"a.b":{"\xd9\xa1":["by","previous","shape","stream","type","version"]}}',
        b'{"ab":{"1":["by","previous","shape","stream","type","version"]}}',
        PUBLISHED + b"\n",
        PUBLISHED.replace(b'"facts.lost"', b' "facts.lost"'),
    ],
)
def test_another_spelling_of_shapes_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_shapes(text)
