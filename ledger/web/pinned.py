"""What the page that checks certificates is given to trust, and the words of the paper."""

from collections.abc import Mapping

from ledger.application.masking import COMPOUND_SURNAMES
from ledger.certificates.printed import ENGLISH
from ledger.domain.certificate import FaceLanguage, IssueMode, RevocationGround
from ledger.domain.codes import Channel, Coded, IdType
from ledger.domain.record.codes import Signal, Stage
from ledger.proof.canonical import Value, encode
from ledger.proof.policy import Policy
from ledger.proof.shapes import Shapes
from ledger.web.static_files import StaticFile

_TEXT, _JSON = "text/plain; charset=utf-8", "application/json"
_CODES: Mapping[str, type[Coded]] = {
    "channel": Channel,
    "id_type": IdType,
    "language": FaceLanguage,
    "mode": IssueMode,
    "record_stage": Stage,
    "revoked": RevocationGround,
    "signal": Signal,
}


def policy_file(policy: Policy) -> StaticFile:
    """Return the policy as the page reads it."""
    return StaticFile(policy.text().encode(), _TEXT)


def pinned_files(shapes: Shapes) -> dict[str, StaticFile]:
    """Return the published shapes and the words of the paper, by their path below the page."""
    return {
        "shapes.json": StaticFile(shapes.text(), _JSON),
        "words.json": StaticFile(_words(), _JSON),
    }


def _words() -> bytes:
    """Return labels and codes of a printed certificate, [English, Chinese] by their value."""
    codes: dict[str, Value] = {
        kind: {each.value: [each.english, each.chinese] for each in coded}
        for kind, coded in _CODES.items()
    }
    labels: list[Value] = [[name, text] for name, text in ENGLISH.items()]
    surnames: list[Value] = [*sorted(COMPOUND_SURNAMES)]
    return encode({"codes": codes, "labels": labels, "surnames": surnames})
