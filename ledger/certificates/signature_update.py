"""What a signature may change of a PDF: a field that nobody sees, and what validates it later.

The first update is compared with the typeset file object by object. Those after it are for
pyHanko's difference analysis, which knows the updates that PAdES has.
"""

from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DSSCompareRule,
    FormUpdatingRule,
    ModificationLevel,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.commons import compare_dicts

from ledger.certificates.tail_reading import TailError, Update

POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(frozenset({"/AcroForm", "/DSS"})),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule([SigFieldCreationRule(), SigFieldModificationRule()]),
    ignore_orphaned_objects=False,
)
"""What validates a signature, and stamps. Not the description, nor anything that is seen."""
_FORM = {"/Fields", "/SigFlags"}
_FIELD = {"/FT", "/T", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"}
_SIGNATURE = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M"}


def check_first(reader: PdfFileReader, update: Update) -> None:
    """Check that the first update adds one signature to the typeset file, and no more.

    Raises:
        TailError: It does anything else.
    """
    old, new = (reader.get_historical_resolver(each) for each in (0, 1))
    form_ref = new.root.raw_get("/AcroForm").reference
    (field_ref,) = (each.reference for each in new(form_ref)["/Fields"])
    field = new(field_ref)
    page_ref = field.raw_get("/P").reference
    changed = {new.root_ref.idnum, page_ref.idnum}
    added = {form_ref.idnum, field_ref.idnum, field.raw_get("/V").reference.idnum}
    if set(update.objects) != changed | added or len(changed | added) != len(_FIVE):
        raise TailError("a change that no signature makes")
    if any(not old.is_ref_unassignable(each) for each in (form_ref, field_ref)):
        raise TailError("an object that was there")
    _check_more(old.root, new.root, "/AcroForm")
    _check_more(old(page_ref), new(page_ref), "/Annots")
    page = new(page_ref)
    marks = [each.reference for each in page["/Annots"]]
    if page["/Type"] != "/Page" or marks != [field_ref]:
        raise TailError("a mark on the page")


_FIVE = ("catalogue", "page", "form", "field", "signature")
"""The objects of a first update."""


def check_fields(reader: PdfFileReader) -> None:
    """Check that all fields are signatures, with nothing to show and nothing to do.

    Raises:
        TailError: One is something else.
    """
    form = reader.root["/AcroForm"]
    fields = [each.get_object() for each in form["/Fields"]]
    if not set(form) <= _FORM:
        raise TailError("form")
    for field in fields:
        left, bottom, right, top = (float(each) for each in field["/Rect"])
        is_seen = left != right or bottom != top
        if is_seen or not set(field) <= _FIELD or field["/FT"] != "/Sig":
            raise TailError("a field that is seen")
        if not set(field["/V"]) <= _SIGNATURE:
            raise TailError("signature")


def check_later(reader: PdfFileReader) -> None:
    """Check every later update against the signed file, and each against the one before.

    Raises:
        TailError: It changes anything else than what validates signatures.
    """
    for base in range(1, reader.xrefs.total_revisions - 1):
        result = POLICY.review_file(reader, base)
        if not isinstance(result, DiffResult):
            raise TailError("a change that no signature makes")
        if result.modification_level > ModificationLevel.LTA_UPDATES:
            raise TailError("a change that no signature makes")


def _check_more(old: Any, new: Any, name: str) -> None:
    """Check that an object is as it was, but for one entry that it did not have."""
    if name in old:
        raise TailError("an entry that was there")
    compare_dicts(old, new, frozenset({name}))
