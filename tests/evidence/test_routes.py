"""Evidence over HTTP: kept, shown to those who may, written down first, gone when erased."""

import errno
import hashlib
from typing import Any
from uuid import UUID

import httpx
import pytest

from ledger.application.callers import Caller, as_volunteer
from ledger.application.registering import register
from ledger.domain.evidence_files import EVIDENCE_BYTES_MAX
from tests.api.v1.volunteers import code
from tests.application.homes import ON_SQLITE
from tests.application.volunteering import FILE, born, erase, registration
from tests.evidence.conftest import Cabinet
from tests.evidence.pictures import PDF, PNG, jpeg, pdf, png

EVIDENCE = "/api/v1/evidence"


def send(
    cabinet: Cabinet,
    by: Caller | None = None,
    *,
    content: bytes = png(),
    kind: str = PNG,
    **params: Any,
) -> httpx.Response:
    said = {
        "activity": str(cabinet.session.activity),
        "kind": "photo",
        "volunteer": [str(each) for each in cabinet.both],
        **params,
    }
    return cabinet.client.send(
        "POST",
        EVIDENCE,
        by or cabinet.session.town.recorder,
        content=content,
        headers={"content-type": kind},
        params=said,
    )


def look(cabinet: Cabinet, evidence: object, by: Caller | None = None) -> httpx.Response:
    who = by or cabinet.session.town.reviewer
    return cabinet.client.get(f"{EVIDENCE}/{evidence}", who, params={"purpose": "inspection"})


def topics(cabinet: Cabinet) -> list[str]:
    return [row.topic for row in cabinet.session.house.ledger.rows()]


def test_a_photograph_is_kept_and_its_digest_used_in_a_record(cabinet: Cabinet) -> None:
    answer = send(cabinet)
    assert answer.status_code == 201, answer.text
    evidence, digest = answer.json()["id"], hashlib.sha256(png()).hexdigest()
    assert answer.headers["location"] == f"{EVIDENCE}/{evidence}"
    (entry,) = answer.json()["receipt"]["entries"]
    assert entry["type"] == "evidence.kept"
    record = cabinet.session.enter(evidence=[{"kind": "photo", "sha256": digest}])
    assert isinstance(record, UUID)
    town = cabinet.session.town
    params = {"organization": str(town.station), "sha256": digest}
    known = cabinet.client.get(EVIDENCE, town.reviewer, params=params).json()
    assert (known["id"], known["size"], known["can_be_opened"]) == (evidence, len(png()), True)
    assert known["persons"] == [str(each) for each in cabinet.both]


def test_who_looks_is_in_the_log_before_anything_is_shown(cabinet: Cabinet) -> None:
    evidence = cabinet.keep(*cabinet.both)
    answer = look(cabinet, evidence)
    assert (answer.status_code, answer.content) == (200, png())
    assert answer.headers["content-type"] == PNG
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == f'attachment; filename="{evidence}.png"'
    assert topics(cabinet)[-1] == "evidence.disclosed"
    digest = hashlib.sha256(png()).hexdigest()
    params = {"organization": str(cabinet.session.town.station), "sha256": digest}
    (seen,) = cabinet.client.get(EVIDENCE, cabinet.session.herself, params=params).json()[
        "looked"
    ]
    assert seen["purpose"] == "inspection"
    assert seen["by"] == cabinet.session.town.reviewer.actor.text()


def test_erasing_one_of_them_takes_the_file_and_says_so(cabinet: Cabinet) -> None:
    evidence = cabinet.keep(*cabinet.both)
    erase(cabinet.session.house, cabinet.other)
    before = topics(cabinet).count("evidence.disclosed")
    assert code(look(cabinet, evidence)) == (410, "evidence_is_erased")
    assert topics(cabinet).count("evidence.disclosed") == before
    alone = cabinet.keep(cabinet.session.volunteer, content=png(text=b"without her"))
    assert look(cabinet, alone).status_code == 200


@ON_SQLITE
def test_a_copy_without_somebody_outlives_her(cabinet: Cabinet) -> None:
    evidence = cabinet.keep(*cabinet.both)
    copy = send(
        cabinet,
        content=png(text=b"her face is covered"),
        volunteer=[str(cabinet.session.volunteer)],
        redacted_from=str(evidence),
    )
    assert copy.status_code == 201, copy.text
    erase(cabinet.session.house, cabinet.other)
    assert look(cabinet, evidence).status_code == 410
    assert look(cabinet, copy.json()["id"]).status_code == 200


@ON_SQLITE
def test_others_see_nothing_of_it(cabinet: Cabinet) -> None:
    evidence, town = cabinet.keep(*cabinet.both), cabinet.session.town
    assert code(look(cabinet, evidence, town.other_recorder)) == (404, "nothing_to_see")
    assert code(look(cabinet, evidence, as_volunteer(UUID(int=9)))) == (404, "nothing_to_see")
    assert code(look(cabinet, UUID(int=9))) == (404, "nothing_to_see")
    assert code(look(cabinet, town.station)) == (404, "nothing_to_see")
    assert look(cabinet, evidence, town.association_reviewer).status_code == 200
    assert cabinet.session.house.attempts()[-1].act == "evidence.read"


@ON_SQLITE
def test_a_volunteer_sees_what_shows_nobody_else(cabinet: Cabinet) -> None:
    session = cabinet.session
    alone = cabinet.keep(session.volunteer)
    both = cabinet.keep(*cabinet.both, content=png(text=b"two"))
    assert look(cabinet, alone, session.herself).content == png()
    assert code(look(cabinet, both, session.herself)) == (403, "evidence_shows_others")


@ON_SQLITE
def test_a_minor_is_shown_to_the_responsible_person_alone(cabinet: Cabinet) -> None:
    session = cabinet.session
    town = session.town
    child = _child(cabinet)
    evidence = cabinet.keep(child)
    assert code(look(cabinet, evidence)) == (403, "actor_has_no_such_role")
    assert look(cabinet, evidence, town.station_head).status_code == 200


def _child(cabinet: Cabinet) -> UUID:
    """Register a child with her mother."""
    consents = [
        {"purpose": purpose, "given_by": "guardian", "evidence": FILE}
        for purpose in ("entry_by_organization", "service_of_minor")
    ]
    guardian = {"name": "王㐂", "relation": "mother", "contact": "13800000003"}
    form = registration(born("2014-03-01"), *consents, guardian=guardian)
    return register(cabinet.session.office, cabinet.session.town.recorder, form).value


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (png(), "image/gif", (415, "evidence_type_is_not_taken")),
        (png(), "application/json", (415, "evidence_type_is_not_taken")),
        (jpeg(), PNG, (422, "evidence_is_of_another_type")),
        (b"<svg onload=alert(1)>", PNG, (422, "evidence_is_of_another_type")),
        (png()[:-1], PNG, (422, "evidence_is_malformed")),
        (png(30_000, 30_000), PNG, (422, "evidence_has_too_many_pixels")),
        (b"", PDF, (422, "evidence_is_empty")),
        (pdf(text=bytes(EVIDENCE_BYTES_MAX)), PDF, (413, "body_is_too_large")),
    ],
)
def test_what_is_no_evidence_is_refused(
    cabinet: Cabinet, content: bytes, kind: str, told: tuple[int, str]
) -> None:
    assert code(send(cabinet, content=content, kind=kind)) == told
    assert list(cabinet.files.names()) == []


@ON_SQLITE
def test_who_may_not_keep_leaves_no_file(cabinet: Cabinet) -> None:
    town = cabinet.session.town
    assert send(cabinet, town.reviewer).status_code == 403
    assert send(cabinet, town.other_recorder).status_code == 403
    assert send(cabinet, cabinet.session.herself).status_code == 403
    assert cabinet.client.send("POST", EVIDENCE, content=png()).status_code == 401
    unknown = send(cabinet, volunteer=[str(UUID(int=9))])
    assert code(unknown) == (404, "volunteer_is_unknown")
    assert list(cabinet.files.names()) == []


@ON_SQLITE
def test_the_same_file_is_kept_once_and_leaves_no_second(cabinet: Cabinet) -> None:
    evidence = cabinet.keep(*cabinet.both)
    answer = send(cabinet)
    assert code(answer) == (409, "evidence_is_known")
    assert answer.json()["reasons"][0]["details"] == {"evidence": str(evidence)}
    assert len(list(cabinet.files.names())) == 1


@ON_SQLITE
def test_a_full_disk_is_told_and_nothing_is_half_done(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = topics(cabinet)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("ledger.store.evidence_files.replace_file", full)
        assert code(send(cabinet)) == (507, "disk_full")
    assert topics(cabinet) == before
    assert list(cabinet.files.names()) == []
    assert send(cabinet).status_code == 201


@ON_SQLITE
def test_a_damaged_file_is_told_and_never_served(cabinet: Cabinet) -> None:
    evidence = cabinet.keep(*cabinet.both)
    folder = cabinet.session.house.ledger.place.folder / "evidence"
    (path,) = folder.glob("*/*.evidence")
    stored = bytearray(path.read_bytes())
    stored[-1] ^= 1
    path.write_bytes(stored)
    before = topics(cabinet)
    answer = look(cabinet, evidence)
    assert code(answer) == (503, "evidence_damaged")
    assert topics(cabinet) == before
