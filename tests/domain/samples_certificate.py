"""One of every event of certificates, as golden files keep them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from ledger.domain.certificate import (
    CertificateAccepted,
    CertificateDeclined,
    CertificateIssued,
    CertificateRequested,
    CertificateRevoked,
    CertificateSuperseded,
    DeclineGround,
    FaceLanguage,
    IssueMode,
    Line,
    OpenLine,
    Predecessor,
    RevocationGround,
    certificate_number,
)
from ledger.domain.codes import Channel, IdType
from ledger.domain.event import Event
from ledger.domain.record import Signal

CERTIFICATE = UUID(int=0xF3C1_0000_0000_0000_0000_0000_0000_0001)
STATION, PREDECESSOR = UUID(int=0x51), UUID(int=0x52)
RECORD = UUID(int=0x900)

ISSUED = CertificateIssued(
    certificate=CERTIFICATE,
    number=certificate_number(CERTIFICATE),
    template=1,
    language=FaceLanguage.BOTH,
    mode=IssueMode.SEALED,
    volunteer=UUID(int=0x701),
    holder_name="王𠮷祥",
    id_type=IdType.RESIDENT_ID,
    id_number="110105180001010029",
    volunteer_number=None,
    issuer_name="多福巷社区志愿者服务站",
    issuer_credit_code="52110101MJ0000001P",
    issuer_telephone="010-60000001",
    predecessors=(Predecessor(organization=PREDECESSOR, name="东厂社区志愿者服务站"),),
    responsible=UUID(int=0x61),
    responsible_name="卫示例",
    handler=UUID(int=0x62),
    handler_name="何示例",
    issued_on=date(2026, 11, 30),
    from_day=date(2026, 1, 1),
    to_day=None,
    minutes=150,
    hours="2.50",
    lines=(
        Line(
            record=RECORD,
            entries=(41, 44, 57),
            organization=STATION,
            activity=UUID(int=0x800),
            activity_name="重阳助老",
            start=datetime(2026, 11, 20, 1, tzinfo=UTC),
            end=datetime(2026, 11, 20, 4, tzinfo=UTC),
            minutes=150,
            content="陪伴老人,打扫居室。",
            place="东华门街道文化站",
            channel=Channel.SIGNED_IN,
            signals=(Signal.LATE,),
        ),
    ),
    open_lines=(
        OpenLine(
            record=UUID(int=0x901),
            activity_name="重阳助老",
            start=datetime(2026, 11, 21, 1, tzinfo=UTC),
            end=datetime(2026, 11, 21, 2, tzinfo=UTC),
            minutes=60,
            stage="publicized",
        ),
    ),
    records=(RECORD,),
    joined=(12,),
    publicity_opens_on=date(2026, 11, 30),
    publicity_closes_on=date(2026, 12, 7),
    rules=1,
    verified_size=58,
    verified_root="ab" * 32,
    on_behalf_of=STATION,
)
REQUESTED = CertificateRequested(
    certificate=CERTIFICATE,
    volunteer=UUID(int=0x701),
    issuer=STATION,
    mode=IssueMode.SEALED,
    language=FaceLanguage.BOTH,
    from_day=date(2026, 1, 1),
    to_day=None,
    with_open=True,
    replaces=None,
    on_behalf_of=None,
)
ACCEPTED = CertificateAccepted(
    certificate=CERTIFICATE, handler=UUID(int=0x62), on_behalf_of=STATION
)
SAMPLES: tuple[Event, ...] = (
    REQUESTED,
    ACCEPTED,
    CertificateDeclined(
        certificate=CERTIFICATE, ground=DeclineGround.WITHDRAWN, on_behalf_of=None
    ),
    ISSUED,
    CertificateSuperseded(
        certificate=CERTIFICATE, by_certificate=UUID(int=0xF3C2), on_behalf_of=STATION
    ),
    CertificateRevoked(
        certificate=CERTIFICATE, ground=RevocationGround.FALSE_RECORDS, on_behalf_of=STATION
    ),
)


def of_town(
    volunteer: UUID, issuer: UUID, *records: UUID, certificate: UUID = CERTIFICATE
) -> tuple[CertificateRequested, CertificateAccepted, CertificateIssued]:
    """Return how a certificate of these records was asked for, accepted and issued."""
    return (
        replace(REQUESTED, certificate=certificate, volunteer=volunteer, issuer=issuer),
        replace(ACCEPTED, certificate=certificate, on_behalf_of=issuer),
        replace(
            ISSUED,
            certificate=certificate,
            number=certificate_number(certificate),
            volunteer=volunteer,
            on_behalf_of=issuer,
            records=records,
        ),
    )
