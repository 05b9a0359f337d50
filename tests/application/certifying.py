"""A station that certifies: its people, and a volunteer whose name was checked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application import volunteers
from ledger.application.callers import Caller
from ledger.application.certifying.acting import Certifying
from ledger.application.certifying.handing_out import HandingOut
from ledger.application.forms.certificate import CertificateRequestForm
from ledger.application.forms.volunteer import ConfirmationForm
from ledger.application.published_shapes import SHAPES
from ledger.application.states import CERTIFICATE
from ledger.certificates.checking import Checker
from ledger.certificates.printed import site_of
from ledger.certificates.typesetting import Typesetter
from ledger.certificates.vouching import Vouching
from ledger.domain.certificate import Certificate
from ledger.proof.merkle import Subtree
from ledger.proof.policy import NO_QUORUM, Policy, PolicyLog
from ledger.store.chance import random_bytes
from ledger.store.publishing import Publisher
from ledger.store.tree import StoredTree
from ledger.store.tree_memory import TreeMemory
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Builder, Town
from tests.store.ledgers import secret

TYPESETTER = Typesetter()
CHECKED = {"method": "document_seen", "evidence": "cd" * 32}


@dataclass
class Bureau:
    """A session of service, with who certifies it."""

    session: Session
    handler: Caller
    certifying: Certifying

    @property
    def head(self) -> Caller:
        return self.session.town.station_head

    @property
    def house(self) -> House:
        return self.session.house

    def request(self, by: Caller | None = None, **said: Any) -> UUID:
        """Ask for a certificate of the station, as the volunteer if nobody is named."""
        body = {"issuer": str(self.session.town.station), **said}
        if by is not None and by.organization is not None:
            body.setdefault("volunteer", str(self.session.volunteer))
        form = CertificateRequestForm.model_validate(body)
        return self.certifying.request(by or self.session.herself, form).value

    def issued(self, **said: Any) -> UUID:
        """Ask for a certificate, accept and issue it."""
        certificate = self.request(**said)
        self.certifying.accept(self.handler, certificate)
        self.certifying.issue(self.head, certificate)
        return certificate

    def state(self, certificate: UUID) -> Certificate:
        state = self.session.office.states.get(CERTIFICATE, certificate, fresh=True).state
        assert state is not None
        return state


def certifying_of(house: House, checkpoint: Any = None) -> Certifying:
    """Return the use cases of certificates over a house, whose policy asks nobody."""
    ledger = house.ledger
    publisher = Publisher(
        ledger.engine,
        ledger.register,
        origin=ledger.origin,
        seal_key=secret("seal"),
        keys=lambda _size: ledger.signing_keys,
        clock=house.clock,
    )
    vouching = Vouching(
        ledger.engine,
        origin=ledger.origin,
        tree=TreeMemory(origin=ledger.origin),
        checkpoint=checkpoint or publisher.publish,
    )
    return Certifying(house.office, vouching, lambda: UUID(bytes=random_bytes(16)), TYPESETTER)


def open_bureau(house: House, town: Town) -> Bureau:
    """Return the station with a handler, and a volunteer whose identity is confirmed."""
    session = begin(house, town, house.office)
    handler = Builder(house).person(town.station_head, town.station, "何示例", "handler")
    form = ConfirmationForm.model_validate(CHECKED)
    volunteers.confirm(house.office, town.reviewer, session.volunteer, form)
    return Bureau(session, handler, certifying_of(house))


def handing_out_of(house: House) -> HandingOut:
    """Return who hands out the certificates of a house."""
    ledger = house.ledger

    @contextmanager
    def subtrees() -> Iterator[Callable[[int], Subtree]]:
        with ledger.engine.connect() as connection:
            tree = StoredTree(connection, origin=ledger.origin)
            yield lambda size: tree.subtree(tree_size=size)

    return HandingOut(
        house.office,
        ledger.source,
        subtrees,
        certifying_of(house).vouching.checkpoint,
        TYPESETTER,
    )


def checker_of(house: House) -> Checker:
    """Return a checker that trusts the key of a house's log, and nobody else."""
    key = house.ledger.signing_keys[0].verifier_key
    policy = Policy((PolicyLog(key),), (), (), NO_QUORUM)
    return Checker(policy, SHAPES, TYPESETTER, site_of)
