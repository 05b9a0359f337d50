"""The operator's commands for the log's keys: which there are, and putting another in force."""

import json
from typing import Annotated

import typer

from ledger.application.listing_keys import KIND_NAMES, list_credential_keys, list_keys
from ledger.application.recording_repair import finish_recovery
from ledger.application.rotating import Rotated, finish_rotation, rotate_key
from ledger.application.texts import say
from ledger.commands.console import explained, language, out, stop
from ledger.proof.note import KeyType
from ledger.proof.policy import NO_QUORUM
from ledger.store.instance import InstanceRunningError
from ledger.wiring import keeping
from ledger.wiring.parts import Wiring, open_ledger

app = typer.Typer(help="The log's keys 日志密钥", no_args_is_help=True)


@app.command("list")
def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON 输出 JSON")] = False,
) -> None:
    """Show every key, the sizes it vouches for, and its file 列出密钥及其作保范围."""
    with explained() as settings:
        ledger = open_ledger(settings)
        listed = list_keys(ledger.key_rows.history(), ledger.key_files)
        credentials = list_credential_keys(ledger.credential_keys)
        ledger.close()
        if as_json:
            said = [each.as_json() for each in listed]
            said += [each.as_json() for each in credentials]
            print(json.dumps(said, indent=2))  # noqa: T201, TID251
            return
        for each in listed:
            facts = {name: "–" if v is None else v for name, v in each.as_json().items()}
            facts["key"] = each.key.label
            out.print(say("key_line", language(), **facts), markup=False)
        for held in credentials:
            out.print(say("credential_key_line", language(), **held.as_json()), markup=False)


@app.command()
def credential(
    rotate_it: Annotated[
        bool, typer.Option("--rotate", help="Put another one in force 更换")
    ] = False,
) -> None:
    """Make the key of credentials where there is none, or another one 凭证密钥."""
    with explained() as settings:
        ledger = open_ledger(settings)
        files = ledger.credential_keys
        ledger.close()
        if files.path.exists() and not rotate_it:
            stop("credential_key_is_there", path=files.path)
        files.rotate()
        (held, *_) = list_credential_keys(files)
        out.print(say("credential_key_made", language(), **held.as_json()), markup=False)


@app.command()
def rotate(
    mldsa: Annotated[
        bool, typer.Option(help="The ML-DSA-44 key; the first one if there is none 抗量子密钥")
    ] = False,
) -> None:
    """Put a new key in force, while the service is stopped 轮换密钥(须先停止服务)."""
    with explained() as settings:
        ledger = open_ledger(settings)
        try:
            with ledger.exclusive():
                ledger.migrate()
                with keeping.recording_repair(ledger) as record:
                    finish_recovery(record)
                finished = finish_rotation(ledger.key_parts)
                kind = KeyType.MLDSA44 if mldsa else KeyType.ED25519
                done = finished or rotate_key(ledger.key_parts, kind)
        except InstanceRunningError as error:
            stop("service_runs", what=error)
        finally:
            ledger.close()
        _tell(ledger, done, finished=finished is not None)


def _tell(ledger: Wiring, done: Rotated, *, finished: bool) -> None:
    facts = {
        "seq": done.seq,
        "size": done.seq + 1,
        "kind": KIND_NAMES[done.key.type],
        "key": done.key.text(),
        "file": ledger.key_files.current(done.key.type),
        "policy": ledger.paths.policy,
    }
    code = "key_rotation_finished" if finished else "key_rotated"
    out.print(say(code, language(), **facts), markup=False)
    witnessed = ledger.policy.quorum != NO_QUORUM
    code = "key_rotated_witnesses" if witnessed else "key_rotated_unwitnessed"
    out.print(say(code, language(), **facts), markup=False)
