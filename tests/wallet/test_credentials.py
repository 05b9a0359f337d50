"""Credentials as another implementation verifies them: shown, forged, and gone since."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest

from ledger.application.forms.certificate import RevocationForm
from ledger.certificates.checking import Answer
from ledger.certificates.credential import ALWAYS, WITHHELD
from ledger.certificates.credential_checking import check_credential
from ledger.certificates.es256 import CredentialKey
from tests.application import becoming
from tests.application.certifying import Bureau, checker_of
from tests.application.homes import ON_SQLITE
from tests.application.volunteering import erase
from tests.store.ledgers import secret
from tests.wallet.conftest import Office

pytestmark = ON_SQLITE
HERS = ("holder_name", "id_number", "id_type", "volunteer", "lines", "number", "stream")


def said(disclosure: str) -> Any:
    return orjson.loads(urlsafe_b64decode(disclosure + "=="))


def of(credential: str, name: str) -> str:
    """Return the disclosure of a claim."""
    return {said(each)[1]: each for each in credential.split("~")[1:-1]}[name]


def claimed(credential: str, name: str) -> str:
    return str(said(of(credential, name))[2])


def changed(disclosure: str, value: Any) -> str:
    """Return a disclosure that says something else under the same salt."""
    salt, name, _ = said(disclosure)
    return urlsafe_b64encode(orjson.dumps([salt, name, value])).decode().rstrip("=")


def test_a_credential_shows_the_whole_face_and_is_valid(office: Office) -> None:
    office.bureau.session.confirmed()
    certificate = office.bureau.issued()
    verdict = office.verify(office.credential(certificate))
    assert (verdict.ok, verdict.status, verdict.error) == (True, 0, None)
    claims = dict(verdict.claims or {})
    face = office.bureau.state(certificate).issued
    assert face is not None
    assert {*ALWAYS, *WITHHELD} <= claims.keys()
    assert (claims["holder_name"], claims["hours"]) == ("王𠮷祥", "2.50")
    assert (claims["number"], claims["iss"]) == (face.number, office.site.issuer)
    assert claims["lines"][0]["minutes"] == 150


def test_its_holder_shows_some_claims_and_nothing_tells_the_others(office: Office) -> None:
    office.bureau.session.confirmed()
    full = office.credential(office.bureau.issued())
    verdict = office.verify(full, show=["hours", "issued_on"])
    claims, presented = dict(verdict.claims or {}), verdict.presented or ""
    assert verdict.ok
    assert claims["hours"] == "2.50"
    assert not claims.keys() & set(HERS)
    # Nor does what stays in the token, its proof among it, say a word of her.
    token = urlsafe_b64decode(presented.partition("~")[0].split(".")[1] + "==").decode()
    proof = orjson.loads(token)["tlog_proof"].split("\n")[1].removeprefix("extra ")
    seen = token + urlsafe_b64decode(proof + "==").decode()
    shown = str(office.verify(full).claims)
    for hidden in ("王𠮷祥", "110105180001010029", "陪伴老人", claimed(full, "number")):
        assert hidden in shown
        assert hidden not in seen
    assert office.verify(full, show=[]).ok


def forged(credential: str) -> str:
    token, *rest = credential.split("~")
    return "~".join([token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB"), *rest])


def more_hours(credential: str) -> str:
    mine = of(credential, "hours")
    return credential.replace(mine, changed(mine, "250.00"))


def another_name(credential: str) -> str:
    mine = of(credential, "holder_name")
    return credential.replace(mine, changed(mine, "王示例"))


def of_another_key(credential: str) -> str:
    token, *rest = credential.split("~")
    claims = orjson.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    mine = CredentialKey(secret("somebody else"))
    return "~".join([mine.sign("dc+sd-jwt", claims), *rest])


def test_what_is_forged_is_refused_or_not_believed(office: Office) -> None:
    office.bureau.session.confirmed()
    credential = office.credential(office.bureau.issued())
    for forge in (forged, of_another_key):
        assert not office.verify(forge(credential)).ok
    for change, name in ((more_hours, "hours"), (another_name, "holder_name")):
        # This library drops what no digest covers; RFC 9901, 7.1 wants it refused, as we do.
        assert name not in dict(office.verify(change(credential)).claims or {})
        assert name in dict(office.verify(credential).claims or {})
        checked = check_credential(change(credential).encode(), checker_of(office.bureau.house))
        assert checked.report.verdict is Answer.NO


def revoke(bureau: Bureau, certificate: UUID) -> None:
    ground = RevocationForm.model_validate({"ground": "false_records"})
    bureau.certifying.revoke(bureau.head, certificate, ground)


def record_of(bureau: Bureau, certificate: UUID) -> UUID:
    face = bureau.state(certificate).issued
    assert face is not None
    return face.records[0]


@pytest.mark.parametrize(
    ("become", "status"),
    [
        (lambda bureau, _: becoming.suspend(bureau), 2),
        (lambda bureau, it: becoming.amend(bureau, record_of(bureau, it)), 3),
        (lambda bureau, it: becoming.void(bureau, record_of(bureau, it)), 3),
        (lambda bureau, _: erase(bureau.house, bureau.session.volunteer), 1),
    ],
    ids=["suspended", "amended", "voided", "erased"],
)
def test_what_became_of_it_is_refused_by_its_place_in_the_list(
    office: Office, become: Callable[[Bureau, UUID], Any], status: int
) -> None:
    office.bureau.session.confirmed()
    first = office.bureau.issued()
    credential = office.credential(first)
    become(office.bureau, first)
    verdict = office.verify(credential)
    # The status is read by itself: there are libraries that call what is revoked verified.
    assert (verdict.ok, verdict.status) == (False, status)


def test_what_is_revoked_or_superseded_is_refused_and_nothing_beside_it(
    office: Office,
) -> None:
    bureau = office.bureau
    bureau.session.confirmed()
    first, second = bureau.issued(), bureau.issued()
    credentials = [office.credential(first), office.credential(second)]
    assert [office.verify(each).status for each in credentials] == [0, 0]
    revoke(bureau, first)
    assert [office.verify(each).status for each in credentials] == [1, 0]
    third = office.credential(bureau.issued(replaces=str(second)))
    assert [office.verify(each).status for each in (*credentials, third)] == [1, 1, 0]


def test_a_list_is_worth_nothing_after_its_end_or_under_another_key(office: Office) -> None:
    office.bureau.session.confirmed()
    credential = office.credential(office.bureau.issued())
    assert office.verify(credential).ok
    assert not office.verify(credential, now=office.now + 2 * 86_400).ok
    others = CredentialKey(secret("somebody else"))
    assert not office.verify(credential, jwks={"keys": [others.public_jwk]}).ok
    ((uri, token),) = office.lists.items()
    assert not office.verify(credential, lists={uri: forged(token)}).ok


def test_a_key_that_was_replaced_still_vouches_for_what_it_signed(office: Office) -> None:
    office.bureau.session.confirmed()
    certificate = office.bureau.issued()
    credential = office.credential(certificate)
    office.keys.insert(0, CredentialKey(secret("the next one")))
    assert office.verify(credential).ok
    assert office.verify(office.credential(certificate)).ok
    assert len(office.jwks["keys"]) == 2


def test_who_may_not_take_the_paper_takes_no_credential(office: Office) -> None:
    office.bureau.session.confirmed()
    certificate, town = office.bureau.issued(), office.bureau.session.town
    path = f"/api/v1/certificates/{certificate}/credential"
    assert office.client.get(path, town.other_head).status_code == 404
    assert office.client.get(path).status_code == 401
    before = len(office.bureau.house.ledger.rows())
    assert office.client.get(path, office.bureau.handler).status_code == 200
    rows = office.bureau.house.ledger.rows()
    assert len(rows) == before + 1  # who looked, and what for, is written down first
    requested = office.bureau.request()
    other = f"/api/v1/certificates/{requested}/credential"
    refused = office.client.get(other, office.bureau.session.herself)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (
        409,
        "certificate_is_not_issued",
    )
    erase(office.bureau.house, office.bureau.session.volunteer)
    gone = office.client.get(path, office.bureau.handler).json()["reasons"]
    assert [each["code"] for each in gone] == ["certificate_is_erased"]


def test_without_a_key_it_is_said_who_has_to_act(office: Office) -> None:
    office.bureau.session.confirmed()
    certificate = office.bureau.issued()
    office.keys.clear()
    division = office.site.issuer.partition("//")[2].partition("/")[2]
    paths = (
        f"/api/v1/certificates/{certificate}/credential",
        f"/.well-known/jwt-vc-issuer/{division}",
        "/api/v1/status-lists/1",
    )
    for path in paths:
        answer = office.client.get(path, office.bureau.session.herself)
        assert (answer.status_code, answer.json()["code"]) == (503, "credential_key_is_missing")


def test_there_are_as_many_lists_as_are_needed(office: Office) -> None:
    for number, status in (("1", 200), ("2", 404), ("0", 404), (str(2**70), 404)):
        assert office.client.get(f"/api/v1/status-lists/{number}").status_code == status


def test_the_type_names_every_claim_and_which_of_them_can_be_withheld(office: Office) -> None:
    found = office.client.get("/api/v1/credential-types/certificate-1").json()
    assert found["vct"] == office.site.type
    withheld = {each["path"][0] for each in found["claims"] if each["sd"] == "always"}
    assert withheld == set(WITHHELD)
    assert set(HERS) <= withheld
