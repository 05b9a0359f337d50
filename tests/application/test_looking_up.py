"""The public look-up: who holds the paper learns how it stands, who guesses learns nothing."""

from dataclasses import replace

from ledger.application.certifying.looking_up import (
    BY_NUMBER,
    SALTED,
    SHOWN,
    LookUps,
)
from ledger.application.certifying.status import Status
from ledger.application.forms.certificate import RevocationForm
from ledger.application.published_shapes import SHAPES
from ledger.certificates.proof_checking import check_proof
from ledger.domain.certificate import certificate_number
from ledger.proof.disclosure import parse_proven_event
from ledger.proof.facts import STANDARD_FACTS, Fact
from ledger.proof.tlog_proof import parse_tlog_proof
from tests.application.asking import (
    DOCUMENT,
    NAME,
    ask,
    bureau,
    gate,
    issued,
    look_ups,
    refused,
)
from tests.application.certifying import Bureau, checker_of, handing_out_of
from tests.application.gatehouse import ADDRESS, Gate
from tests.application.homes import ON_SQLITE
from tests.application.volunteering import erase

__all__ = ["bureau", "gate", "look_ups"]

pytestmark = ON_SQLITE


def test_who_has_the_paper_is_told_how_it_stands_with_a_proof_that_names_nobody(
    bureau: Bureau, look_ups: LookUps, gate: Gate
) -> None:
    number = issued(bureau)
    for holder in (
        NAME,
        f" {NAME[0]} {NAME[1:]} ",
        DOCUMENT,
        "１１０１０５１８０００１０１００２９",
    ):
        found = ask(look_ups, number.lower(), holder)
        assert (found.told.status, found.holder) == (Status.VALID, "王*")
    checker = checker_of(bureau.house)
    found = ask(look_ups, number, NAME)
    assert found.proof is not None
    checked = check_proof(found.proof, checker.policy, SHAPES)
    assert checked.facts.keys() - {"type", "shape"} == set(SHOWN)
    assert checked.facts["number"] == number
    assert not checked.is_whole
    for secret in (NAME, DOCUMENT, str(bureau.session.volunteer)):
        assert secret.encode() not in found.proof
    assert not set(SHOWN) & set(STANDARD_FACTS)
    assert found.size == checked.under.checkpoint.size
    # Who asked stands in the security log, without a name; the log of the ledger does not grow.
    path = bureau.house.ledger.place.folder / "security" / "security.log"
    said = path.read_text("ascii")
    assert said.count('"event":"act.done","act":"certificate.look_up"') == 5
    assert ADDRESS in said
    assert DOCUMENT not in said


def test_a_revoked_one_says_so_to_who_holds_it(bureau: Bureau, look_ups: LookUps) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    form = RevocationForm.model_validate({"ground": "false_records"})
    bureau.certifying.revoke(bureau.head, certificate, form)
    assert ask(look_ups, certificate_number(certificate), NAME).told.status is Status.REVOKED


def test_an_erased_holder_is_answered_as_if_there_were_no_certificate(
    bureau: Bureau, look_ups: LookUps
) -> None:
    number = issued(bureau)
    erase(bureau.house, bureau.session.volunteer)
    said = refused(lambda: ask(look_ups, number, NAME))
    assert said == (("certificate_is_not_found",), {})


def test_what_cannot_be_a_number_is_told_before_anything_is_read(
    bureau: Bureau, look_ups: LookUps
) -> None:
    number = issued(bureau)
    for typed in (number[:-1], number[:-1] + ("0" if number[-1] != "0" else "1"), "", "王"):
        codes, _ = refused(lambda t=typed: ask(look_ups, t, NAME))  # type: ignore[misc]
        assert codes == ("certificate_number_is_mistyped",)


def test_before_a_witness_has_seen_it_there_is_a_status_without_a_proof(
    bureau: Bureau, gate: Gate
) -> None:
    number = issued(bureau)
    out = handing_out_of(bureau.house)
    unseen = replace(out, checkpoint=lambda: None)
    found = ask(LookUps(unseen, gate.parts), number, NAME)
    assert (found.told.status, found.proof, found.size) == (Status.VALID, None, 0)


def test_who_has_the_file_learns_of_a_revocation_whatever_others_tried(
    bureau: Bureau, look_ups: LookUps
) -> None:
    bureau.session.confirmed()
    certificate = bureau.request(mode="self_printed")
    number = certificate_number(certificate)
    proof = handing_out_of(bureau.house).proof(bureau.session.herself, certificate)
    extra = parse_proven_event(parse_tlog_proof(proof).extra or b"")
    (salt,) = (
        each.salt.hex()
        for each in extra.disclosure
        if isinstance(each, Fact) and each.name == SALTED
    )
    for attempt in range(BY_NUMBER.most):
        address = f"198.51.100.{attempt}"
        codes, _ = refused(lambda a=address: ask(look_ups, number, "李示例", a))  # type: ignore[misc]
        assert codes == ("certificate_is_not_found",)
    assert ask(look_ups, number, NAME, salt=salt).told.status is Status.VALID
    wrong = ("1" if salt[0] != "1" else "2") + salt[1:]
    for guessed in (None, wrong, "", "王"):
        codes, _ = refused(lambda s=guessed: ask(look_ups, number, NAME, salt=s))  # type: ignore[misc]
        assert codes == ("look_up_is_slowed_down",)
    # The salt alone opens nothing.
    codes, _ = refused(lambda: ask(look_ups, number, "李示例", salt=salt))
    assert codes == ("certificate_is_not_found",)
