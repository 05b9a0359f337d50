"""Organizations, their keys and their people, as they stand."""

from typing import Any

from ledger.projections.certificate_views import SIGNERS
from ledger.projections.rows import Rows
from ledger.projections.taken import Secrets, Taken
from ledger.projections.view import Key, Values, words
from ledger.projections.views import ORGANIZATION_KEYS, ORGANIZATIONS, PERSONS, STAFF

STATUS = {
    "organization.authorized": "authorized",
    "organization.suspended": "suspended",
    "organization.reinstated": "authorized",
    "organization.revoked": "revoked",
    "organization.succeeded": "succeeded",
}
"""Event → how it leaves an organization."""


SIGNING = ("handler", "responsible")
"""Roles whose holders sign certificates."""


def registered(entry: Taken, rows: Rows) -> None:
    """An organization is known."""
    facts = entry.facts
    row: Values = {
        **_said(facts),
        "kind": facts["kind"],
        "division": facts["division"],
        "parent": facts["parent"],
        "status": "registered",
    }
    rows.put(ORGANIZATIONS, (entry.stream,), row, is_new=True)


def amended(entry: Taken, rows: Rows) -> None:
    """It is called otherwise."""
    row = rows.need(ORGANIZATIONS, (entry.stream,))
    rows.put(ORGANIZATIONS, (entry.stream,), {**row, **_said(entry.facts)})


def stood(entry: Taken, rows: Rows) -> None:
    """It was put in force, or no longer is."""
    row = rows.need(ORGANIZATIONS, (entry.stream,))
    rows.put(ORGANIZATIONS, (entry.stream,), {**row, "status": STATUS[entry.type]})


def key_added(entry: Taken, rows: Rows) -> None:
    """A key may sign for it."""
    facts = entry.facts
    row: Values = {
        "organization": entry.stream,
        "public_key": facts["public_key"],
        "label": facts["label"],
        "valid_to": facts["valid_to"],
        "is_revoked": False,
    }
    rows.put(ORGANIZATION_KEYS, (facts["key"],), row)


def key_revoked(entry: Taken, rows: Rows) -> None:
    """A key signs no more."""
    key = (entry.facts["key"],)
    row = rows.need(ORGANIZATION_KEYS, key)
    rows.put(ORGANIZATION_KEYS, key, {**row, "is_revoked": True})


def appointed(entry: Taken, rows: Rows, secrets: Secrets) -> None:
    """A person has roles from a day on."""
    facts = entry.facts
    for role in facts["roles"]:
        key = (entry.stream, facts["person"], role)
        before = rows.get(STAFF, key)
        terms = str(before["terms"]).split() if before else []
        rows.put(STAFF, key, _terms([*terms, f"{facts['from_day']}/"]))
        if role in SIGNING and before is None:
            _note_signer(rows, (entry.stream, role), facts["person"])
    called(entry, rows, secrets)


def called(entry: Taken, rows: Rows, secrets: Secrets) -> None:
    """A person of the staff is called, or reached, so."""
    person = entry.facts["person"]
    said = entry.personal.get(person)
    before = rows.get(PERSONS, (person,))
    row: Values = {
        "is_erased": before["is_erased"] if before else False,
        "box": secrets.box(PERSONS, person, _named(said)) if said else None,
    }
    rows.put(PERSONS, (person,), row)


def _note_signer(rows: Rows, key: Key, person: str) -> None:
    row = rows.get(SIGNERS, key)
    persons = [] if row is None else str(row["persons"]).split()
    rows.put(SIGNERS, key, {"persons": words([*persons, person])})


def released(entry: Taken, rows: Rows) -> None:
    """A person has roles no more from a day on."""
    facts = entry.facts
    for role in facts["roles"]:
        key = (entry.stream, facts["person"], role)
        row = rows.get(STAFF, key)
        if row is not None:
            terms = [_ended(each, facts["from_day"]) for each in str(row["terms"]).split()]
            rows.put(STAFF, key, _terms(terms))


def held_on(terms: str, day: str) -> bool:
    """Return whether a role with these terms is held on a day."""
    for term in terms.split():
        first, _, until = term.partition("/")
        if first <= day and (not until or day < until):
            return True
    return False


def _ended(term: str, day: str) -> str:
    first, _, until = term.partition("/")
    return term if until and until <= day else f"{first}/{day}"


def _terms(terms: list[str]) -> Values:
    first, _, until = terms[-1].partition("/")
    return {"from_day": first, "until_day": until or None, "terms": words(terms)}


def _named(said: Any) -> dict[str, Any]:
    return {"name": said["name"], "telephone": said["telephone"]}


def _said(facts: Any) -> Values:
    return {
        "name": facts["name"],
        "credit_code": facts["credit_code"],
        "form": facts["form"],
    }
