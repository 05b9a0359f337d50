"""Every view that is folded from the log, with the orders in which it is read."""

from ledger.projections.certificate_views import (
    CERTIFICATES,
    CERTIFIED,
    CERTIFIED_COUNTS,
    SIGNERS,
    STATUS_LISTS,
    STATUS_PLACES,
)
from ledger.projections.view import Column, History, Kind, Order, View, columns, key, texts

_INTEGERS = Kind.INTEGER
_BOOLEANS = Kind.BOOLEAN
_BOX = {"box": Column(Kind.BYTES, optional=True)}

ORGANIZATIONS = View(
    "organizations",
    key("organization"),
    texts("kind division parent? name status credit_code? form"),
    (
        Order("organizations_by_division", ("division", "organization")),
        Order("organizations_by_parent", ("parent", "organization")),
    ),
    lasting=frozenset({"division", "parent"}),
)
"""Who is known to the ledger, as its last event left it."""

ORGANIZATION_KEYS = View(
    "organization_keys",
    key("key"),
    texts("organization public_key label valid_to?") | columns(_BOOLEANS, "is_revoked"),
    (Order("organization_keys_by_organization", ("organization", "key")),),
)
"""Whose key it is that has signed; ``valid_to`` is its last day."""

STAFF = View(
    "staff",
    key("organization person role"),
    texts("from_day until_day? terms"),
    (Order("staff_by_person", ("person", "organization", "role")),),
)
"""Who has which role where. ``terms`` are all its terms, ``FROM/UNTIL`` each, the last day
without the role being UNTIL; ``from_day`` and ``until_day`` are those of the last one."""

PERSONS = View("persons", key("person"), columns(_BOOLEANS, "is_erased") | _BOX)
"""What persons of the staff are called; the box holds ``name`` and ``telephone``."""

VOLUNTEERS = View(
    "volunteers",
    key("volunteer"),
    texts("registered_by? status into? registered_on identified_by corrections")
    | columns(_BOOLEANS, "is_confirmed is_erased")
    | _BOX,
    (
        Order("volunteers_by_organization", ("registered_by", "registered_on", "volunteer")),
        Order("volunteers_by_day", ("registered_on", "volunteer")),
    ),
    lasting=frozenset({"registered_by", "registered_on"}),
)
"""Registrations; the box holds ``name``. ``corrections`` are the ids of those asked for."""

VOLUNTEER_TOKENS = View(
    "volunteer_tokens",
    key("volunteer kind"),
    texts("token"),
    (Order("volunteer_tokens_by_token", ("token", "volunteer")),),
)
"""By what a volunteer is found: keyed digests of her name, telephone and ID number."""

ACTIVITIES = View(
    "activities",
    key("activity"),
    texts(
        "organization organizer division name starts_on ends_on status person_in_charge"
        " categories amendment? proposed? project_no? admission_mode? recruits_from?"
        " recruits_until? head_count_standing"
    )
    | columns(_INTEGERS, "head_count recorded")
    | columns(_BOOLEANS, "back_entry"),
    (
        Order("activities_by_organization", ("organization", "ends_on", "activity")),
        Order("activities_by_division", ("division", "ends_on", "activity")),
        Order("activities_by_day", ("ends_on", "activity")),
    ),
    lasting=frozenset({"organization", "organizer"}),
)
"""What was done; ``organization`` records it. ``proposed`` is what an open amendment says.
``recorded`` counts the volunteers of whom something is recorded that is not voided, and
``head_count_standing`` says how that stands to the head count, whatever day it is."""

ATTENDANCE = View("attendance", key("activity volunteer"), columns(_INTEGERS, "records"))
"""How many records of a volunteer in an activity are not voided."""

PRESENCES = View(
    "presences",
    {"activity": Kind.TEXT, "volunteer": Kind.TEXT, "session": Kind.INTEGER},
    texts("signed_in_at signed_out_at?")
    | columns(_BOOLEANS, "is_open is_offline is_amended is_outside"),
    (Order("presences_by_activity", ("activity", "signed_in_at", "volunteer", "session")),),
)
"""Who signed in and out on the spot. ``is_outside``: at one of both, out of the radius."""

RECORDS = View(
    "records",
    key("record"),
    texts(
        "volunteer activity organization division day start end stage channel recorder"
        " submitted_by submitted_at signals awaits reviewer? approver? opens_on? closes_on?"
        " open_objections amendment? proposed?"
    )
    | columns(_INTEGERS, "minutes rules objections objected amended")
    | columns(_BOOLEANS, "is_late is_back_entry provisional amendment_is_voiding"),
    (
        Order("records_by_volunteer", ("volunteer", "day", "record")),
        Order("records_by_organization", ("organization", "day", "record")),
        # With all that is asked of them, so that an activity is counted from the index alone.
        Order(
            "records_by_activity",
            ("activity", "day", "record", "volunteer", "stage", "until"),
        ),
        Order(
            "records_in_publicity",
            ("organization", "closes_on", "record"),
            where=("stage", "publicized"),
        ),
        Order(
            "records_in_publicity_by_division",
            ("division", "closes_on", "record"),
            where=("stage", "publicized"),
        ),
        # Each entry and each entry anew wrote one row of this stage.
        Order(
            "records_by_entry",
            ("submitted_by", "submitted_at", "minutes"),
            current=False,
            where=("stage", "submitted"),
        ),
    ),
    lasting=frozenset({"volunteer", "activity", "organization"}),
)
"""Service records. ``objections`` are open, ``objected`` were ever raised, ``amended`` were
accepted. ``signals`` are the entry's, ``awaits`` what held it. ``proposed`` is what an open
amendment would change of this row."""

IMPORTS = View(
    "imports",
    key("import_id"),
    texts(
        "organization activity? sha256 format carrier keyed_by begun_by begun_at standing"
        " checked_by? checked_at?"
    )
    | columns(_INTEGERS, "rows accepted refused scans differing rows_on_paper persons_on_paper")
    | columns(_BOOLEANS, "is_open"),
    (Order("imports_by_organization", ("organization", "begun_at", "import_id")),),
    lasting=frozenset({"organization"}),
)
"""Files that were imported. ``rows`` and ``refused`` are those of the last run that ended,
``accepted`` of all of them; ``is_open`` says that the last run has no end. ``standing`` is how
it stands to its paper; the counts of the last check are 0 before there is one."""

IMPORT_ROWS = View(
    "import_rows",
    key("record"),
    texts("import_id volunteer") | columns(_INTEGERS, "sheet row"),
    (Order("import_rows_by_import", ("import_id", "sheet", "row", "record")),),
    lasting=frozenset({"import_id"}),
)
"""From which row of which file a record was made."""

CREDITS = View(
    "credits",
    key("record"),
    texts("volunteer recorded_for organization start end") | columns(_INTEGERS, "minutes"),
)
"""Which minutes of a record count, and on whose account."""

ACCOUNTS = View(
    "accounts",
    key("volunteer"),
    texts("into? owners") | columns(_INTEGERS, "minutes credits own_minutes own_credits"),
    (Order("accounts_current", ("volunteer",), unique=True),),
)
"""What counts for a volunteer, ``credits`` being how many. ``own_*`` is what was recorded for
this registration, on whichever account it counts; ``owners`` are those that count here."""

TASKS = View(
    "tasks",
    key("kind about"),
    texts("organization? division record? activity? volunteer? since_day asked_by? asked_for?"),
    (
        Order("tasks_by_organization", ("organization", "since_day", "kind", "about")),
        Order("tasks_by_division", ("kind", "division", "since_day", "about")),
        Order("tasks_by_volunteer", ("volunteer", "since_day", "kind", "about")),
    ),
)
"""What waits to be done, where those are at home who have to do it; of a volunteer whom no
organization registered, in the district where she lives. Until when follows from
``since_day`` (`ledger.projections.due`). ``asked_by`` raised the objection or proposed the
amendment, in the name of ``asked_for``."""

EVIDENCE = View("evidence", key("evidence"), texts("persons activity record?"))
"""Whom a file that is kept shows."""

SIGN_INS = View(
    "sign_ins",
    key("sign_in"),
    texts("staff? volunteer? invited_staff? invited_volunteer? into?"),
)
"""Whose a sign-in is, who was invited there last, and which one is used in its place."""

NOTICES = View(
    "notices",
    {"recipient": Kind.TEXT, "seq": Kind.INTEGER},
    texts(
        "kind time by organization on_behalf_of? record? activity? volunteer? evidence? about?"
        " purpose? certificate?"
    ),
    # What has come since somebody looked last, whoever it is for.
    (Order("notices_by_seq", ("seq", "recipient"), current=False),),
    history=History.APPENDED,
)
"""What persons are told 通知: which entry concerns whom. ``organization`` is as whose staff
she is told, empty where it is for herself; ``on_behalf_of`` in whose name ``by`` acted."""

NOTICES_SEEN = View(
    "notices_seen",
    key("recipient seen_by"),
    texts("seen_at") | columns(_INTEGERS, "through"),
)
"""Up to the notice of which entry somebody has seen hers, and when that was said; ``seen_by``
said so: she, or the registration into which hers was merged then."""

MAILING = View("mailing", key("person"), texts("asked_at"))
"""Who wants to be told by mail that there are notices; where, her own stream says."""

TALLIES = View(
    "tallies",
    key("organization month measure"),
    texts("division") | columns(_INTEGERS, "value"),
    history=History.NONE,
)
"""Counters of an organization and a month; ``organization`` is empty where there is none."""

CHANGES = View(
    "changes",
    {"organization": Kind.TEXT, "seq": Kind.INTEGER},
    texts("stream type division"),
    (Order("changes_by_seq", ("seq", "organization"), current=False),),
    history=History.APPENDED,
)
"""Which entries concern an organization: what its change feed is made of."""

FAILURES = View(
    "failures",
    {"seq": Kind.INTEGER},
    texts("stream type error"),
    (Order("failures_by_stream", ("stream", "seq"), current=False),),
    history=History.APPENDED,
)
"""Entries that could not be folded, and those after them in their streams."""

VIEWS: tuple[View, ...] = (
    ORGANIZATIONS,
    ORGANIZATION_KEYS,
    STAFF,
    PERSONS,
    VOLUNTEERS,
    VOLUNTEER_TOKENS,
    ACTIVITIES,
    ATTENDANCE,
    PRESENCES,
    RECORDS,
    IMPORTS,
    IMPORT_ROWS,
    CERTIFICATES,
    CERTIFIED,
    CERTIFIED_COUNTS,
    STATUS_PLACES,
    STATUS_LISTS,
    SIGNERS,
    CREDITS,
    ACCOUNTS,
    TASKS,
    EVIDENCE,
    SIGN_INS,
    NOTICES,
    NOTICES_SEEN,
    MAILING,
    TALLIES,
    CHANGES,
    FAILURES,
)
"""In the order in which they are written and compared."""

FOLDS = 9
"""Counts what the folds make of a log: raised whenever they would make other rows of it, so
that a store that an older release has filled is filled anew."""
