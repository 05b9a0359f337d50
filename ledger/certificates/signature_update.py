"""What a signature may change of a PDF: a field that nobody sees, and what validates it later.

The update is compared with the typeset file object by object: the catalogue gets a form and a
store for validation, one page a mark outside of itself, and there is nothing else.
"""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import Reference, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis.commons import compare_dicts

from ledger.certificates.tail_reading import TailError, Update, check_range

_FORM = {"/Fields", "/SigFlags"}
_FIELD = {"/FT", "/T", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"}
_SIGNATURE = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M"}
_STORE = {"/Certs", "/CRLs", "/OCSPs"}
_STREAM = {"/Length"}
_ADDED = frozenset({"/AcroForm", "/DSS"})


def check_update(content: bytes, reader: PdfFileReader, update: Update) -> None:
    """Check that the update adds one signature to the typeset file, and no more.

    Raises:
        TailError: It does anything else.
    """
    if reader.xrefs.total_revisions != 2:
        raise TailError("not one update")
    old, new = reader.get_historical_resolver(0), reader.get_historical_resolver(1)
    form, field, page, signature = _parts(new)
    added = [form, field, signature, *_store(new)]
    changed = [new.root_ref, page]
    if sorted(update.objects) != sorted(each.idnum for each in [*added, *changed]):
        raise TailError("a change that no signature makes")
    if not all(old.is_ref_unassignable(each) for each in added):
        raise TailError("an object that was there")
    _check_more(old.root, new.root, _ADDED)
    _check_more(old(page), new(page), frozenset({"/Annots"}))
    marks = [each.reference for each in new(page)["/Annots"]]
    if new(page)["/Type"] != "/Page" or marks != [field]:
        raise TailError("a mark on the page")
    _check_unseen(new(form), new(field), new(signature))
    said = [int(each) for each in new(signature)["/ByteRange"]]
    check_range(content, update, signature.idnum, said)


def _parts(new: HistoricalResolver) -> tuple[Reference, Reference, Reference, Reference]:
    """Return where the form, its one field, the field's page and the signature are."""
    form = new.root.raw_get("/AcroForm").reference
    fields = [each.reference for each in new(form)["/Fields"]]
    if len(fields) != 1:
        raise TailError("not one signature")
    field = new(fields[0])
    return form, fields[0], field.raw_get("/P").reference, field.raw_get("/V").reference


def _store(new: HistoricalResolver) -> Iterator[Reference]:
    """Yield where the store for validation is, and each thing in it."""
    if "/DSS" not in new.root:
        return
    place = new.root.raw_get("/DSS").reference
    store = new(place)
    if not set(store) <= _STORE:
        raise TailError("store for validation")
    yield place
    for name in store:
        for each in store[name]:
            if not isinstance(new(each.reference), StreamObject):
                raise TailError("store for validation")
            if not set(new(each.reference)) <= _STREAM:
                raise TailError("store for validation")
            yield each.reference


def _check_more(old: Any, new: Any, names: frozenset[str]) -> None:
    """Check that an object is as it was, but for entries that it did not have."""
    if names & set(old):
        raise TailError("an entry that was there")
    compare_dicts(old, new, names)


def _check_unseen(form: Any, field: Any, signature: Any) -> None:
    """Check that the field has nothing to show and nothing to do."""
    left, bottom, right, top = (float(each) for each in field["/Rect"])
    is_seen = left != right or bottom != top
    names = ((form, _FORM), (field, _FIELD), (signature, _SIGNATURE))
    if is_seen or any(not set(each) <= known for each, known in names):
        raise TailError("a field that is seen")
    if field["/FT"] != "/Sig" or field["/Subtype"] != "/Widget":
        raise TailError("a field that is none of a signature")
