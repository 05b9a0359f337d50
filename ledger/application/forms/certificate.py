"""Forms of certificates: asked for, declined, taken back."""

from uuid import UUID

from pydantic import Field

from ledger.application.forms.fields import Day, Flag, Form, Id
from ledger.domain.certificate import (
    DeclineGround,
    DeclineRequest,
    FaceLanguage,
    IssueMode,
    RequestCertificate,
    RevocationGround,
    RevokeCertificate,
)

_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"


class CertificateRequestForm(Form):
    """What a certificate is asked for 申请出具证明 (149号; Order 67, Art. 14)."""

    volunteer: Id | None = Field(
        None, description="Left out, she who is signed in 志愿者", examples=[_ID]
    )
    issuer: Id = Field(description="Who recorded it and certifies it 出具单位", examples=[_ID])
    mode: IssueMode = Field(IssueMode.SEALED, description="出具方式", examples=["sealed"])
    language: FaceLanguage = Field(FaceLanguage.CHINESE, description="语言", examples=["zh"])
    from_day: Day | None = Field(None, description="起始日期", examples=["2026-01-01"])
    to_day: Day | None = Field(None, description="截止日期", examples=["2026-09-30"])
    with_open: Flag = Field(
        default=False,
        description="List what is not confirmed yet, apart and uncounted 另列未确认的记录",
    )
    replaces: Id | None = Field(
        None, description="An earlier certificate whose place it takes 替代的证明"
    )

    def command(self, certificate: UUID, volunteer: UUID) -> RequestCertificate:
        """Return the command, for a certificate with this id of chance."""
        return RequestCertificate(
            certificate=certificate,
            volunteer=volunteer,
            issuer=self.issuer,
            mode=self.mode,
            language=self.language,
            from_day=self.from_day,
            to_day=self.to_day,
            with_open=self.with_open,
            replaces=self.replaces,
        )


class DeclineForm(Form):
    """Why no certificate is issued 不予出具."""

    ground: DeclineGround = Field(description="原因", examples=["records_in_doubt"])

    def command(self) -> DeclineRequest:
        """Return the command."""
        return DeclineRequest(ground=self.ground)


class RevocationForm(Form):
    """Why a certificate is taken back 撤销证明."""

    ground: RevocationGround = Field(description="原因", examples=["false_records"])

    def command(self) -> RevokeCertificate:
        """Return the command."""
        return RevokeCertificate(ground=self.ground)
