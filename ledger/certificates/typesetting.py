"""Typesetting 排版: a certificate as PDF/A-3a and PDF/UA-1, with its proofs attached.

The typesetter refuses what does not meet both standards, a character without a glyph among
them. The same input gives the same bytes. It hangs in a forked process that has used it
before the fork; here nobody uses it before.
"""

import io
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeAlias

import noto_cjk_sans_otc
import segno
import typst

from ledger.certificates.printed import Printed
from ledger.proof.canonical import encode

Standard: TypeAlias = Literal["a-3a", "ua-1"]
STANDARDS: tuple[Standard, Standard] = ("a-3a", "ua-1")
QR_BORDER = 2
_FORMS = files("ledger.certificates.forms")
REVISION = ", ".join(f"{name} {version(name)}" for name in ("noto-cjk-sans-otc", "segno"))
"""What a page looks like depends on these too, beside form and typesetter; the file says it."""
_GLYPHS = b"""#let d = json("face.json")
#set document(title: d.title, date: datetime(year: 2026, month: 1, day: 1))
#set text(font: "Noto Sans CJK SC", lang: "zh", region: "cn")
#d.text
"""


@dataclass(eq=False)
class UnprintableError(Exception):
    """The typesetter refused: a character that no font has, or a standard that is not met."""

    detail: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF; ``relationship`` is ``data``, ``source`` or ``supplement``."""

    path: str
    content: bytes
    type: str
    description: str
    relationship: str = "data"


class Typesetter:
    """Typesets certificates, from any thread."""

    def __init__(self) -> None:
        self._fonts = [str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent)]
        self._own = threading.local()
        self._known: set[str] = set()

    def typeset(self, printed: Printed, attached: Sequence[Attachment] = ()) -> bytes:
        """Return the PDF.

        Raises:
            UnprintableError: It cannot be printed as the standards ask.
        """
        sources: Any = {
            "main.typ": _form(printed.template),
            "face.json": encode(
                dict(printed.data)
                | {
                    "revision": REVISION,
                    "attached": [
                        {
                            "path": each.path,
                            "relationship": each.relationship,
                            "type": each.type,
                            "description": each.description,
                        }
                        for each in attached
                    ],
                }
            ),
            "qr.svg": _qr(str(printed.data["address"])),
        }
        sources |= {each.path: each.content for each in attached}
        return self._compiled(sources)

    def has_glyphs(self, texts: Iterable[str]) -> bool:
        """Return whether every character of some texts can be printed.

        What was found once is known from then on.
        """
        new = {each for text in texts for each in text if not each.isspace()} - self._known
        if not new:
            return True
        shown: Any = {"title": "glyphs", "text": "".join(sorted(new))}
        try:
            self._compiled({"main.typ": _GLYPHS, "face.json": encode(shown)})
        except UnprintableError:
            return False
        self._known |= new
        return True

    def _compiled(self, sources: Any) -> bytes:
        try:
            made = self._compiler().compile(
                input=sources, format="pdf", pdf_standards=list(STANDARDS), timestamp=0
            )
        except typst.TypstError as error:
            raise UnprintableError(str(error).splitlines()[0]) from error
        if not isinstance(made, bytes):
            raise TypeError("one file was asked for")
        return made

    def _compiler(self) -> typst.Compiler:
        """Return this thread's own."""
        found: typst.Compiler | None = getattr(self._own, "compiler", None)
        if found is None:
            nothing: Any = {"main.typ": b""}
            found = typst.Compiler(nothing, font_paths=self._fonts, ignore_system_fonts=True)
            self._own.compiler = found
        return found


def _form(template: int) -> bytes:
    return (_FORMS / f"form_{template}.typ").read_bytes()


def _qr(address: str) -> bytes:
    written = io.BytesIO()
    segno.make(address, error="m").save(written, kind="svg", border=QR_BORDER, xmldecl=False)
    return written.getvalue()
