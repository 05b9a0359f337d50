"""Reading a PDF for what is attached to it; what it shows is compared as bytes elsewhere."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import pypdf
from pypdf.errors import PyPdfError

PDF_BYTES_MAX = 32 * 1024 * 1024
ATTACHED_BYTES_MAX = 64 * 1024 * 1024
_FILES_MAX = 16


@dataclass(eq=False)
class UnreadablePdfError(Exception):
    """The file is no PDF that can be read, or too large."""

    detail: str


@dataclass(frozen=True, slots=True)
class ReadPdf:
    """A PDF: all of its bytes, what is attached by name, and what wrote it."""

    content: bytes
    attached: Mapping[str, bytes]
    producer: str


def read_pdf(content: bytes) -> ReadPdf:
    """Return what a PDF has attached.

    Raises:
        UnreadablePdfError: It cannot be read, has more than that, or names a file twice.
    """
    if len(content) > PDF_BYTES_MAX:
        raise UnreadablePdfError("too large")
    attached: dict[str, bytes] = {}
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
        said = reader.metadata
        producer = "" if said is None else f"{said.creator or ''} {said.producer or ''}"
        for each in reader.attachment_list:
            if each.name in attached or len(attached) >= _FILES_MAX:
                raise UnreadablePdfError("attachments")
            attached[each.name] = each.content
            if sum(map(len, attached.values())) > ATTACHED_BYTES_MAX:
                raise UnreadablePdfError("attachments")
    except UnreadablePdfError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise UnreadablePdfError(type(error).__name__) from error
    return ReadPdf(content, attached, producer.strip())
