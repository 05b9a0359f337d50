"""The views of certificates: lists, what rests on what, and places in the status lists."""

from ledger.projections.view import Kind, Order, View, columns, key, texts

_INTEGERS = Kind.INTEGER
_BOOLEANS = Kind.BOOLEAN

CERTIFICATES = View(
    "certificates",
    key("certificate"),
    texts(
        "volunteer issuer division mode language stage standing requested_by requested_at"
        " replaces? handler? declined? issued_at? issued_on? opens_on? closes_on? hours?"
    )
    | columns(_INTEGERS, "minutes? changed status_list? status_index? issuer_place?")
    | columns(_BOOLEANS, "is_erased"),
    (
        Order("certificates_by_volunteer", ("volunteer", "requested_at", "certificate")),
        Order("certificates_by_issuer", ("issuer", "requested_at", "certificate")),
        Order(
            "certificates_in_publicity",
            ("issuer", "closes_on", "certificate"),
            where=("stage", "issued"),
        ),
        Order(
            "certificates_in_publicity_by_day",
            ("closes_on", "certificate", "division"),
            where=("stage", "issued"),
        ),
        Order(
            "certificates_by_standing",
            ("status_list", "standing", "status_index", "certificate"),
        ),
    ),
    lasting=frozenset({"volunteer", "issuer"}),
)
"""Certificates, from their requests on. ``standing`` is what became of one, but for its issuer
being suspended; ``changed`` counts its records that were amended, or count for her no more.
``status_list`` and ``status_index`` are its place in the status lists that are published,
``issuer_place`` that among `CERTIFIED` of its issuer."""

CERTIFIED = View(
    "certified",
    {"about": Kind.TEXT, "place": Kind.INTEGER},
    texts("certificate") | columns(_BOOLEANS, "is_amended is_counted"),
)
"""Which certificates something is about, in the order of their coming, from 1: a record, a
volunteer who asked, an issuer. The marks are those of a record since that certificate. An
issuer has those alone that are in force: a place whose certificate is not is empty for ever."""

CERTIFIED_COUNTS = View("certified_counts", key("about"), columns(_INTEGERS, "certificates"))
"""How many places of `CERTIFIED` there ever were about something."""

STATUS_PLACES = View(
    "status_places",
    {"status_list": Kind.INTEGER, "status_index": Kind.INTEGER},
    texts("certificate"),
)
"""Which places of status lists are taken."""

STATUS_LISTS = View(
    "status_lists", {"status_list": Kind.INTEGER}, columns(_INTEGERS, "certificates")
)
"""How many places of a status list are taken."""

SIGNERS = View("signers", key("organization role"), texts("persons"))
"""Who was ever appointed handler or responsible person; whether she is, `STAFF` tells."""
