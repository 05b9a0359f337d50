"""Keeping a file: by a recorder of the organization, of persons whom the ledger knows."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.event import ERASED
from ledger.domain.evidence_files import (
    PERSONS_MAX,
    EvidenceFile,
    KeepEvidence,
    Surroundings,
    decide,
    evolve,
)
from tests.domain.samples_evidence import EVIDENCE, KEPT
from tests.domain.specification import Specification
from tests.evidence.around import ORIGINAL, RECORDER, REVIEWER, activity, around, person

WANG, LI = UUID(int=0x701), UUID(int=0x702)
KEEP = KeepEvidence(
    evidence=EVIDENCE,
    file=KEPT.file,
    sha256=KEPT.sha256,
    size=KEPT.size,
    media_type=MediaType.JPEG,
    kind=EvidenceKind.PHOTO,
    persons=(WANG, LI),
    record=None,
    redacted_from=None,
)


def given_(**changes: Any) -> Specification:
    return Specification(decide, evolve, around(WANG, LI, **changes))


def test_a_recorder_keeps_a_file() -> None:
    kept = replace(
        KEPT, record=None, activity=activity().id, on_behalf_of=around().organization.id
    )
    state: EvidenceFile = given_().when(KEEP, by=RECORDER).then(kept)
    assert (state.id, state.persons, state.sha256) == (EVIDENCE, (WANG, LI), KEPT.sha256)


def test_the_same_file_is_kept_once() -> None:
    given_().given(KEPT).when(KEEP, by=RECORDER).then_refused("evidence_is_known")


def test_a_file_may_show_nobody() -> None:
    given_().when(replace(KEEP, persons=()), by=RECORDER).then_some(type(KEPT))


def test_who_is_no_recorder_keeps_none() -> None:
    given_().when(KEEP, by=REVIEWER).then_refused("actor_has_no_such_role")


@pytest.mark.parametrize(
    ("persons", "code"),
    [
        ((WANG, WANG), "evidence_names_somebody_twice"),
        ((WANG, UUID(int=9)), "volunteer_is_unknown"),
    ],
)
def test_persons_are_known_and_named_once(persons: Any, code: str) -> None:
    command = replace(KEEP, persons=persons)
    given_().when(command, by=RECORDER).then_refused(code)


def test_a_sheet_names_only_so_many() -> None:
    many = tuple(UUID(int=0x10000 + each) for each in range(PERSONS_MAX + 1))
    spec = Specification(decide, evolve, around(*many))
    command = replace(KEEP, persons=many)
    spec.when(command, by=RECORDER).then_refused("evidence_shows_too_many")


def test_who_was_erased_is_shown_in_nothing_new() -> None:
    surroundings = around(WANG)
    erased = replace(person(LI), particulars=ERASED)
    changed = replace(surroundings, shown=(*surroundings.shown, erased))
    Specification(decide, evolve, changed).when(KEEP, by=RECORDER).then_refused(
        "volunteer_is_erased"
    )


@pytest.mark.parametrize(
    ("persons", "codes"),
    [
        ((WANG,), ()),
        ((), ()),
        ((WANG, LI), ("redaction_shows_no_fewer",)),
    ],
)
def test_a_copy_shows_fewer_people(persons: Any, codes: tuple[str, ...]) -> None:
    command = replace(KEEP, persons=persons, redacted_from=ORIGINAL.id)
    spec = given_(original=ORIGINAL).when(command, by=RECORDER)
    if codes:
        spec.then_refused(*codes)
    else:
        spec.then_some(type(KEPT))


def test_a_copy_is_of_a_file_of_the_same_activity() -> None:
    command = replace(KEEP, persons=(WANG,), redacted_from=ORIGINAL.id)
    elsewhere = replace(ORIGINAL, activity=UUID(int=3))
    for original in (None, elsewhere):
        given_(original=original).when(command, by=RECORDER).then_refused("evidence_is_missing")


def test_the_record_is_one_of_the_activity() -> None:
    command = replace(KEEP, record=UUID(int=0x900))
    given_().when(command, by=RECORDER).then_refused("record_is_missing")


def test_another_organization_keeps_none() -> None:
    base: Surroundings = around(WANG, LI)
    assert base.acting is not None
    other = replace(base.acting, id=UUID(int=0x99))
    spec = Specification(decide, evolve, replace(base, acting=other))
    spec.when(KEEP, by=RECORDER).then_refused("organization_does_not_record")
