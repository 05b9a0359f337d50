"""examples/submit.py: what it signs is taken, and what it sent once it can send again."""

import importlib.util
import json
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ledger.application.signed_body import digest_of, parse_body, read_manifest, verify

FILE = Path(__file__).parent.parent.parent / "examples" / "submit.py"
KID, AUD = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10", "ledger.example/log/110000"
NOBODY = "http://127.0.0.1:1"
ITEMS: list[dict[str, Any]] = [{"act": "record.publicize", "id": KID}, {"act": "姓名"}]


@pytest.fixture(scope="module")
def submit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("submit", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_key_is_its_owners_alone_and_is_never_written_over(
    submit: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "key.pem"
    public = submit.make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert submit.read_key(path).public_key().public_bytes_raw().hex() == public
    with pytest.raises(FileExistsError):
        submit.make_key(path)


def test_the_ledger_takes_what_it_signs(submit: ModuleType, tmp_path: Path) -> None:
    public = submit.make_key(tmp_path / "key.pem")
    key = submit.read_key(tmp_path / "key.pem")
    body = parse_body(submit.submission(key, KID, AUD, ITEMS, "itemised"))
    assert verify(body, public)
    manifest = read_manifest(body)
    assert (manifest.aud, manifest.mode, str(body.key)) == (AUD, "itemised", KID)
    assert manifest.records == [digest_of(each) for each in body.records]
    nonces = [json.loads(each).pop("nonce") for each in body.records]
    assert len({*nonces}) == len(ITEMS)
    assert all(len(each) >= 22 for each in nonces)


def test_what_was_not_answered_is_kept_to_be_sent_again(
    submit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = submit.make_key(tmp_path / "key.pem")
    (tmp_path / "items.json").write_text(json.dumps(ITEMS))
    key, items, receipt = (str(tmp_path / name) for name in ("key.pem", "items.json", "r"))

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["submit.py", *arguments])
        status: int = submit.main()
        return status

    post = ("post", key, items, receipt, "--kid", KID, "--aud", AUD, "--url", NOBODY)
    assert run(*post) == submit.NO_ANSWER
    sent = (tmp_path / "r" / "submission.json").read_bytes()
    assert verify(parse_body(sent), public)
    # Another submission does not take its place.
    assert run(*post) == submit.NOT_SENT
    assert run("again", receipt, "--url", NOBODY) == submit.NO_ANSWER
    assert (tmp_path / "r" / "submission.json").read_bytes() == sent


def test_a_receipt_becomes_one_file_an_entry(submit: ModuleType, tmp_path: Path) -> None:
    entries = [{"seq": seq, "proof": f"c2sp.org/tlog-proof@v1\n{seq}\n"} for seq in (7, 8)]
    answer = {"receipt": {"checkpoint": "log\n9\n", "entries": entries}}
    paths = submit.keep(answer, tmp_path / "r")
    assert [path.name for path in paths] == ["7.tlog-proof", "8.tlog-proof"]
    assert [path.read_text() for path in paths] == [each["proof"] for each in entries]
    assert (tmp_path / "r" / "checkpoint").read_text() == "log\n9\n"
