"""A certificate checked after the world went on: it says what was proved, and as of when."""

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.application.forms.record import AmendmentForm
from ledger.certificates.checking import Answer, Report
from ledger.proof.checkpoint import add_signatures, parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, parse_note
from ledger.proof.policy import NO_QUORUM, Policy, PolicyLog, PolicyWitness
from ledger.proof.signers import SigningKey
from tests.application.certifying import Bureau, checker_of, handing_out_of, open_bureau
from tests.application.homes import (
    ON_SQLITE,
    home,
    house,
    postgres_town,
    sqlite_town,
    town,
)
from tests.application.house import House
from tests.application.serving import SERVICE
from tests.application.town import Town
from tests.certificates.signed import codes

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]

pytestmark = ON_SQLITE
COSIGNED_AT = 1_795_000_000
WITNESSES = [
    SigningKey(f"witness{n}.example", KeyType.COSIGNATURE, bytes([n + 1]) * 32)
    for n in range(2)
]


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    made = open_bureau(house, town)
    made.session.confirmed()
    return made


def printed_pdf(bureau: Bureau, *cosigners: SigningKey) -> bytes:
    """Return a certificate under a checkpoint with these cosignatures."""
    certificate = bureau.request(mode="self_printed")
    out = handing_out_of(bureau.house)

    def cosigned() -> bytes | None:
        note = out.checkpoint()
        assert note is not None
        signed = parse_note(note)
        checkpoint = parse_checkpoint(signed.text)
        lines = [sign_checkpoint(checkpoint, each, timestamp=COSIGNED_AT) for each in cosigners]
        return add_signatures(signed, lines).encode()

    return replace(out, checkpoint=cosigned).pdf(bureau.session.herself, certificate)


def checked(bureau: Bureau, pdf: bytes, policy: Policy) -> Report:
    return replace(checker_of(bureau.house), policy=policy).check(pdf)


def test_a_key_of_the_log_that_was_rotated_since_signs_for_its_time(bureau: Bureau) -> None:
    pdf = printed_pdf(bureau)
    old = bureau.house.ledger.signing_keys[0]
    new = SigningKey(old.name, old.type, b"\x77" * 32).verifier_key
    both = Policy((PolicyLog(new), PolicyLog(old.verifier_key)), (), (), NO_QUORUM)
    assert checked(bureau, pdf, both).verdict is Answer.YES
    report = checked(bureau, pdf, Policy((PolicyLog(new),), (), (), NO_QUORUM))
    assert codes(report, Answer.UNKNOWN) == ["verify_checkpoint_is_not_trusted"]
    assert report.steps[0].facts["step"] == "log signature"


def test_a_witness_that_one_trusts_no_more_leaves_it_untold(bureau: Bureau) -> None:
    gone, kept = WITNESSES
    pdf = printed_pdf(bureau, gone)
    logs = (PolicyLog(bureau.house.ledger.signing_keys[0].verifier_key),)
    before = Policy(logs, (PolicyWitness("gone", gone.verifier_key),), (), "gone")
    after = Policy(logs, (PolicyWitness("kept", kept.verifier_key),), (), "kept")
    assert checked(bureau, pdf, before).verdict is Answer.YES
    report = checked(bureau, pdf, after)
    assert codes(report, Answer.UNKNOWN) == ["verify_checkpoint_is_not_trusted"]
    assert report.steps[0].facts["step"] == "quorum"


def test_an_amended_record_leaves_proved_what_was_proved_as_of_then(bureau: Bureau) -> None:
    pdf = printed_pdf(bureau)
    session = bureau.session
    (record,) = _records(bureau, pdf)
    longer = SERVICE | {"end": "2026-11-20T13:00+08:00", "reason": "结束时间填错。"}
    amendment = session.reviewing.propose_amendment(
        session.town.recorder, record, AmendmentForm.model_validate(longer)
    ).value
    bureau.house.clock.set("2026-12-14 09:00")
    session.reviewing.accept(session.town.reviewer, record, amendment)
    report = checker_of(bureau.house).check(pdf)
    assert report.verdict is Answer.YES
    assert report.face is not None
    assert report.face.minutes == 150
    (untold,) = report.unproved
    assert untold.code == "verify_status_is_not_told"
    size = untold.facts["size"]
    assert isinstance(size, int)
    assert size < len(bureau.house.ledger.rows())  # and it says so of that size alone


def _records(bureau: Bureau, pdf: bytes) -> tuple[UUID, ...]:
    face = checker_of(bureau.house).check(pdf).face
    assert face is not None
    return face.records
