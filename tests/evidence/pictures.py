"""Files as people send them, made here: a picture or a document of nobody."""

import struct
import zlib

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"


def png(width: int = 2, height: int = 2, *, text: bytes = b"") -> bytes:
    """Return a PNG of a size, whose pixels are never looked at; ``text`` makes it another."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"tEXt", b"Comment\0" + text),
        (b"IDAT", zlib.compress(b"\0\0\0" * 2)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def jpeg(width: int = 2, height: int = 2, *, text: bytes = b"") -> bytes:
    """Return a JPEG frame of a size, with a scan of nothing."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    segments = [(0xFE, text), (0xC0, frame), (0xDA, b"\x01\x01\x00\x00\x3f\x00")]
    body = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(part) + 2) + part
        for marker, part in segments
    )
    return b"\xff\xd8" + body + b"\x00\x00" + b"\xff\xd9"


def pdf(*, text: bytes = b"") -> bytes:
    """Return what begins and ends as a PDF."""
    return b"%PDF-1.7\n%" + text + b"\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum
