"""Ids that follow from what they stand for: the same for ever, and no two of one."""

from uuid import UUID

from ledger.application.streams import identity_stream
from ledger.domain.codes import IdType

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_a_number_has_one_stream_and_no_other_number_has_it() -> None:
    stream = identity_stream(KEY, IdType.PASSPORT, "E00000000")
    assert stream == UUID("9bc0102f-db17-8358-b33e-89ad18bf9a13")
    assert stream.version == 8
    assert stream.variant == "specified in RFC 4122"
    others = {
        identity_stream(KEY, IdType.PASSPORT, "E00000001"),
        identity_stream(KEY, IdType.OTHER, "E00000000"),
        identity_stream(OTHER_KEY, IdType.PASSPORT, "E00000000"),
    }
    assert len(others) == 3
    assert stream not in others
