"""One lie at a time, told to the verifier that auditors are handed."""

import json
import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

# The script is handed out alone and belongs to no package.
sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import verify_log

from tests.scripts.export_builder import (
    LOG,
    NO_HASH,
    ORIGIN,
    POLICY,
    STRANGER,
    VECTORS,
    Head,
    Identity,
    Log,
    b64,
    bare_log,
    identity,
    jcs,
    long_log,
    note,
    path_of,
    policy_of,
    put,
    root_of,
    vector_log,
)

SCRIPT = Path(verify_log.__file__)
W4, W4B, W6 = (
    identity("w.example/a", 4, 1),
    identity("w.example/b", 4, 2),
    identity("w/c", 6, 3),
)
PQ = identity(ORIGIN, 6, 9)


@dataclass
class Answer:
    code: int
    out: Any
    err: str

    @property
    def codes(self) -> set[str]:
        return {finding["code"] for finding in self.out["findings"]}

    @property
    def seqs(self) -> list[int | None]:
        return [finding["seq"] for finding in self.out["findings"]]

    @property
    def unchecked(self) -> set[str]:
        return {text.split()[0] for text in self.out["unchecked"]}


Verify = Callable[..., Answer]
NOTHING: dict[str, Any] = {"findings": [], "unchecked": [], "entry": None}


@pytest.fixture
def verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Verify:
    """Run the command inside this process; ``-I`` is used where it is the point."""

    def run(path: Path | str, *more: str, policy: str = POLICY) -> Answer:
        if isinstance(path, str):
            put(tmp_path / "event.tlog-proof", path)
            path = tmp_path / "event.tlog-proof"
        put(tmp_path / "trusted", policy)
        options = ["--policy", str(tmp_path / "trusted"), "--json", *more]
        monkeypatch.setattr(sys, "argv", ["verify_log.py", str(path), *options])
        try:
            code = verify_log.main()
        except SystemExit as stop:  # What the auditor brought cannot be used.
            return Answer(int(stop.code or 0), NOTHING, capsys.readouterr().err)
        streams = capsys.readouterr()
        out = json.loads(streams.out)
        assert (code == 0) == out["ok"]
        return Answer(code, out, streams.err)

    return run


def isolated(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an auditor does, without the project in sight."""
    command = [sys.executable, "-I", "-W", "error", str(SCRIPT), *map(str, args)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd="/", env=environment,
        check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def long() -> Log:
    return long_log()


@pytest.fixture
def folder(tmp_path: Path, long: Log) -> Path:
    return long.write(tmp_path / "export")


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def unframe(data: bytes) -> list[bytes]:
    entries = []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        entries.append(data[2:end])
        data = data[end:]
    return entries


def frame(entries: list[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


# What is true is accepted.


def test_the_export_of_the_vectors_is_accepted(tmp_path: Path, verify: Verify) -> None:
    answer = verify(
        vector_log().write(tmp_path / "e"), "--shapes", str(tmp_path / "e/shapes.json")
    )
    assert (answer.code, answer.out["findings"]) == (0, [])
    assert answer.unchecked == {"clock", "witnesses"}
    assert answer.out["root"] == VECTORS["rows"][-1]["root"]
    assert (answer.out["log"], answer.out["size"]) == (ORIGIN, 11)
    assert answer.out["scope"] == "export"
    assert answer.out["seconds"] >= 0


def test_a_long_export_is_accepted(folder: Path, verify: Verify) -> None:
    answer = verify(folder, "--shapes", str(folder / "shapes.json"))
    assert (answer.code, answer.out["findings"]) == (0, [])
    assert answer.unchecked == {"clock", "witnesses"}


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 513])
def test_every_size_around_a_tile_is_accepted(
    size: int, tmp_path: Path, verify: Verify
) -> None:
    log = long_log(size)
    log.signed = [at for at in (1, 255, 256, 257, size) if at <= size]
    assert verify(log.write(tmp_path / "e")).code == 0


def test_three_levels_of_tiles_are_accepted(tmp_path: Path, verify: Verify) -> None:
    export = bare_log(65536 + 300, signed=65536).write(tmp_path / "e", facts=False)
    assert verify(export).code == 0
    flip(export / "tile/2/000.p/1", 5)
    flip(export / "tile/1/000", 32 * 7)
    answer = verify(export)
    assert answer.codes == {"tile_differs"}
    assert answer.seqs == [0, 0]
    assert {f["detail"] for f in answer.out["findings"]} == {"tile/1/000", "tile/2/000.p/1"}


def test_the_command_needs_nothing_of_the_project(folder: Path) -> None:
    done = isolated(folder, "--policy", folder / "policy", "--shapes", folder / "shapes.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"通过 valid: export {ORIGIN} 600 ")
    assert "未检查 unchecked: witnesses 1\n" in done.stdout


def test_the_script_can_be_executed() -> None:
    assert SCRIPT.stat().st_mode & stat.S_IXUSR
    assert SCRIPT.read_text("utf-8").startswith("#!/usr/bin/env python3\n")


def test_a_terminal_without_the_characters_is_no_obstacle(folder: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(folder), "--policy", str(folder / "policy")]
    done = subprocess.run(
        command, capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\\u901a\\u8fc7 valid: export")


def test_each_finding_is_one_line(folder: Path) -> None:
    flip(folder / "tile/0/000", 3)
    lines = isolated(folder, "--policy", folder / "policy").stdout.splitlines()
    assert lines[0].startswith("有发现 findings: export")
    assert lines[1].startswith("tile_differs 0 tile/0/000 want=")
    assert lines[2].startswith("未检查 unchecked: clock")


def test_the_script_is_short_enough_to_be_read_in_one_sitting() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 600


# An export altered afterwards.


def _flip_entry(folder: Path) -> None:
    bundle = folder / "tile/entries/001"
    entries = unframe(bundle.read_bytes())
    entries[44] = _other_digit(entries[44])
    bundle.write_bytes(frame(entries))


def _other_digit(entry: bytes) -> bytes:
    return entry[:10] + (b"0" if entry[10:11] != b"0" else b"1") + entry[11:]


def _drop_bundle(folder: Path) -> None:
    (folder / "tile/entries/001").unlink()


def _drop_bundle_and_tile(folder: Path) -> None:
    _drop_bundle(folder)
    (folder / "tile/0/001").unlink()


def _drop_last_entry(folder: Path) -> None:
    bundle = folder / "tile/entries/002.p/88"
    bundle.write_bytes(frame(unframe(bundle.read_bytes())[:-1]))


def _cut_bundle(folder: Path) -> None:
    bundle = folder / "tile/entries/002.p/88"
    bundle.write_bytes(bundle.read_bytes()[:-1])


def _swap_entries(folder: Path) -> None:
    bundle = folder / "tile/entries/001"
    entries = unframe(bundle.read_bytes())
    entries[44], entries[45] = entries[45], entries[44]
    bundle.write_bytes(frame(entries))


def _append(name: str, data: bytes) -> Callable[[Path], None]:
    def lie(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes() + data)

    return lie


def _replace(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def lie(folder: Path) -> None:
        data = (folder / name).read_bytes()
        assert old in data
        (folder / name).write_bytes(data.replace(old, new))

    return lie


def _copy(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: put(folder / new, (folder / old).read_bytes())


def _flip_at(name: str, at: int) -> Callable[[Path], None]:
    return lambda folder: flip(folder / name, at)


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _cut(name: str) -> Callable[[Path], None]:
    def lie(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[:-1])

    return lie


def _sign(
    name: str, size: int, signer: Identity, origin: str = ORIGIN
) -> Callable[[Path], None]:
    """Put a checkpoint with a root of our own making."""
    head = Head(size, bytes(32), origin)
    return lambda folder: put(folder / name, note(head, signer))


def _fact_line(at: int, line: bytes | None) -> Callable[[Path], None]:
    def lie(folder: Path) -> None:
        lines = (folder / "facts/001.jsonl").read_bytes().splitlines(keepends=True)
        lines[at : at + 1] = [] if line is None else [line]
        (folder / "facts/001.jsonl").write_bytes(b"".join(lines))

    return lie


ALTERED: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "a byte of an entry": (
        _flip_entry,
        {"tile_differs", "entry_wrong_prev", "checkpoint_inconsistent", "facts_commitment"},
    ),
    "no bundle": (_drop_bundle, {"entry_missing"}),
    "no bundle, no tile": (_drop_bundle_and_tile, {"entry_missing"}),
    "no last entry": (_drop_last_entry, {"entry_missing"}),
    "a bundle cut": (_cut_bundle, {"entry_missing"}),
    "a bundle after the last": (
        _copy("tile/entries/000", "tile/entries/003"), {"entry_beyond_head"},
    ),
    "a bundle longer than the log": (
        _copy("tile/entries/002.p/88", "tile/entries/002.p/89"), {"entry_beyond_head"},
    ),
    "a bundle far beyond": (
        _copy("tile/entries/000", "tile/entries/x001/000.p/3"), {"entry_beyond_head"},
    ),
    "a bundle with more": (_append("tile/entries/001", b"\0"), {"file_malformed"}),
    "two entries swapped": (
        _swap_entries,
        {"tile_differs", "entry_wrong_prev", "entry_wrong_seq",
         "entry_time_back", "checkpoint_inconsistent", "facts_commitment"},
    ),
    "a tile": (_flip_at("tile/0/001", 70), {"tile_differs"}),
    "a partial tile": (_flip_at("tile/0/002.p/88", 70), {"tile_differs"}),
    "a tile above": (_flip_at("tile/1/000.p/2", 40), {"tile_differs"}),
    "no tile": (_remove("tile/0/001"), {"tile_differs"}),
    "no tile above": (_remove("tile/1/000.p/2"), {"tile_differs"}),
    "a tile too long": (_append("tile/0/001", b"\0"), {"tile_differs"}),
    "a partial tile too long": (_append("tile/0/002.p/88", b"\0"), {"tile_differs"}),
    "another root, a wrong key": (
        _sign("checkpoint", 600, STRANGER), {"checkpoint_signature", "checkpoint_inconsistent"},
    ),
    "another root, the right key": (
        _sign("checkpoint", 600, LOG), {"checkpoint_inconsistent"},
    ),
    "an earlier root, the right key": (
        _sign("checkpoints/257", 257, LOG), {"checkpoint_inconsistent"},
    ),
    "an earlier root, a wrong key": (
        _sign("checkpoints/257", 257, STRANGER), {"checkpoint_signature"},
    ),
    "an empty tree with a root": (_sign("checkpoints/0", 0, LOG), {"checkpoint_inconsistent"}),
    "a checkpoint beyond the end": (
        _sign("checkpoints/601", 601, LOG), {"checkpoint_inconsistent"},
    ),
    "a checkpoint of another size": (
        _sign("checkpoints/258", 257, LOG), {"checkpoint_inconsistent"},
    ),
    "a checkpoint of another log": (
        _sign("checkpoints/258", 258, LOG, "other.example/log"), {"checkpoint_signature"},
    ),
    "a checkpoint by no size": (
        _sign("checkpoints/x", 257, LOG), {"checkpoint_inconsistent"},
    ),
    "a folder as a checkpoint": (lambda f: (f / "checkpoints/9").mkdir(), {"file_malformed"}),
    "a signature": (_flip_at("checkpoint", 150), {"checkpoint_signature"}),
    "CRLF in an old one": (_replace("checkpoints/1", b"\n", b"\r\n"), {"file_malformed"}),
    "a checkpoint with more": (_append("checkpoints/1", b" "), {"file_malformed"}),
    "no line of facts": (_fact_line(44, None), {"facts_commitment", "facts_missing"}),
    "no facts": (_fact_line(44, b"null\n"), {"facts_missing"}),
    "empty facts": (_fact_line(44, b"[]\n"), {"facts_shape"}),
    "an empty line": (_fact_line(44, b"\n"), {"facts_not_canonical"}),
    "a fact": (_replace("facts/001.jsonl", b'"n",300,', b'"n",301,'), {"facts_commitment"}),
    "a float": (_replace("facts/001.jsonl", b'"n",300,', b'"n",3e2,'), {"facts_not_canonical"}),
    "a space": (_replace("facts/001.jsonl", b'"n",300', b'"n", 300'), {"facts_not_canonical"}),
    "CRLF in facts": (_replace("facts/001.jsonl", b"\n", b"\r\n"), {"facts_not_canonical"}),
    "facts with more": (_append("facts/001.jsonl", b"null\n"), {"file_malformed"}),
    "no file of facts": (_remove("facts/001.jsonl"), {"facts_missing"}),
    "a last line without an end": (
        _cut("facts/002.jsonl"), {"file_malformed", "facts_missing"},
    ),
    "deep facts": (_fact_line(44, b"[" * 200_000 + b"\n"), {"facts_not_canonical"}),
    "a huge number": (_fact_line(44, b"9" * 20_000 + b"\n"), {"facts_not_canonical"}),
    "a huge line": (_fact_line(44, b"9" * (9 << 20) + b"\n"), {"facts_not_canonical"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_export_is_named(name: str, folder: Path, verify: Verify) -> None:
    alter, codes = ALTERED[name]
    alter(folder)
    answer = verify(folder, "--shapes", str(folder / "shapes.json"))
    assert (answer.code, answer.codes) == (1, codes)


def test_a_finding_tells_where_and_what_was_wanted(folder: Path, verify: Verify) -> None:
    _fact_line(44, b"null\n")(folder)
    _swap_entries(folder)
    found = {f["code"]: f for f in reversed(verify(folder).out["findings"])}
    assert found["entry_wrong_seq"] | {"detail": ""} == {
        "code": "entry_wrong_seq", "seq": 300, "detail": "", "want": "300", "got": "301",
    }  # fmt: skip
    assert found["facts_missing"]["seq"] == 300
    assert found["tile_differs"]["seq"] == 256


def test_a_rollback_shows_both_checkpoints(folder: Path, verify: Verify, long: Log) -> None:
    _sign("checkpoints/601", 601, LOG)(folder)
    (finding,) = verify(folder).out["findings"]
    assert finding["want"] == f"600 {root_of(long.leaves).hex()}"
    assert finding["got"] == f"601 {NO_HASH}"
    assert finding["detail"] == "checkpoints/601"


def test_a_shortened_log_is_a_rollback(tmp_path: Path, verify: Verify) -> None:
    log = long_log(300)
    kept = note(log.head(), LOG)
    shorter = long_log(290)
    shorter.signed = [290]
    export = shorter.write(tmp_path / "e")
    put(export / "checkpoints/300", kept)
    assert verify(export).codes == {"checkpoint_inconsistent"}


def test_an_audit_ends_at_a_missing_entry(folder: Path, verify: Verify) -> None:
    _drop_last_entry(folder)
    _flip_at("tile/0/001", 70)(folder)
    _sign("checkpoints/257", 257, LOG)(folder)
    answer = verify(folder)
    assert answer.codes == {"tile_differs", "checkpoint_inconsistent", "entry_missing"}
    assert (answer.seqs[-1], answer.out["findings"][-1]["want"]) == (599, "1")
    assert "rest" in answer.unchecked
    assert "an entry is missing" in answer.err


def test_too_many_findings_end_an_audit(tmp_path: Path, verify: Verify) -> None:
    log = long_log(1100)
    export = log.write(tmp_path / "e")
    for path in (export / "facts").iterdir():
        path.write_bytes(b"")
    answer = verify(export)
    assert (answer.code, answer.codes) == (1, {"facts_missing"})
    assert len(answer.out["findings"]) == 1000
    assert "rest" in answer.unchecked


def test_facts_that_nobody_exported_are_unchecked(
    tmp_path: Path, long: Log, verify: Verify
) -> None:
    answer = verify(long.write(tmp_path / "e", facts=False))
    assert answer.code == 0
    assert answer.unchecked == {"clock", "facts", "shapes", "witnesses"}


def test_an_export_without_earlier_checkpoints_says_so(tmp_path: Path, verify: Verify) -> None:
    log = replace(vector_log(), signed=[])
    assert "checkpoints" in verify(log.write(tmp_path / "e")).unchecked


def test_the_policy_of_the_export_is_not_believed(folder: Path, verify: Verify) -> None:
    answer = verify(folder, policy=policy_of(f"log {STRANGER.vkey()}"))
    assert answer.codes == {"checkpoint_signature"}


def test_a_log_that_claims_to_be_endless_is_given_up(tmp_path: Path, verify: Verify) -> None:
    put(tmp_path / "e/checkpoint", note(Head(2**52, bytes(32)), LOG))
    answer = verify(tmp_path / "e")
    assert (answer.code, answer.codes) == (1, {"entry_missing"})
    assert "rest" in answer.unchecked


# A log that lies from the start, with the right key and the right hashes.


def _built(tmp_path: Path, **lie: Any) -> tuple[Log, Path]:
    log = Log()
    for seq in range(10):
        log.add(seq % 2, "record.noted", lie if seq == 4 else None, n=seq)
    log.signed = [4, 10]
    return log, log.write(tmp_path / "export")


def _at(time: str) -> dict[str, Any]:
    return {"entry": {"time": time}}


FORGED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "another log": ({"entry": {"log": "x.example"}}, {"entry_wrong_log"}),
    "another seq": ({"entry": {"seq": 5}}, {"entry_wrong_seq"}),
    "another prev": ({"entry": {"prev": NO_HASH}}, {"entry_wrong_prev"}),
    "an earlier time": (_at("2026-03-31T23:59:59.999999Z"), {"entry_time_back"}),
    "no such day": (_at("2026-02-31T00:00:00.000000Z"), {"entry_not_canonical"}),
    "a leap second": (_at("2026-04-01T23:59:60.000000Z"), {"entry_not_canonical"}),
    "another version of entries": ({"entry": {"v": 2}}, {"entry_not_canonical"}),
    "true for one": ({"entry": {"v": True}}, {"entry_not_canonical"}),
    "another member": ({"entry": {"x": 1}}, {"entry_not_canonical"}),
    "another commitment": ({"entry": {"facts": NO_HASH}}, {"facts_commitment"}),
    "a version left out": ({"facts": {"version": 4}}, {"stream_version"}),
    "a version again": ({"facts": {"version": 2}}, {"stream_version"}),
    "another previous": ({"facts": {"previous": NO_HASH}}, {"stream_previous"}),
    "names that descend": (
        {"order": lambda names: sorted(names, reverse=True)}, {"facts_shape"},
    ),
    "a version of text": ({"facts": {"version": "3"}}, {"facts_shape"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_log_is_named(name: str, tmp_path: Path, verify: Verify) -> None:
    lie, codes = FORGED[name]
    answer = verify(_built(tmp_path, **lie)[1])
    assert (answer.code, answer.codes) == (1, codes)
    if codes & {"stream_version", "facts_shape", "facts_commitment", "entry_not_canonical"}:
        assert set(answer.seqs) == {4}


def test_facts_of_other_kinds_leave_no_traceback(tmp_path: Path, verify: Verify) -> None:
    log = Log()
    log.add(1, "record.noted", {"facts": {"stream": [1]}}, previous=None)
    log.add(2, "record.noted", {"facts": {"version": True}})
    log.add(3, "record.noted", shape={"a": None})
    log.add(4, "facts.lost", entries={"a": 1})
    put(tmp_path / "mine", jcs({"record.noted": {"1": SHAPE}}))
    answer = verify(log.write(tmp_path / "e"), "--shapes", str(tmp_path / "mine"))
    assert (answer.code, answer.codes) == (1, {"facts_shape", "stream_previous"})
    assert answer.seqs.count(1) == 1


SHAPE = ["by", "n", "previous", "shape", "stream", "type", "version"]


@pytest.mark.parametrize(
    "shapes",
    [
        {"record.other": {"1": SHAPE}},
        {"record.noted": {"2": SHAPE}},
        {"record.noted": {"1": [*SHAPE, "x"]}},
        {"record.noted": {"1": sorted({*SHAPE, "m"} - {"n"})}},
    ],
    ids=["no type", "no number", "one more", "another name"],
)
def test_a_shape_that_was_not_published_is_named(
    shapes: Any, tmp_path: Path, verify: Verify
) -> None:
    put(tmp_path / "mine", jcs(shapes))
    _, export = _built(tmp_path)
    answer = verify(export, "--shapes", str(tmp_path / "mine"))
    assert (answer.code, answer.codes) == (1, {"facts_shape"})


@pytest.mark.parametrize(
    "shapes",
    [
        b"",
        b"[]",
        b"{} ",
        b'{"record.noted":[]}',
        b'{"record.noted":{"1":{}}}',
        b'{"record.noted":{"1":[1]}}',
        b'{"record.noted":{"1":["n",]}}',
    ],
)
def test_a_list_of_shapes_that_is_none_decides_nothing(
    shapes: bytes, tmp_path: Path, verify: Verify
) -> None:
    put(tmp_path / "mine", shapes)
    _, export = _built(tmp_path)
    answer = verify(export, "--shapes", str(tmp_path / "mine"))
    assert (answer.code, answer.codes) == (2, set())


@pytest.mark.parametrize("kind", ["facts.lost", "facts.erased"])
@pytest.mark.parametrize("later", [True, False], ids=["later", "earlier"])
def test_missing_facts_are_excused_only_by_a_later_loss(
    kind: str, later: bool, tmp_path: Path, verify: Verify
) -> None:
    log = Log()
    for seq in range(12):
        if seq == (9 if later else 2):
            log.add(99, kind, entries=[5, 6, True, "7"])
        else:
            log.add(seq % 2, "record.noted", n=seq)
    log.facts[5] = log.facts[6] = None
    answer = verify(log.write(tmp_path / "e"))
    if later and kind == "facts.lost":
        assert (answer.code, answer.codes) == (0, set())
        assert "excused 2" in answer.out["unchecked"]
        assert "streams" in answer.unchecked
    else:
        assert (answer.code, answer.codes) == (1, {"facts_missing"})
        assert answer.seqs == [5, 6]


def test_a_declaration_that_is_not_bound_excuses_nothing(
    tmp_path: Path, verify: Verify
) -> None:
    log = vector_log()
    log.facts[1] = None
    salt = "00" * 16
    log.facts[10] = [["entries", [1], salt], ["shape", 1, salt], ["type", "facts.lost", salt]]
    answer = verify(log.write(tmp_path / "e"))
    assert answer.codes == {"facts_commitment", "facts_missing"}


def _hide(log: Log, seq: int, *names: str) -> None:
    log.facts[seq] = [_digest(f) if f[0] in names else f for f in log.facts[seq]]


def test_after_a_hidden_event_a_gap_is_no_finding(tmp_path: Path, verify: Verify) -> None:
    log, _ = _built(tmp_path)
    _hide(log, 2, "stream")
    answer = verify(log.write(tmp_path / "hidden"))
    assert (answer.code, "streams 1" in answer.out["unchecked"]) == (0, True)
    _hide(log, 8, "version")
    assert "streams 2" in verify(log.write(tmp_path / "more")).out["unchecked"]


@pytest.mark.parametrize(
    ("lie", "hidden", "codes"),
    [
        ({"previous": NO_HASH}, 3, {"stream_previous"}),
        ({"version": 2}, 3, {"stream_version"}),
        ({"version": 5}, 9, {"stream_version"}),
    ],
    ids=["previous", "again", "a gap before"],
)
def test_a_hidden_event_hides_nothing_else(
    lie: dict[str, Any], hidden: int, codes: set[str], tmp_path: Path, verify: Verify
) -> None:
    log, _ = _built(tmp_path, facts=lie)
    _hide(log, hidden, "stream")
    assert verify(log.write(tmp_path / "e")).codes == codes


def _digest(fact: list[Any]) -> str:
    salted = bytes.fromhex(fact[2]) + jcs(fact[:2])
    return verify_log.sha256(b"\2", salted).hex()


def test_withheld_facts_are_bound_but_not_opened(tmp_path: Path, verify: Verify) -> None:
    log = vector_log()
    log.facts[1] = [
        _digest(f) if f[0] in {"name", "guardian_name", "id_number", "stream"} else f
        for f in log.facts[1]
    ]
    log.write(tmp_path / "e")
    put(tmp_path / "shapes", jcs(vector_log().shapes()))
    answer = verify(tmp_path / "e", "--shapes", str(tmp_path / "shapes"))
    assert answer.code == 0
    assert {"facts_withheld 4", "streams 1"} <= set(answer.out["unchecked"])


@pytest.mark.parametrize("name", ["type", "shape"])
def test_type_and_shape_are_always_disclosed(name: str, tmp_path: Path, verify: Verify) -> None:
    log = vector_log()
    log.facts[4] = [_digest(f) if f[0] == name else f for f in log.facts[4]]
    answer = verify(log.write(tmp_path / "e"))
    assert (answer.codes, answer.seqs) == ({"facts_shape"}, [4])


def test_values_of_facts_are_never_printed(folder: Path) -> None:
    for at, line in enumerate((b"null\n", b'[["n",1,"x"]]\n', b'["secret-value"]\n')):
        _fact_line(at, line)(folder)
    _replace("facts/002.jsonl", b"record.noted", b"secret.value")(folder)
    done = isolated(folder, "--policy", folder / "policy")
    assert done.returncode == 1
    assert not any(word in done.stdout + done.stderr for word in ("secret", "私密", "staff:7f"))


# Keys, witnesses, quorums.


def _signed_by(tmp_path: Path, *signers: Identity) -> Path:
    log = vector_log()
    log.signers = list(signers)
    return log.write(tmp_path / "signed")


WITNESSES = (
    f"log {LOG.vkey()} https://log.example/",
    f"witness A {W4.vkey()}",
    f"witness B {W4B.vkey()} https://b.example/",
    f"witness C {W6.vkey()}",
)


@pytest.mark.parametrize(
    ("rule", "signers", "code"),
    [
        ("any A B C", (W4,), 0),
        ("any A B C", (W6,), 0),
        ("any A B C", (), 1),
        ("2 A B C", (W4, W6), 0),
        ("2 A B C", (W4, W4), 1),
        ("all A B", (W4, W4B), 0),
        ("all A B", (W4, W6), 1),
    ],
)
def test_the_quorum_must_be_met(
    rule: str, signers: tuple[Identity, ...], code: int, tmp_path: Path, verify: Verify
) -> None:
    policy = policy_of(*WITNESSES, f"group G {rule}", quorum="G")
    answer = verify(_signed_by(tmp_path, LOG, *signers), policy=policy)
    assert answer.code == code
    assert answer.codes == ({"checkpoint_signature"} if code else set())
    assert "witnesses" not in answer.unchecked


def test_groups_stand_in_groups(tmp_path: Path, verify: Verify) -> None:
    lines = ("# a comment", "", " \t", "group G any A B", "group\tH all G C ")
    policy = policy_of(*WITNESSES, *lines, quorum="H")
    assert verify(_signed_by(tmp_path, LOG, W4B, W6), policy=policy).code == 0
    assert verify(_signed_by(tmp_path, LOG, W4, W4B), policy=policy).code == 1


def test_a_known_witness_that_fails_spoils_the_note(tmp_path: Path, verify: Verify) -> None:
    export = _signed_by(tmp_path, LOG)
    wrong = W4.line(Head(12, bytes(32)))
    put(export / "checkpoint", (export / "checkpoint").read_text("utf-8") + wrong)
    policy = policy_of(*WITNESSES)
    assert verify(export, policy=policy).codes == {"checkpoint_signature"}
    assert verify(export).code == 0  # To a policy without it, it is an unknown key.


def test_a_post_quantum_line_of_the_log_is_checked(tmp_path: Path, verify: Verify) -> None:
    policy = policy_of(f"log {LOG.vkey()}", f"log {PQ.vkey()}")
    assert verify(_signed_by(tmp_path, LOG, PQ), policy=policy).code == 0
    assert verify(_signed_by(tmp_path, PQ), policy=policy_of(f"log {PQ.vkey()}")).code == 0
    export = _signed_by(tmp_path, LOG)
    bad = PQ.line(Head(12, bytes(32)))
    put(export / "checkpoint", (export / "checkpoint").read_text("utf-8") + bad)
    assert verify(export, policy=policy).codes == {"checkpoint_signature"}


def test_without_ml_dsa_its_lines_are_unchecked(
    tmp_path: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(verify_log.ALGORITHMS, verify_log.ML_DSA)
    export = _signed_by(tmp_path, LOG, PQ, W6)
    logs = policy_of(f"log {LOG.vkey()}", f"log {PQ.vkey()}")
    answer = verify(export, policy=logs)
    assert (answer.code, "ml_dsa" in answer.unchecked) == (0, True)
    answer = verify(export, policy=policy_of(f"log {PQ.vkey()}"))
    assert (answer.code, answer.codes) == (2, set())
    answer = verify(export, policy=policy_of(*WITNESSES, quorum="C"))
    assert (answer.code, "ml_dsa" in answer.unchecked) == (2, True)
    answer = verify(_signed_by(tmp_path, LOG, PQ), policy=policy_of(*WITNESSES, quorum="C"))
    assert answer.code == 1


@pytest.mark.parametrize("extension", ["more\n", "a\tb\n", "a\n\nb\n", "\x1b\n"])
def test_a_checkpoint_has_no_extra_lines(
    extension: str, tmp_path: Path, verify: Verify
) -> None:
    log = vector_log()
    export = log.write(tmp_path / "e")
    put(export / "checkpoint", note(replace(log.head(), extension=extension), LOG))
    assert verify(export).code == 2


@pytest.mark.parametrize("witness", [W4, W6], ids=["ed25519", "ml-dsa-44"])
def test_a_time_out_of_range_spoils_the_note(
    witness: Identity, tmp_path: Path, verify: Verify
) -> None:
    log = vector_log()
    export = log.write(tmp_path / "e")
    for seconds, codes in ((2**63 - 1, set[str]()), (2**63, {"checkpoint_signature"})):
        text = note(log.head(), LOG) + witness.line(log.head(), seconds=seconds)
        put(export / "checkpoint", text)
        assert verify(export, policy=policy_of(*WITNESSES)).codes == codes


NEW = identity(ORIGIN, 1, 5)


def _rotated() -> Log:
    log = Log(signed=[6, 10])
    for seq in range(10):
        log.add(seq, "key.rotated" if seq == 5 else "record.noted")
    return log


def test_a_rotated_key_decides_nothing(tmp_path: Path, verify: Verify) -> None:
    answer = verify(_rotated().write(tmp_path / "e"))
    assert (answer.code, answer.codes) == (2, set())
    assert "key_rotation 1" in answer.out["unchecked"]


def test_two_keys_of_the_log_decide_nothing(tmp_path: Path, verify: Verify) -> None:
    policy = policy_of(f"log {LOG.vkey()}", f"log {NEW.vkey()}")
    export = vector_log().write(tmp_path / "e", facts=False)
    for path in (export, VECTORS["tlog_proof"]):
        answer = verify(path, policy=policy)
        assert (answer.code, "key_rotation" in answer.unchecked) == (2, True)
        assert answer.out["entry"] is None


def test_the_keys_of_another_log_are_no_matter(tmp_path: Path, verify: Verify) -> None:
    others = [f"log {identity('other.example', 1, seed).vkey()}" for seed in (6, 7)]
    export = vector_log().write(tmp_path / "e")
    assert verify(export, policy=policy_of(f"log {LOG.vkey()}", *others)).code == 0
    assert verify(export, policy=policy_of(*others)).codes == {"checkpoint_signature"}


BAD_POLICIES = {
    "nothing": "",
    "no quorum": f"log {LOG.vkey()}\n",
    "two quorums": POLICY + "quorum none\n",
    "unknown quorum": policy_of(f"log {LOG.vkey()}", quorum="X"),
    "unknown line": POLICY + "mirror x\n",
    "no vkey": policy_of("log"),
    "vkey without parts": policy_of("log x"),
    "vkey without key": policy_of("log x+00000000+"),
    "empty vkey": policy_of("log x+" + verify_log.sha256(b"x\n")[:4].hex() + "+"),
    "wrong key ID": policy_of("log " + LOG.vkey().replace("+81a312bf+", "+81a312be+")),
    "upper-case key ID": policy_of("log " + LOG.vkey().replace("+81a312bf+", "+81A312BF+")),
    "witness key as log": policy_of(f"log {W4.vkey()}"),
    "log key as witness": policy_of(f"witness A {LOG.vkey()}"),
    "same log twice": policy_of(f"log {LOG.vkey()}", f"log {LOG.vkey()}"),
    "same witness twice": policy_of(f"witness A {W4.vkey()}", f"witness B {W4.vkey()}"),
    "same name twice": policy_of(f"witness A {W4.vkey()}", f"witness A {W4B.vkey()}"),
    "witness called none": policy_of(f"witness none {W4.vkey()}"),
    "group of none": policy_of("group G any none"),
    "empty group": policy_of(*WITNESSES, "group G any"),
    "group of strangers": policy_of(*WITNESSES, "group G any A X"),
    "member twice": policy_of(*WITNESSES, "group G any A A"),
    "member of two groups": policy_of(*WITNESSES, "group G any A B", "group H any A C"),
    "group of itself": policy_of(*WITNESSES, "group G any G A"),
    "quorum of zero": policy_of(*WITNESSES, "group G 0 A B"),
    "quorum of three in two": policy_of(*WITNESSES, "group G 3 A B"),
    "quorum of 02": policy_of(*WITNESSES, "group G 02 A B"),
    "quorum before its group": policy_of(*WITNESSES, quorum="G") + "group G any A\n",
}


@pytest.mark.parametrize("name", BAD_POLICIES)
def test_a_bad_policy_decides_nothing(name: str, tmp_path: Path, verify: Verify) -> None:
    export = vector_log().write(tmp_path / "e")
    answer = verify(export, policy=BAD_POLICIES[name])
    assert (answer.code, answer.codes) == (2, set())
    assert "policy" in answer.err.splitlines()[-1]


# A proof of one event.


def test_the_proof_of_the_vectors_is_accepted(verify: Verify, tmp_path: Path) -> None:
    put(tmp_path / "shapes", jcs(vector_log().shapes()))
    answer = verify(VECTORS["tlog_proof"], "--shapes", str(tmp_path / "shapes"))
    assert (answer.code, answer.unchecked) == (0, {"facts_withheld", "witnesses"})
    assert answer.out["entry"] == {
        "seq": 2,
        "time": "2026-03-02T01:02:03.456789Z",
        "facts": ["minutes", "shape", "type", "volunteer"],
    }
    assert (answer.out["scope"], answer.out["size"]) == ("proof", 11)


def test_the_proof_shows_names_and_no_values(tmp_path: Path) -> None:
    put(tmp_path / "trusted", POLICY)
    put(tmp_path / "event.tlog-proof", VECTORS["tlog_proof"])
    done = isolated(tmp_path / "event.tlog-proof", "--policy", tmp_path / "trusted")
    assert done.returncode == 0
    assert "'minutes'" in done.stdout
    assert "150" not in done.stdout.splitlines()[1]
    assert "0b7a1f52" not in done.stdout


@pytest.mark.parametrize("size", [1, 2, 3, 7, 11])
def test_every_entry_can_be_proved_at_every_size(size: int, verify: Verify) -> None:
    log = vector_log()
    for seq in range(size):
        answer = verify(log.proof(seq, withhold=("name",), size=size))
        assert (answer.code, answer.out["entry"]["seq"]) == (0, seq)


def _proof_lines(change: Callable[[list[str]], object]) -> str:
    lines = VECTORS["tlog_proof"].split("\n")
    change(lines)
    return "\n".join(lines)


def _extra(change: Callable[[dict[str, Any]], Any]) -> str:
    log = vector_log()
    bound = {"entry": log.entries[2].decode(), "facts": log.facts[2]}
    change(bound)
    return _proof_lines(lambda lines: lines.__setitem__(1, "extra " + b64(jcs(bound))))


def _set(at: int, value: str) -> str:
    return _proof_lines(lambda lines: lines.__setitem__(at, value))


PROOF = VECTORS["tlog_proof"]
OTHER = vector_log().entries[3].decode()
INCLUSION, FORM = {"proof_inclusion"}, {"file_malformed"}
FALSE_PROOFS: dict[str, tuple[str, set[str]]] = {
    "another index": (_set(2, "index 3"), {"entry_wrong_seq", "proof_inclusion"}),
    "an index beyond": (_set(2, "index 11"), {"entry_wrong_seq", "proof_inclusion"}),
    "a path too short": (_proof_lines(lambda p: p.pop(6)), {"proof_inclusion"}),
    "a path too long": (_proof_lines(lambda p: p.insert(6, p[6])), {"proof_inclusion"}),
    "a path in another order": (_proof_lines(lambda p: p.insert(3, p.pop(4))), INCLUSION),
    "a hash cut": (_set(3, "AAAA"), {"file_malformed"}),
    "a hash in another spelling": (_set(3, PROOF.split("\n")[3][:-2] + "d="), FORM),
    "an index with a zero": (_set(2, "index 02"), {"file_malformed"}),
    "an index with a sign": (_set(2, "index +2"), {"file_malformed"}),
    "no index": (_proof_lines(lambda p: p.pop(2)), {"file_malformed"}),
    "another format": (_set(0, "c2sp.org/tlog-proof@v2"), {"file_malformed"}),
    "a format that looks alike": (_set(0, "c2sp-org/tlog-proof@v1"), {"file_malformed"}),
    "CRLF": (PROOF.replace("\n", "\r\n"), {"file_malformed"}),
    "more at the end": (PROOF + "x", {"file_malformed"}),
    "nothing": ("", {"file_malformed"}),
    "a wrong key": (
        PROOF[: PROOF.index("\n\n") + 2] + note(vector_log().head(), STRANGER),
        {"checkpoint_signature"},
    ),
    "another tree": (
        PROOF[: PROOF.index("\n\n") + 2] + note(Head(11, bytes(32)), LOG), {"proof_inclusion"},
    ),
    "an empty tree": (
        PROOF[: PROOF.index("\n\n") + 2] + note(Head(0, root_of([])), LOG), {"proof_inclusion"},
    ),
    "another entry": (
        _extra(lambda e: e.update(entry=OTHER)),
        {"facts_commitment", "entry_wrong_seq", "proof_inclusion"},
    ),
    "an entry with a space": (
        _extra(lambda e: e.update(entry=e["entry"] + " ")), {"file_malformed"},
    ),
    "no entry": (_proof_lines(lambda lines: lines.pop(1)), {"file_malformed"}),
    "an entry of another kind": (_extra(lambda e: e.update(entry=[e["entry"]])), FORM),
    "another value": (
        _extra(lambda e: e["facts"].__setitem__(5, ["minutes", 151, e["facts"][5][2]])),
        {"facts_commitment"},
    ),
    "a fact left out": (_extra(lambda e: e["facts"].pop()), {"facts_commitment"}),
    "no facts": (_extra(lambda e: e.update(facts=[])), {"facts_shape"}),
    "facts of text": (_extra(lambda e: e.update(facts="x")), {"facts_not_canonical"}),
    "a salt too long": (
        _extra(lambda e: e["facts"][5].__setitem__(2, "00" * 17)), {"facts_not_canonical"},
    ),
    "another member": (_extra(lambda e: e.update(x=1)), {"file_malformed"}),
    "no entry in extra": (_extra(lambda e: e.pop("entry")), {"file_malformed"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE_PROOFS)
def test_a_false_proof_is_named_and_shows_nothing(name: str, verify: Verify) -> None:
    proof, codes = FALSE_PROOFS[name]
    answer = verify(proof)
    assert (answer.code, answer.codes) == (1, codes)
    assert answer.out["entry"] is None


def test_a_proof_of_another_log_is_named(verify: Verify) -> None:
    """The log of the policy vouches for an entry that says it belongs elsewhere."""
    log = Log()
    log.add(1, "record.noted", {"entry": {"log": "x.example"}})
    assert verify(log.proof(0)).codes == {"entry_wrong_log"}


def test_a_proof_whose_quorum_is_missing_is_refused(verify: Verify) -> None:
    answer = verify(PROOF, policy=policy_of(*WITNESSES, quorum="A"))
    assert answer.codes == {"checkpoint_signature"}
    log = vector_log()
    log.signers = [LOG, W4]
    assert verify(log.proof(3), policy=policy_of(*WITNESSES, quorum="A")).code == 0


def test_a_name_in_the_wrong_place_is_named(verify: Verify, tmp_path: Path) -> None:
    shapes = vector_log().shapes()
    names = shapes["record.submitted"]["1"]
    shapes["record.submitted"]["1"] = sorted({*names, "moments"} - {"late"})
    put(tmp_path / "shapes", jcs(shapes))
    answer = verify(PROOF, "--shapes", str(tmp_path / "shapes"))
    assert answer.codes == {"facts_shape"}


def test_every_flipped_bit_of_a_proof_is_refused(verify: Verify, tmp_path: Path) -> None:
    data = PROOF.encode()
    for at in range(0, len(data), 5):
        altered = bytearray(data)
        altered[at] ^= 1 << (at % 8)
        put(tmp_path / "altered", bytes(altered))
        assert verify(tmp_path / "altered").code in (1, 2), at


# What the format refuses.


@pytest.mark.parametrize(
    "case", VECTORS["refuse"]["values"], ids=lambda case: str(case["what"])
)
def test_a_value_that_the_format_lacks_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        verify_log.decode(case["json"].encode())


@pytest.mark.parametrize(
    "case", VECTORS["refuse"]["entries"], ids=lambda case: str(case["what"])
)
def test_an_entry_in_another_spelling_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        verify_log.parse_entry(case["entry"].encode())


@pytest.mark.parametrize(
    "data",
    [
        b"-0", b"01", b"1.0", b"Infinity", b" 1", b"1 ", b"", b'"\xff"', b'"\\u00e9"', b'"\\/"',
        b'"\\u000a"', b'"\\u001F"', b'"\\u007f"', b'{"b":1,"a":1}', b'{"a b":1}', b'{"_a":1}',
        b'{"a":1,"a":1}', b'"\xef\xbf\xbe"', b'"\xf0\x9f\xbf\xbf"', b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf1", b"-9007199254740992", b"[" * 200_000, b"9" * 100_000,
        b"[" * 200_000 + b"]" * 200_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)  # fmt: skip
def test_only_one_spelling_is_canonical(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        verify_log.decode(data)


def test_control_characters_are_spelled_as_in_rfc_8785() -> None:
    short = {8: "b", 9: "t", 10: "n", 12: "f", 13: "r"}
    for code in range(1, 32):
        escape = short.get(code, f"u{code:04x}")
        assert verify_log.decode(f'"\\{escape}"'.encode()) == chr(code)
    assert verify_log.decode(b'"\x7f"') == "\x7f"
    assert verify_log.encode('\\"/é豈\u2028') == '"\\\\\\"/é豈\u2028"'.encode()


def test_the_hashes_of_the_vectors_are_reproduced() -> None:
    leaves: list[bytes] = []
    for row in VECTORS["rows"]:
        entry = row["entry"].encode()
        names, facts, commitment = verify_log.digest_facts(row["facts"])
        assert names == sorted(facts) == sorted(row["digests"])
        withheld = [row["digests"][name] for name in names]
        assert verify_log.digest_facts(withheld) == ([""] * len(names), {}, commitment)
        assert verify_log.parse_entry(entry)["facts"] == commitment
        leaf = verify_log.sha256(b"\0", entry)
        assert leaf.hex() == row["leaf"]
        leaves.append(leaf)
        assert verify_log.tree_hash(leaves).hex() == row["root"]
    point = verify_log.Checkpoint(VECTORS["checkpoint"]["note"].encode())
    assert (point.size, point.root) == (11, verify_log.tree_hash(leaves))
    policy = verify_log.Policy(f"log {VECTORS['checkpoint']['vkey']}\nquorum none".encode())
    ((key, (role, name, key_id)),) = policy.keys.items()
    assert (role, point.signatures[0][0]) == (f"log {ORIGIN}", name)
    assert point.signatures[0][1][:4] == key_id
    assert point.verify(name, key, point.signatures[0][1][4:]) is True


def test_the_paths_of_the_vectors_lead_to_the_root() -> None:
    root = bytes.fromhex(VECTORS["rows"][-1]["root"])
    leaves = [bytes.fromhex(row["leaf"]) for row in VECTORS["rows"]]
    for case in VECTORS["inclusion"]:
        path = [bytes.fromhex(node) for node in case["proof"]]
        index = case["index"]
        assert verify_log.climb(leaves[index], path, index, 11) == root
        assert path == path_of(leaves, index)
        for wrong in range(14):
            got = verify_log.climb(leaves[index], path, wrong, 11)
            assert (got == root) == (wrong == index)
        for other in (path[:-1], [*path, path[0]]):
            assert verify_log.climb(leaves[index], other, index, 11) == b""
    assert verify_log.climb(leaves[0], [], 0, 1) == leaves[0]
    assert verify_log.climb(leaves[0], [], 0, 0) == b""


def test_tiles_lie_where_the_specification_says(tmp_path: Path) -> None:
    put(tmp_path / "checkpoint", note(Head(0, root_of([])), LOG))
    audit = verify_log.Audit(tmp_path, POLICY.encode(), b"{}")
    put(tmp_path / "tile/0/x001/x234/067", "here")
    assert audit._read("tile/0/{}", 1234067, 256) == ("tile/0/x001/x234/067", b"here")
    assert audit._read("tile/entries/{}", 273, 112) == ("tile/entries/273.p/112", b"")
    assert audit._read("facts/{}.jsonl", 1000, 256)[0] == "facts/x001/000.jsonl"


# Hostile or broken input ends in words, never in a traceback.


GARBAGE = [
    b"",
    b"\n",
    b"\0" * 100,
    b"[" * 100_000,
    b"9" * 9000,
    b"\n\n\n",
    b"\xff" * 70,
    b"null\n",
]


def _garbage() -> list[bytes]:
    chance = random.Random(7)
    return [*GARBAGE, *(chance.randbytes(chance.randrange(1, 500)) for _ in range(4))]


def test_garbage_in_any_file_is_a_finding(tmp_path: Path, verify: Verify) -> None:
    export = vector_log().write(tmp_path / "e")
    trusted = {"policy", "log.vkey", "shapes.json"}
    for path in sorted(p for p in export.rglob("*") if p.is_file() and p.name not in trusted):
        before = path.read_bytes()
        for data in _garbage():
            path.write_bytes(data)
            assert verify(export).code in (1, 2), path
        path.write_bytes(before)
    assert verify(export).code == 0


def test_each_file_that_vanishes_is_noticed(tmp_path: Path, verify: Verify) -> None:
    export = vector_log().write(tmp_path / "e")
    for path in sorted(p for p in export.rglob("*") if p.is_file()):
        before = path.read_bytes()
        path.unlink()
        answer = verify(export)
        believed = path.name in {"policy", "log.vkey", "shapes.json"}
        believed |= path.parent.name == "checkpoints"
        assert (answer.code == 0) == believed, path
        path.write_bytes(before)


def test_garbage_as_a_proof_is_a_finding(verify: Verify, tmp_path: Path) -> None:
    for data in _garbage():
        put(tmp_path / "p", data)
        assert verify(tmp_path / "p").codes == {"file_malformed"}


def test_garbage_as_a_policy_decides_nothing(tmp_path: Path) -> None:
    export = vector_log().write(tmp_path / "e")
    for data in _garbage():
        put(tmp_path / "p", data)
        done = isolated(export, "--policy", tmp_path / "p", "--json")
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert done.stdout == ""


@pytest.mark.parametrize("data", GARBAGE)
def test_a_checkpoint_of_garbage_leaves_no_traceback(data: bytes, folder: Path) -> None:
    put(folder / "checkpoint", data)
    done = isolated(folder, "--policy", folder / "policy")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_path_that_leads_nowhere_decides_nothing(tmp_path: Path, verify: Verify) -> None:
    assert verify(tmp_path / "missing").code == 2
    (tmp_path / "empty").mkdir()
    assert verify(tmp_path / "empty").code == 2


@pytest.mark.parametrize("lie", [_remove, _cut, lambda name: _replace(name, b"\n", b"\r\n")])
def test_an_export_without_a_readable_checkpoint_decides_nothing(
    lie: Callable[[str], Callable[[Path], None]], folder: Path, verify: Verify
) -> None:
    lie("checkpoint")(folder)
    answer = verify(folder)
    assert (answer.code, answer.out) == (2, NOTHING)
    assert "not a signed checkpoint" in answer.err


def test_each_bundle_beyond_the_checkpoint_is_named_once_by_its_first_entry(
    folder: Path, verify: Verify
) -> None:
    for name in ("002", "002.p/89", "003.p/1", "x001/000"):
        put(folder / f"tile/entries/{name}", b"")
    # Of no bundle, or covered by the checkpoint.
    for name in ("x000/003", "003.p/256", "003.p/0", "3", "003.p/999", "001.p/7", "002.p/87"):
        put(folder / f"tile/entries/{name}", b"")
    assert verify(folder).seqs == [600, 768, 256_000]


def test_missing_trust_decides_nothing(folder: Path) -> None:
    for more in (
        ["--policy", "/x"],
        ["--policy", str(folder / "policy"), "--shapes", "/x"],
        [],
    ):
        done = isolated(folder, *more)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_an_empty_log_is_nothing_to_check(tmp_path: Path, verify: Verify) -> None:
    put(tmp_path / "e/checkpoint", note(Head(0, root_of([])), LOG))
    answer = verify(tmp_path / "e")
    assert (answer.code, "no_entry" in answer.unchecked) == (2, True)


def test_a_pipe_is_not_waited_for(folder: Path, verify: Verify) -> None:
    (folder / "tile/0/001").unlink()
    os.mkfifo(folder / "tile/0/001")
    assert verify(folder).codes == {"tile_differs"}


def test_a_name_cannot_command_the_terminal(folder: Path) -> None:
    put(folder / "checkpoints/\x1b[2J\u202e", "x")
    put(folder / "checkpoint", note(Head(600, bytes(32), "evil\u202e\x9b2J"), LOG))
    done = isolated(folder, "--policy", folder / "policy")
    assert done.returncode == 1
    assert all(line.isprintable() for line in done.stdout.splitlines())
