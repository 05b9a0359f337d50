"""What a file is, by its content and not by its name: JPEG, PNG or PDF, within bounds.

Only the frame of a file is read, never its pixels: nothing is unpacked here, so a small file
that unpacks to a huge one is refused by the size that it claims. ITU-T T.81 (JPEG), RFC 2083
(PNG), ISO 32000 (PDF).
"""

import zlib
from collections.abc import Iterator
from typing import TypeAlias

from ledger.domain.codes import MediaType
from ledger.domain.refusal import Refused, refuse

EVIDENCE_BYTES_MAX = 10 * 1024 * 1024
"""One file; a photograph of a telephone or a scan of a few pages; our own bound [P]."""
SIDE_MAX = 20_000
PIXELS_MAX = 120_000_000
"""Of a picture: what a telephone takes today, and no bomb; our own bounds [P]."""

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_PDF = b"%PDF-"
_PDF_END = b"%%EOF"
_PDF_TAIL = 1_024
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers that begin a frame (SOF); the three others are tables."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""
_SCAN, _END = 0xDA, 0xD9


class _MalformedFile(Exception):
    """The bytes do not hold what their beginning promises."""


def check_media(content: bytes, declared: MediaType) -> Refused | None:
    """Return why a file is none that may be kept; ``declared`` is what its sender calls it."""
    if not content:
        return refuse("evidence_is_empty")
    if len(content) > EVIDENCE_BYTES_MAX:
        return refuse("evidence_is_too_large", None, max=EVIDENCE_BYTES_MAX)
    found = media_type_of(content)
    if found is not declared:
        got = "" if found is None else found.value
        return refuse("evidence_is_of_another_type", None, want=declared.value, got=got)
    try:
        size = _check_frame(content, found)
    except (_MalformedFile, IndexError):
        return refuse("evidence_is_malformed", None, type=declared.value)
    if size is not None and (max(size) > SIDE_MAX or size[0] * size[1] > PIXELS_MAX):
        return refuse("evidence_has_too_many_pixels", None, side=SIDE_MAX, pixels=PIXELS_MAX)
    return None


def media_type_of(content: bytes) -> MediaType | None:
    """Return what a file is by its first bytes, None where it is none of the three."""
    for beginning, found in (
        (_JPEG, MediaType.JPEG),
        (_PNG, MediaType.PNG),
        (_PDF, MediaType.PDF),
    ):
        if content.startswith(beginning):
            return found
    return None


def _check_frame(content: bytes, kind: MediaType) -> Size | None:
    """Return the size of a picture, None of a document."""
    if kind is MediaType.PDF:
        if _PDF_END not in content[-_PDF_TAIL:]:
            raise _MalformedFile
        return None
    width, height = _jpeg(content) if kind is MediaType.JPEG else _png(content)
    if width == 0 or height == 0:
        raise _MalformedFile
    return width, height


def _jpeg(content: bytes) -> Size:
    """Return the size in the frame header; it has to come before the scan, and an end after."""
    size: Size | None = None
    for marker, at, length in _jpeg_segments(content):
        if marker in _FRAMES and length >= 6:
            size = int.from_bytes(content[at + 3 : at + 5]), _short(content, at + 1)
        if marker == _SCAN:
            if size is None or content.rfind(b"\xff\xd9") < at:
                raise _MalformedFile
            return size
    raise _MalformedFile


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, where its parameters begin, and how many bytes they are."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise _MalformedFile
        while content[at] == 0xFF:  # fill bytes
            at += 1
        marker = content[at]
        at += 1
        if marker in (0x00, _END):
            raise _MalformedFile
        if marker in _ALONE:
            continue
        length = _short(content, at)
        if length < 2 or at + length > len(content):
            raise _MalformedFile
        yield marker, at + 2, length - 2
        at += length


def _short(content: bytes, at: int) -> int:
    return content[at] << 8 | content[at + 1]


def _png(content: bytes) -> Size:
    """Return the size in the first chunk; every chunk is whole, and the last ends the file."""
    at, size = len(_PNG), None
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        end = at + 12 + length
        chunk = content[at + 4 : end - 4]
        if end > len(content) or zlib.crc32(chunk) != int.from_bytes(content[end - 4 : end]):
            raise _MalformedFile
        kind, body = chunk[:4], chunk[4:]
        if (kind == b"IHDR") is not (size is None):
            raise _MalformedFile
        if size is None:
            size = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
        if kind == b"IEND":
            if end != len(content):
                raise _MalformedFile
            return size
        at = end
    raise _MalformedFile
