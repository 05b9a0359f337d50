"""What comes back from a witness: an answer that nobody believes yet, or why there is none."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why a witness did not cosign; `docs/witness.md` says what each means."""

    BAD_URL = "bad_url"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    STATUS = "status"
    BAD_REQUEST = "bad_request"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_LOG = "unknown_log"
    REFUSED = "refused"
    AHEAD = "ahead"
    MOVING = "moving"
    LOST_STATE = "lost_state"
    GARBAGE = "garbage"
    NO_LINE = "no_line"
    BAD_SIGNATURE = "bad_signature"
    BAD_TIME = "bad_time"


class WitnessAway(Exception):
    """A witness gave nothing that counts; ``trouble`` names why, ``detail`` shows a part."""

    def __init__(self, trouble: Trouble, detail: object = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = str(detail)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most 64 KiB, believed by nobody yet."""

    status: int
    content_type: str
    body: bytes
