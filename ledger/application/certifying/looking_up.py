"""Looking a certificate up, by whoever holds it 公开查询: how it stands, plain facts proved.

Asked for are the number, 128 bits of chance, and the holder's name or whole document number:
both stand on the paper, and nobody guesses either. What is answered names nobody in clear, so
it is no disclosure; who asked is a line of the security log. Of a certificate that is not
there, not issued, erased, or somebody else's, the answer is the same, after the same steps.
"""

import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NoReturn
from uuid import UUID

from ledger.application.certifying.handing_out import HandingOut
from ledger.application.certifying.status import Told, status_of
from ledger.application.desk import ActRefused
from ledger.application.forms.verification import VerificationForm
from ledger.application.masking import mask_name
from ledger.application.opening import AccessParts
from ledger.application.proving import prove_event
from ledger.application.signing_in import source_of
from ledger.application.states import CERTIFICATE, ForeignStreamError, Read, fold
from ledger.domain.certificate import Certificate, CertificateIssued, read_number
from ledger.domain.event import Erased
from ledger.domain.refusal import Refused, refuse
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.disclosure import parse_proven_event
from ledger.proof.facts import Fact
from ledger.proof.note import parse_note
from ledger.store.throttle_rows import Limit

LOOK_UP: Final = "certificate.look_up"
BY_ADDRESS: Final = Limit(100, timedelta(minutes=15))
"""A personnel office that checks a pile of papers has room [P]."""
BY_NUMBER_AND_ADDRESS: Final = Limit(10, timedelta(minutes=15))
BY_NUMBER: Final = Limit(50, timedelta(days=1))
"""Wrong names for one number: who has a number without the paper tries no phone book [P]."""
SHOWN: Final = (
    "from_day",
    "hours",
    "issued_on",
    "issuer_credit_code",
    "issuer_name",
    "issuer_telephone",
    "language",
    "minutes",
    "mode",
    "number",
    "publicity_closes_on",
    "publicity_opens_on",
    "to_day",
)
"""Facts of the face that are proved to whoever asks; by all others it is bound, not shown."""
SALTED: Final = "holder_name"
"""The fact whose salt shows that somebody has the file: it is in no proof but the whole one."""
_IGNORED = "·•‧・'’-"
_NOTHING = "\x00"
"""What nobody's name or number is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A certificate as it is told to the public.

    ``size`` is a size of the log at which, or after which, its status was read. ``records`` are
    those of its lines, in order. ``proof`` is the content of a `.tlog-proof` file that shows
    `SHOWN`; None while no witnessed checkpoint covers it.
    """

    told: Told
    records: Sequence[UUID]
    holder: str
    size: int
    at: datetime
    proof: bytes | None


class LookUps:
    """Answers the public, from any thread."""

    def __init__(self, out: HandingOut, parts: AccessParts) -> None:
        self._out = out
        self._parts = parts

    def find(self, form: VerificationForm, address: str) -> Found:
        """Return how a certificate stands; ``address`` is whence the request came.

        Raises:
            ActRefused: There is none for this number and holder, it cannot be a number, or
                there were too many attempts. The attempt is in the security log.
            SecurityLogError: It could not be written there.
            ProofError: What is stored does not add up; audit the log.
            As `States.get`.
        """
        self._parts.refusals.check()
        source = source_of(address)
        self._count(f"look-ups from {source}", BY_ADDRESS, address, None)
        certificate = read_number(form.number)
        if certificate is None:
            refused = refuse("certificate_number_is_mistyped", "number")
            self._refuse(refused, address, None)
        tried = f"look-ups of {certificate}"
        counted = {f"{tried} from {source}": BY_NUMBER_AND_ADDRESS, tried: BY_NUMBER}
        if form.salt is not None and self._has_file(certificate, form.salt):
            counted = {}  # others' wrong names hide nothing from who has the file
        for what, limit in counted.items():
            self._count(what, limit, address, certificate)
        events = self._events(certificate)
        face, seq = _issued(events)
        if not _is_named(face, form.holder) or face is None or isinstance(face.lines, Erased):
            self._refuse(refuse("certificate_is_not_found"), address, certificate)
        for what in counted:
            self._parts.throttles.take_back(what)
        self._parts.refusals.note_reader(LOOK_UP, address, target=certificate)
        records = [line.record for line in face.lines]
        return self._found(fold(CERTIFICATE, events).state, records, face, seq)

    def _found(
        self,
        state: Certificate | None,
        records: Sequence[UUID],
        face: CertificateIssued,
        seq: int,
    ) -> Found:
        if state is None or isinstance(face.holder_name, Erased):
            raise TypeError("a certificate that was issued is there, and whose it is")
        note = self._out.checkpoint()
        size = 0 if note is None else parse_checkpoint(parse_note(note).text).size
        # After the size: what is told of it is as new, or newer.
        told = status_of(self._out.office, state)
        return Found(
            told=told,
            records=records,
            holder=mask_name(face.holder_name),
            size=size,
            at=self._parts.desk.now(),
            proof=self._proof(note, seq) if note is not None and seq < size else None,
        )

    def _proof(self, note: bytes, seq: int) -> bytes:
        with self._out.subtrees() as subtree:
            source = self._out.source
            return prove_event(source, subtree, note=note, seq=seq, names=SHOWN).encode()

    def _has_file(self, certificate: UUID, salt: str) -> bool:
        """Return whether this is the salt of the holder's name, 128 bits that the file has."""
        note = self._out.checkpoint()
        face, seq = _issued(self._events(certificate))
        if note is None or face is None or isinstance(face.holder_name, Erased):
            return False
        if seq >= parse_checkpoint(parse_note(note).text).size:
            return False
        with self._out.subtrees() as subtree:
            source = self._out.source
            proof = prove_event(source, subtree, note=note, seq=seq, names=(SALTED,))
        shown = parse_proven_event(proof.extra or b"").disclosure
        given = sha256(salt.encode("utf-8", "surrogatepass")).digest()
        kept = [
            sha256(item.salt.hex().encode("ascii")).digest()
            for item in shown
            if isinstance(item, Fact) and item.name == SALTED
        ]
        return any(hmac.compare_digest(each, given) for each in kept)

    def _events(self, certificate: UUID) -> Sequence[Read]:
        try:
            return self._out.office.states.events(CERTIFICATE, certificate)
        except ForeignStreamError:
            return []  # the id of something else, written as a number

    def _count(self, what: str, limit: Limit, address: str, target: UUID | None) -> None:
        """Count an attempt before it is made: many at once do not slip past together."""
        wait = self._parts.throttles.count(what, limit, now=self._parts.desk.now())
        if wait is not None:
            seconds = int(wait.total_seconds())
            refused = refuse("look_up_is_slowed_down", None, seconds=seconds)
            self._refuse(refused, address, target)

    def _refuse(self, refused: Refused, address: str, target: UUID | None) -> NoReturn:
        self._parts.refusals.note_stranger(LOOK_UP, refused, address, target=target)
        raise ActRefused(refused)


def _issued(events: Sequence[Read]) -> tuple[CertificateIssued | None, int]:
    for each in events:
        if isinstance(each.event, CertificateIssued):
            return each.event, each.seq
    return None, -1


def _is_named(face: CertificateIssued | None, said: str) -> bool:
    """Return whether this is the holder's name or document number; as long, whatever it is."""
    name = _NOTHING if face is None else face.holder_name
    number = _NOTHING if face is None else face.id_number
    wanted = [_NOTHING if isinstance(each, Erased) else each for each in (name, number)]
    given = _digest(said)
    found = [hmac.compare_digest(_digest(each), given) for each in wanted]
    return any(found) and bool(_key(said).strip(_NOTHING))


def _digest(text: str) -> bytes:
    return sha256(_key(text).encode("utf-8", "surrogatepass")).digest()


def _key(text: str) -> str:
    """Return a name without what is written in one way here, in another there."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in folded if not each.isspace() and each not in _IGNORED)
