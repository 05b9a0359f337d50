"""One lie at a time in the files of an export → exactly these findings."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.proof.errors import MalformedError
from ledger.proof.note import KeyType
from ledger.proof.shapes import LOG_SHAPES, Shape, Shapes
from ledger.proof.signers import SigningKey
from tests.audit.exported import BUNDLES, TILES, Exported, exported_ripple
from tests.audit.house import places
from tests.audit.plan import ORIGIN, SHAPES, SIZE, Found, gone

K = 333
OFFSET = K - 256
FORKED = ("checkpoint_inconsistent", 256)


def _flip_leaf(exported: Exported) -> None:
    exported.flip("tile/0/001", 32 * OFFSET)


def _flip_root(exported: Exported) -> None:
    exported.flip("tile/1/000.p/2", 32)


def _flip_bundle_length(exported: Exported) -> None:
    exported.flip("tile/entries/001", 0)


def _cut_bundle(exported: Exported) -> None:
    data = exported.path("tile/entries/001").read_bytes()
    exported.put("tile/entries/001", data[:-1])


def _drop(*names: str) -> Callable[[Exported], None]:
    def drop(exported: Exported) -> None:
        for name in names:
            exported.path(name).unlink()

    return drop


def _cut(name: str) -> Callable[[Exported], None]:
    return lambda exported: exported.put(name, exported.path(name).read_bytes()[:-1])


def _empty(name: str) -> Callable[[Exported], None]:
    return lambda exported: exported.put(name, b"")


def _lengthen(name: str) -> Callable[[Exported], None]:
    return lambda exported: exported.put(name, exported.path(name).read_bytes() + b"\n")


def _edit_lines(
    change: Callable[[list[bytes]], list[bytes]], number: int = 1
) -> Callable[[Exported], None]:
    return lambda exported: exported.put_lines(number, change(exported.lines(number)))


def _without_13(lines: list[bytes]) -> list[bytes]:
    return lines[:OFFSET] + lines[OFFSET + 13 :]


def _of_another(lines: list[bytes]) -> list[bytes]:
    return [*lines[:OFFSET], lines[OFFSET + 2], *lines[OFFSET + 1 :]]


def _more_minutes(lines: list[bytes]) -> list[bytes]:
    edited = lines[OFFSET].replace(b'["minutes",93,', b'["minutes",930,')
    assert edited != lines[OFFSET]
    return [*lines[:OFFSET], edited, *lines[OFFSET + 1 :]]


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:OFFSET], lines[OFFSET + 1], lines[OFFSET], *lines[OFFSET + 2 :]]


def _null(lines: list[bytes]) -> list[bytes]:
    return [*lines[:OFFSET], b"null\n", *lines[OFFSET + 1 :]]


def _junk(lines: list[bytes]) -> list[bytes]:
    return [*lines[:OFFSET], b"{}\n", *lines[OFFSET + 1 :]]


def _twice(lines: list[bytes]) -> list[bytes]:
    return [*lines[:OFFSET], lines[OFFSET], *lines[OFFSET:]]


def _cut_off(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-1], lines[-1][:-1]]


def _older_checkpoint(exported: Exported) -> None:
    exported.put("checkpoint", exported.path("checkpoints/600").read_bytes())


def _copy(old: str, new: str) -> Callable[[Exported], None]:
    return lambda exported: exported.put(new, exported.path(old).read_bytes())


def _signature(exported: Exported) -> None:
    name = "checkpoints/300"
    data = exported.path(name).read_bytes()
    exported.put(name, data.replace(b"\n300\n", b"\n301\n"))


MISSING = {("facts_missing", seq) for seq in range(K, K + 13)}
FILE = ("file_malformed", 256)
BLOCK = (gone(range(256, 512)) - {("head_differs", None)}) | {FILE}
LIES: dict[str, tuple[Callable[[Exported], None], Found]] = {
    "a leaf in a tile": (_flip_leaf, {("leaf_differs", K)}),
    "a root in a tile": (_flip_root, {("subtree_differs", 256)}),
    "a tile dropped": (_drop("tile/0/001"), {FILE}),
    "a tile cut off": (_cut("tile/0/001"), {FILE}),
    "a tile of roots dropped": (
        _drop("tile/1/000.p/2"),
        {("file_malformed", 0), ("subtree_differs", 0), ("subtree_differs", 256)},
    ),
    "a bundle dropped": (_drop("tile/entries/001"), BLOCK),
    "a bundle cut off": (_cut_bundle, BLOCK),
    "a bundle emptied": (_empty("tile/entries/001"), BLOCK),
    "a length in a bundle": (_flip_bundle_length, BLOCK),
    "the last bundle dropped": (
        _drop("tile/entries/002.p/108"),
        {("file_malformed", 512), ("entry_missing", 512), ("checkpoint_inconsistent", 512)},
    ),
    "a bundle in another's place": (
        _copy("tile/entries/000", "tile/entries/003"),
        {("entry_beyond_head", 768)},
    ),
    "a longer bundle": (
        _copy("tile/entries/002.p/108", "tile/entries/002.p/109"),
        {("entry_beyond_head", SIZE)},
    ),
    "13 lines of facts dropped": (_edit_lines(_without_13), MISSING | {FILE}),
    "a value in the facts": (_edit_lines(_more_minutes), {("facts_commitment", K)}),
    "facts of another entry": (
        _edit_lines(_of_another),
        # The event that they tell of is now there twice, and another one not at all.
        {("facts_commitment", K), ("stream_version", K + 2), ("stream_version", 370)},
    ),
    "lines of facts swapped": (
        _edit_lines(_swapped),
        {("facts_commitment", K), ("facts_commitment", K + 1)}
        | {("stream_previous", 370), ("stream_previous", 371)},
    ),
    "facts nulled": (_edit_lines(_null), {("facts_missing", K)}),
    "facts that are none": (_edit_lines(_junk), {("facts_not_canonical", K)}),
    "a line of facts twice": (_edit_lines(_twice), {FILE}),
    "facts cut off": (_edit_lines(_cut_off), {FILE, ("facts_missing", 511)}),
    "facts of nobody after the last": (_lengthen("facts/001.jsonl"), {FILE}),
    "a file of facts dropped": (
        _drop("facts/001.jsonl"),
        {FILE} | {("facts_missing", seq) for seq in range(256, 512)},
    ),
    "an older checkpoint as the newest": (
        _older_checkpoint,
        {
            ("file_malformed", 512),
            ("entry_missing", 512),
            ("checkpoint_inconsistent", 512),
            ("checkpoint_inconsistent", 600),
            ("entry_beyond_head", 600),
        },
    ),
    "a checkpoint edited": (_signature, {("checkpoint_signature", None)}),
    "a checkpoint emptied": (_empty("checkpoints/300"), {("checkpoint_signature", None)}),
    "a checkpoint of another size": (
        _copy("checkpoints/300", "checkpoints/301"),
        {("checkpoint_signature", None)},
    ),
    "a checkpoint beyond the end": (
        _copy("checkpoints/300", "checkpoints/9999"),
        {("checkpoint_signature", None)},
    ),
    "a checkpoint in another spelling": (
        _copy("checkpoints/300", "checkpoints/0301"),
        {("file_malformed", None)},
    ),
    "an older checkpoint dropped": (_drop("checkpoints/300"), set()),
    "the exporter's own word": (_drop("log.vkey", "policy", "shapes.json"), set()),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_in_the_files_is_named(
    exported: Exported, lie: tuple[Callable[[Exported], None], Found]
) -> None:
    tell, found = lie
    tell(exported)
    assert exported.found() == found


def test_an_edited_entry_is_named(exported: Exported) -> None:
    exported.edit_entry(K, b"audit.", b"other.")
    assert exported.found() == exported_ripple(K) | {("entry_wrong_log", K)}


def test_without_facts_an_edited_entry_is_named_all_the_same(bare: Exported) -> None:
    bare.edit_entry(K, b"audit.", b"other.")
    assert bare.found() == (exported_ripple(K) - {("stream_previous", 370)}) | {
        ("entry_wrong_log", K)
    }


@pytest.mark.parametrize("name", ["checkpoint", *BUNDLES, *TILES])
def test_files_emptied_are_never_an_error_but_for_the_checkpoint(
    exported: Exported, name: str
) -> None:
    exported.put(name, b"")
    if name == "checkpoint":
        with pytest.raises(MalformedError):
            exported.audit()
    else:
        assert "file_malformed" in {code for code, _ in exported.found()}


def test_a_file_is_named_once_whoever_reads_it(exported: Exported) -> None:
    exported.path("tile/entries/001").unlink()
    exported.path("facts/000.jsonl").write_bytes(b"")
    named = [
        finding.detail
        for finding in exported.audit().tally.findings
        if finding.code.value == "file_malformed"
    ]
    assert sorted(named) == ["facts/000.jsonl", "tile/entries/001"]


def test_one_process_and_two_give_the_same_report(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported.path("tile/entries/001").unlink()
    exported.flip("facts/000.jsonl", 1_000)
    monkeypatch.setattr("ledger.application.auditing.SMALL", 0)
    one, two = (exported.audit(processes=count).as_json() for count in (1, 2))
    del one["seconds"], two["seconds"]
    assert one == two


def test_another_key_is_not_the_logs(exported: Exported) -> None:
    other = SigningKey(ORIGIN, KeyType.ED25519, bytes(32)).verifier_key
    for keys in ((other,), ()):
        assert places(exported.audit(keys=keys)) == {("checkpoint_signature", None)}


def test_shapes_that_say_otherwise_are_named_at_each_entry(exported: Exported) -> None:
    names = ("by", "previous", "shape", "stream", "type", "version")
    other = LOG_SHAPES | Shapes([Shape("record.entered", 1, names)])
    found = places(exported.audit(shapes=other))
    assert {code for code, _ in found} == {"facts_shape"}
    assert ("facts_shape", K) in found
    assert exported.audit(shapes=SHAPES).ok


def test_a_claim_of_any_size_does_not_keep_the_auditor_busy(exported: Exported) -> None:
    note = exported.path("checkpoint").read_bytes()
    exported.put("checkpoint", note.replace(f"\n{SIZE}\n".encode(), f"\n{2**62}\n".encode()))
    found = exported.found()
    assert ("entry_missing", 512) in found
    assert ("checkpoint_signature", None) in found


OWN_WORD = {"log.vkey", "policy", "shapes.json"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_single_changed_byte_is_found(exported: Exported, data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from([name for name in exported.files() if name not in OWN_WORD])
    )
    before = exported.path(name).read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    mask = data.draw(st.integers(1, 255))
    after = bytearray(before)
    after[at] ^= mask
    exported.put(name, bytes(after))
    try:
        assert not exported.audit().ok
    except MalformedError:
        assert name == "checkpoint"  # exit 2: there is nothing to check against
    finally:
        exported.put(name, before)
