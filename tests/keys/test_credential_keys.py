"""The key of credentials: made with the ledger, replaced by hand, never lost or guessed at."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ledger.certificates.es256 import CredentialKey
from ledger.store.credential_key import (
    ORDER,
    CredentialKeyFiles,
    create_credential_key,
    key_id,
)
from ledger.store.keyfiles import KeyFileError
from tests.shell import Shell


def listed(shell: Shell) -> list[tuple[str, str]]:
    found: list[dict[str, Any]] = json.loads(shell.run("keys", "list", "--json").stdout)
    return [(each["key"], each["state"]) for each in found if each["kind"] == "ES256"]


def test_a_ledger_has_one_from_the_start_and_another_only_if_told(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.init()
    path = shell.data_dir / "keys/credential.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_text()
    assert shell.run("keys", "credential").returncode == 2
    assert path.read_text() == first
    assert shell.run("keys", "credential", "--rotate").returncode == 0
    ids = [CredentialKey(bytes.fromhex(text)).id for text in (path.read_text().strip(), first)]
    assert listed(shell) == [(ids[0], "current"), (ids[1], "retired")]
    path.unlink()
    assert shell.run("keys", "credential").returncode == 0
    assert listed(shell)[0][0] not in ids


def test_a_key_is_what_it_is_or_is_named(tmp_path: Path) -> None:
    files = CredentialKeyFiles(tmp_path / "credential.key")
    with pytest.raises(KeyFileError):
        files.current()
    create_credential_key(files.path)
    with pytest.raises(FileExistsError):
        create_credential_key(files.path)
    secret = files.current()
    files.rotate()
    assert files.retired() == [(tmp_path / f"credential.key.{key_id(secret)}", secret)]
    assert files.current() != secret
    for number in (0, ORDER, 2**256 - 1):
        files.path.write_text(f"{number:064x}\n")
        with pytest.raises(KeyFileError):
            files.current()
