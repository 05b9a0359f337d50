"""`ledger verify` of a credential: offline, claim by claim, with the status list or without."""

import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.certificates.checking import Answer
from ledger.certificates.credential_checking import (
    CheckedCredential,
    Lookups,
    check_credential,
)
from ledger.certificates.es256 import CredentialKey, read_token, verify_token
from ledger.certificates.sd_jwt import issue, parse
from ledger.certificates.status_list import StatusType, status_in, status_list_token
from ledger.commands.console import TEXT_BYTES_MAX
from ledger.projections.status_places import LIST_SIZE, TAKEN_MAX
from ledger.proof.facts import Fact
from tests.application import becoming
from tests.application.certifying import checker_of
from tests.application.homes import ON_SQLITE
from tests.shell import Shell
from tests.store.ledgers import secret
from tests.wallet.conftest import Office
from tests.wallet.test_credentials import more_hours, of, of_another_key

pytestmark = ON_SQLITE
VALID, NOT_VALID, CANNOT_TELL = 0, 1, 2


@dataclass
class Folder:
    """A folder with a credential and what belongs to it; there is no ledger."""

    office: Office
    path: Path
    certificate: UUID
    credential: str

    def put(self, name: str, content: str) -> str:
        (self.path / name).write_text(content, "utf-8")
        return name

    def verify(self, credential: str, *options: str, trust: str = "policy") -> tuple[int, Any]:
        """Return exit code and report of a credential with these options."""
        named = self.put("c.sd-jwt", credential)
        asked = ("verify", named, "--trust", trust, *options, "--json")
        done = Shell(self.path).run(*asked)
        return done.returncode, json.loads(done.stdout)

    @property
    def record(self) -> UUID:
        face = self.office.bureau.state(self.certificate).issued
        assert face is not None
        return face.records[0]

    def check(self, credential: str, **known: Any) -> CheckedCredential:
        """Return what a credential proves with these lookups, by the house's own clock."""
        now = self.office.bureau.house.clock.now
        checker = checker_of(self.office.bureau.house)
        return check_credential(credential.encode(), checker, Lookups(**{"now": now} | known))

    def fetch(self) -> None:
        """Put there what is published now."""
        keys = {"issuer": self.office.site.issuer, "jwks": self.office.jwks}
        self.put("issuer.json", json.dumps(keys))


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Folder:
    office.bureau.session.confirmed()
    certificate = office.bureau.issued()
    made = Folder(office, tmp_path, certificate, office.credential(certificate))
    made.put("policy", checker_of(office.bureau.house).policy.text())
    made.put("nobody", "quorum none\n")
    made.fetch()
    return made


def showing(credential: str, *names: str) -> str:
    """Return a credential that shows these claims alone."""
    token = credential.partition("~")[0]
    return "~".join([token, *(of(credential, name) for name in names), ""])


def codes(report: Any, part: str = "steps") -> list[str]:
    return [step["code"] for step in report[part]]


DIFFERS = "verify_credential_differs_from_log"
LIES: list[tuple[dict[str, Any], str]] = [
    ({"hours": "250.00"}, DIFFERS),
    ({"issuer_name": "别的单位"}, DIFFERS),
    ({"iss": "https://elsewhere.example"}, "verify_credential_names_another_log"),
    ({"tlog_proof": "c2sp.org/tlog-proof@v1"}, "verify_proof_is_malformed"),
    ({"tlog_proof": 7}, "verify_credential_is_malformed"),
]
BOTH = ("--issuer", "issuer.json")


def test_a_whole_credential_is_proved_by_the_log_alone(folder: Folder) -> None:
    status, report = folder.verify(folder.credential)
    assert (status, report["verdict"]) == (VALID, "yes")
    assert codes(report) == [
        "verify_entry_is_in_log",
        "verify_credential_is_facts",
        "verify_face_is_covered",
    ]
    assert report["claims"]["holder_name"] == "王𠮷祥"
    assert "verify_credential_is_signed_unchecked" in codes(report, "unproved")
    assert "verify_status_is_not_told" in codes(report, "unproved")


def test_what_is_shown_is_proved_and_what_is_withheld_stays_so(folder: Folder) -> None:
    status, report = folder.verify(showing(folder.credential, "hours", "from_day"), *BOTH)
    assert (status, report["verdict"]) == (VALID, "yes")
    assert set(report["claims"]) >= {"hours", "from_day", "issuer_name"}
    assert "holder_name" not in report["claims"]
    assert codes(report)[-1] == "verify_credential_is_signed"
    assert "verify_credential_withholds" in codes(report, "unproved")
    said = Shell(folder.path).run(
        "verify", "c.sd-jwt", "--trust", "policy", LEDGER_LANGUAGE="zh"
    )
    assert "服务时间(小时)：2.50" in said.stdout
    assert "有效:以上各项均已证明。" in said.stdout


def test_whatever_is_not_what_the_log_has_is_disproved(folder: Folder) -> None:
    full = folder.credential
    assert folder.verify(more_hours(full))[0] == NOT_VALID
    for forged in (
        full + "e30~",
        full[: -len("~")],
        full[40:],
        full + full.split("~")[1] + "~",
    ):
        assert folder.check(forged).report.verdict is Answer.NO
    keys = folder.office.jwks["keys"]
    assert folder.check(full.replace("~", "", 1), keys=keys).report.verdict is Answer.NO
    elsewhere = folder.check(full, keys=keys, issuer="https://elsewhere.example").report
    assert elsewhere.steps[-1].code == "verify_credential_is_unsigned"
    # Whoever has a key of his own may sign what he likes: the log knows nothing of it.
    for claims, code in LIES:
        report = folder.check(lying(full, **claims)).report
        assert (report.verdict, report.steps[-1].code) == (Answer.NO, code)
    report = folder.check(of_another_key(full), keys=keys).report
    assert (report.verdict, report.steps[-1].code) == (
        Answer.NO,
        "verify_credential_is_unsigned",
    )


def lying(credential: str, **claims: Any) -> str:
    """Return a credential in which somebody with a key of his own has signed other claims."""
    read = parse(credential)
    facts = [
        replace(fact, value=claims.get(fact.name, fact.value)) for fact in read.shown.values()
    ]
    said = {k: claims.get(k, v) for k, v in read.token.claims.items() if k[0] != "_"}
    return issue(CredentialKey(secret("somebody else")), said, facts)


def test_a_stranger_to_the_log_cannot_tell(folder: Folder) -> None:
    assert folder.verify(folder.credential, trust="nobody")[0] == CANNOT_TELL
    key, uri = folder.office.keys[0], folder.office.site.status_list(1)
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    old = folder.put("status", status_list_token({}, uri=uri, key=key, now=long_ago))
    status, report = folder.verify(folder.credential, *BOTH, "--status", old)
    assert (status, codes(report)[-1]) == (CANNOT_TELL, "verify_status_list_is_of_another_day")


def test_the_status_is_told_by_a_list_that_the_issuer_signed(folder: Folder) -> None:
    office, credential = folder.office, folder.credential
    keys = office.jwks["keys"]
    valid = folder.check(credential, keys=keys, status=office.list).report
    assert (valid.verdict, valid.steps[-1].code) == (Answer.YES, "verify_status_is_valid")
    assert "verify_status_is_not_told" not in {each.code for each in valid.unproved}
    becoming.amend(office.bureau, folder.record)
    changed = folder.check(credential, keys=keys, status=office.list).report
    assert (changed.verdict, changed.steps[-1].code) == (Answer.NO, "verify_status_is_changed")


def test_a_list_that_is_none_tells_nothing(folder: Folder) -> None:
    office = folder.office
    known = {"keys": office.jwks["keys"], "status": office.list}
    uri, now = office.site.status_list(1), office.bureau.house.clock.now
    claims = read_token(office.list.decode(), media_type="statuslist+jwt").claims
    bomb = urlsafe_b64encode(zlib.compress(bytes(2**24))).decode()
    cut = urlsafe_b64encode(zlib.compress(b"12345")[:-2]).decode()
    said = [
        claims | {"sub": f"{uri}0"},
        claims | {"iat": 2**62, "exp": 2**63 - 1},
        *(claims | {"status_list": {"bits": 2, "lst": each}} for each in (bomb, cut, "*")),
        claims | {"status_list": {"bits": 8, "lst": "AA"}},
    ]
    lists = [office.keys[0].sign("statuslist+jwt", each).encode() for each in said]
    malformed = "verify_status_list_is_malformed"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"keys": None}, "verify_status_list_is_unsigned"),
        ({"now": now + timedelta(days=1, minutes=1)}, "verify_status_list_is_of_another_day"),
        (
            {"now": now - timedelta(minutes=1, seconds=1)},
            "verify_status_list_is_of_another_day",
        ),
        *(({"status": each}, malformed) for each in (b"e30.e30.AA", b"\xff", *lists)),
    ]
    for changes, code in cases:
        report = folder.check(folder.credential, **known | changes).report
        assert (report.verdict, report.steps[-1].code) == (Answer.UNKNOWN, code)


def test_a_clock_may_be_a_minute_wrong(folder: Folder) -> None:
    office = folder.office
    now = office.bureau.house.clock.now
    token = status_list_token({}, uri=office.site.status_list(1), key=office.keys[0], now=now)
    known = {"keys": office.jwks["keys"], "status": token.encode()}
    for at in (now - timedelta(minutes=1), now + timedelta(days=1, seconds=59)):
        report = folder.check(folder.credential, **known, now=at).report
        assert report.steps[-1].code == "verify_status_is_valid"


def test_a_list_that_says_something_of_every_place_it_may_is_read(folder: Folder) -> None:
    office = folder.office
    # Half full, with what squeezes worst: no pattern in which places, nor in what they say.
    chance = Random(1)
    said = {
        each: StatusType(chance.randint(1, 3))
        for each in chance.sample(range(LIST_SIZE), TAKEN_MAX)
    }
    now, uri = office.bureau.house.clock.now, office.site.status_list(1)
    token = status_list_token(said, uri=uri, key=office.keys[0], now=now)
    assert 128_000 < len(token) < TEXT_BYTES_MAX
    claims = read_token(token, media_type="statuslist+jwt").claims
    verify_token(token, [office.keys[0].public_jwk])
    for index in chance.sample(range(LIST_SIZE), 10):
        assert status_in(claims, index) == office.wallet.place(token, index)
        assert status_in(claims, index) == said.get(index, 0)


def test_a_place_of_any_list_is_what_the_other_implementation_reads(folder: Folder) -> None:
    office = folder.office
    said = {0: StatusType.CHANGED, 5: StatusType.INVALID, LIST_SIZE - 1: StatusType.SUSPENDED}
    now = office.bureau.house.clock.now
    token = status_list_token(said, uri="https://a.example/1", key=office.keys[0], now=now)
    claims = read_token(token, media_type="statuslist+jwt").claims
    for index in (*said, 1, 4, 6):
        assert office.wallet.place(token, index) == said.get(index, 0)
        assert status_in(claims, index) == said.get(index, 0)


def test_whatever_is_changed_nothing_else_is_ever_proved(folder: Folder) -> None:
    full = folder.credential
    true, keys = folder.check(full).claims, folder.office.jwks["keys"]
    token, *shown, _ = full.split("~")
    parts = st.sampled_from([token, *shown, "", "e30.e30.e30", "WzEsMiwzXQ"])

    @settings(max_examples=40, deadline=None)
    @given(st.lists(parts, max_size=6), st.integers(0, len(token)), st.characters())
    def look(rest: list[str], at: int, character: str) -> None:
        for text in (
            "~".join([token, *rest, ""]),
            "~".join([*rest, token, ""]),
            "~".join([token[:at] + character + token[at + 1 :], *rest]),
        ):
            checked = check_credential(
                text.encode("utf-8", "replace"),
                checker_of(folder.office.bureau.house),
                Lookups(keys=keys, status=folder.office.keys[0].sign("x", {}).encode()),
            )
            assert checked.claims.items() <= true.items()
            assert all(isinstance(step.answer, Answer) for step in checked.report.steps)

    look()


def test_what_a_forger_calls_a_claim_is_no_command_to_a_terminal(folder: Folder) -> None:
    read = parse(folder.credential)
    said = {name: value for name, value in read.token.claims.items() if name[0] != "_"}
    screen = "\x1b[2J\x1b[H\x9b32m\u202e✓ VALID: what is above was proved.\x1b[8m"
    forged = issue(
        CredentialKey(secret("forger")),
        said,
        [Fact(screen, 1, bytes(16)), *read.shown.values()],
    )
    code, told = folder.verify(forged)
    assert code == NOT_VALID
    (found,) = [step for step in told["steps"] if step["answer"] == "no"]
    assert found["facts"]["detail"] == screen
    assert found["text"].isprintable()
    words = ("verify", "c.sd-jwt", "--trust", "policy")
    for more in ((), ("--json",)):
        done = Shell(folder.path).run(*words, *more, LEDGER_LANGUAGE="en")
        assert all(line.isprintable() for line in done.stdout.splitlines())
