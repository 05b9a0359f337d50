"""The one mail that the ledger sends: how much of which kind is new, and where to sign in.

It names no person, thing or organization, in no header either, and is the same for whoever has
as many notices of the same kinds. Its address is the only word that is anybody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

from ledger.application.texts import Language, say
from ledger.projections.notice_kinds import NoticeKind

_AMENDING: Final = "mail_kind_amendment"
_REGISTRATION: Final = "mail_kind_registration"
GROUP_OF: Mapping[NoticeKind, str] = {
    NoticeKind.RECORD_RETURNED: "mail_kind_record_returned",
    **dict.fromkeys(
        (
            NoticeKind.OBJECTION_RAISED,
            NoticeKind.OBJECTION_UPHELD,
            NoticeKind.OBJECTION_REJECTED,
        ),
        "mail_kind_objection",
    ),
    **dict.fromkeys(
        (
            NoticeKind.AMENDMENT_PROPOSED,
            NoticeKind.VOIDING_PROPOSED,
            NoticeKind.AMENDMENT_REPLIED,
            NoticeKind.RECORD_AMENDED,
            NoticeKind.AMENDMENT_REJECTED,
            NoticeKind.RECORD_VOIDED,
            NoticeKind.ACTIVITY_AMENDED,
            NoticeKind.ACTIVITY_AMENDMENT_REJECTED,
        ),
        _AMENDING,
    ),
    NoticeKind.RECORD_CREDITED: "mail_kind_record_credited",
    **dict.fromkeys(
        (
            NoticeKind.PARTICULARS_AMENDED,
            NoticeKind.IDENTITY_CONFIRMED,
            NoticeKind.CORRECTION_REQUESTED,
            NoticeKind.CORRECTION_WITHDRAWN,
            NoticeKind.REGISTRATIONS_MERGED,
            NoticeKind.REGISTRATIONS_PARTED,
        ),
        _REGISTRATION,
    ),
    NoticeKind.PARTICULARS_SHOWN: "mail_kind_looked_at",
    NoticeKind.EVIDENCE_SHOWN: "mail_kind_looked_at",
    NoticeKind.SIGN_IN_OPENED: "mail_kind_sign_in",
    NoticeKind.SIGN_IN_CLOSED: "mail_kind_sign_in",
    **dict.fromkeys(
        (each for each in NoticeKind if each.value.startswith("certificate_")),
        "mail_kind_certificate",
    ),
}
"""What mail calls each kind: no finer than it has to be."""


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom mail comes, and where its reader signs in."""

    address: str
    url: str

    @property
    def domain(self) -> str:
        """The host of the site."""
        return urlsplit(self.url).hostname or "localhost"


def compose(
    sender: Sender,
    to: str,
    kinds: Mapping[str, int],
    *,
    due: int,
    id_: str,
    now: datetime,
) -> EmailMessage:
    """Return a mail; ``id_`` is the left side of its Message-ID, ``kinds`` count notices.

    Raises:
        ValueError: An address or the id would break out of its header.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender.address
    message["To"] = to
    message["Subject"] = f"{say('mail_subject', 'zh')} / {say('mail_subject', 'en')}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{id_}@{sender.domain}>"
    # Nobody's holiday answer comes back (RFC 3834, 5).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    parts = [_part(sender, kinds, due, language) for language in _LANGUAGES]
    message.set_content("\n\n".join(parts) + "\n", charset="utf-8", cte="base64")
    return message


_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def _part(sender: Sender, kinds: Mapping[str, int], due: int, language: Language) -> str:
    lines: list[str] = []
    groups: dict[str, int] = {}
    for kind, count in kinds.items():
        group = GROUP_OF[NoticeKind(kind)]
        groups[group] = groups.get(group, 0) + count
    if groups:
        lines.append(say("mail_new", language, count=sum(groups.values())))
        lines += [f"- {say(group, language)}: {groups[group]}" for group in sorted(groups)]
    if due:
        lines.append(say("mail_due", language, count=due))
    lines += [say("mail_where", language, url=sender.url), "", say("mail_why", language)]
    return "\n".join(lines)
