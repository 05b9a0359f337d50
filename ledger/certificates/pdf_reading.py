"""Reading a PDF for what is attached to it; what it shows is compared as bytes elsewhere."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.generic import EmbeddedFile

PDF_BYTES_MAX = 32 * 1024 * 1024
ATTACHED_BYTES_MAX = 64 * 1024 * 1024
_FILES_MAX = 16
_PACKED = "/FlateDecode"
_END = re.compile(rb"startxref\r?\n[0-9]{1,10}\r?\n%%EOF")


@dataclass(eq=False)
class UnreadablePdfError(Exception):
    """The file is no PDF that can be read, or too large."""

    detail: str


@dataclass(frozen=True, slots=True)
class ReadPdf:
    """A PDF: all of its bytes, what is attached by name, what wrote it and with which fonts."""

    content: bytes
    attached: Mapping[str, bytes]
    producer: str


def read_pdf(content: bytes) -> ReadPdf:
    """Return what a PDF has attached, as it was before anything was appended to it.

    Raises:
        UnreadablePdfError: It cannot be read, has more than that, or names a file twice.
    """
    if len(content) > PDF_BYTES_MAX:
        raise UnreadablePdfError("too large")
    try:
        return _read(content)
    except UnreadablePdfError:
        raise
    except Exception as error:
        raise UnreadablePdfError(type(error).__name__) from error


def _read(content: bytes) -> ReadPdf:
    attached: dict[str, bytes] = {}
    end = _END.search(content)
    first = content if end is None else content[: end.end()]
    reader = pypdf.PdfReader(io.BytesIO(first), strict=True)
    said = reader.metadata
    facts = () if said is None else (said.creator, said.producer, said.keywords)
    producer = " ".join(str(each) for each in facts if each)
    for each in reader.attachment_list:
        if each.name in attached or len(attached) >= _FILES_MAX:
            raise UnreadablePdfError("attachments")
        attached[each.name] = _content(each)
        if sum(map(len, attached.values())) > ATTACHED_BYTES_MAX:
            raise UnreadablePdfError("attachments")
    return ReadPdf(content, attached, producer)


def _content(file: EmbeddedFile) -> bytes:
    """Return what is attached; nothing unpacks it but what a certificate was packed with."""
    files: Any = file.pdf_object["/EF"].get_object()
    for key in ("/UF", "/F"):
        if key in files and files[key].get_object().get("/Filter", _PACKED) != _PACKED:
            raise UnreadablePdfError("filter")
    return bytes(file.content)
