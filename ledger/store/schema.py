"""The tables: ``log`` first in every key, and nothing unique without it.

So one PostgreSQL can hold many ledgers, and engines that distribute by a column can
spread them. The migrations create these tables; a test compares the two.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    # The entry byte for byte, as it was hashed; never formatted anew.
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    # Copies of facts, to find the row by; the audit compares them with the facts.
    sa.Column("stream", sa.Uuid, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("originator_version", sa.BigInteger, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    # JCS {"facts": …, "seed": …} of the plain facts; null only where facts were lost.
    sa.Column("plain", sa.LargeBinary),
    # JCS {person: {name: digest}} of the personal facts, null where there are none.
    sa.Column("personal", sa.LargeBinary),
    # Which append wrote the row, to learn the outcome of a commit that was cut off.
    sa.Column("submission", sa.Uuid, nullable=False),
    sa.UniqueConstraint("log", "stream", "originator_version", name="entries_one_version"),
    # A proof reads whole tiles of leaves, and none of the facts beside them.
    sa.Index("entries_leaves", "log", "seq", "leaf"),
)

boxes = sa.Table(
    "boxes",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("box", sa.LargeBinary, nullable=False),
    sa.Index("boxes_by_person", "log", "person", "seq"),
)

heads = sa.Table(
    "heads",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
    # The tree's right edge, 32 bytes a peak, largest subtree first.
    sa.Column("edge", sa.LargeBinary, nullable=False),
    sa.Column("mac", sa.LargeBinary, nullable=False),
)

subtrees = sa.Table(
    "subtrees",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    # Root of the perfect subtree of 256^level leaves that begins at number · 256^level.
    sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("note", sa.LargeBinary, nullable=False),
)

trackings = sa.Table(
    "trackings",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("application_name", sa.Text, primary_key=True),
    sa.Column("notification_id", sa.BigInteger, primary_key=True, autoincrement=False),
)

cosignatures = sa.Table(
    "cosignatures",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    # Name and key ID of the key, as `VerifierKey.label` has them.
    sa.Column("witness", sa.Text, primary_key=True),
    # The second that the witness signed; a checkpoint that stands long is cosigned again.
    sa.Column("time", sa.BigInteger, primary_key=True, autoincrement=False),
    # The line as it is appended to the note of that size, with its newline.
    sa.Column("line", sa.Text, nullable=False),
    sa.Index("cosignatures_by_witness", "log", "witness", "size"),
)

witness_losses = sa.Table(
    "witness_losses",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    # A key that answered with a smaller size than it had cosigned; it never counts again.
    sa.Column("witness", sa.Text, primary_key=True),
    sa.Column("cosigned", sa.BigInteger, nullable=False),
    sa.Column("claimed", sa.BigInteger, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
)

sign_in_names = sa.Table(
    "sign_in_names",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    # SHA-256 of the name without case and width: one sign-in has it.
    sa.Column("name_key", sa.Text, primary_key=True),
    # As it was chosen; it may be personal, and stands nowhere else.
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sign_in", sa.Uuid, nullable=False),
    # Of the password with which it was chosen: whoever withdraws that takes it along.
    sa.Column("credential", sa.Text, nullable=False),
    sa.Index("sign_in_names_by_sign_in", "log", "sign_in"),
)

credentials = sa.Table(
    "credentials",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("sign_in", sa.Uuid, primary_key=True),
    # As the log names it. The row of the last `sign_in.opened` counts, no other.
    sa.Column("digest", sa.Text, primary_key=True),
    # The argon2id string.
    sa.Column("encoded", sa.Text, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    # SHA-256 of the token, which itself stands nowhere.
    sa.Column("token_digest", sa.LargeBinary, primary_key=True),
    sa.Column("sign_in", sa.Uuid, nullable=False),
    # Seconds since 1970.
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    # Of the service over the row and the password in force: nobody else makes a session.
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Index("sessions_by_sign_in", "log", "sign_in"),
    sa.Index("sessions_by_end", "log", "expires_at"),
)

throttles = sa.Table(
    "throttles",
    metadata,
    sa.Column("log", sa.Text, primary_key=True),
    # Keyed digest of what is counted: a name from an address, an address, a key.
    sa.Column("key_digest", sa.LargeBinary, primary_key=True),
    sa.Column("window_start", sa.BigInteger, nullable=False),
    sa.Column("failures", sa.BigInteger, nullable=False),
    sa.Index("throttles_by_start", "log", "window_start"),
)

PASSING = (sessions, throttles)
"""Tables of the moment: no copy takes their rows along."""

IMMUTABLE = (entries, boxes, subtrees, checkpoints, cosignatures, witness_losses)
"""Tables whose rows a trigger forbids to change or delete; the proof does not rest on it."""

vault_metadata = sa.MetaData()

data_keys = sa.Table(
    "data_keys",
    vault_metadata,
    sa.Column("log", sa.Text, primary_key=True),
    sa.Column("person", sa.Uuid, primary_key=True),
    # The data key under the key-encryption key; null once the person is erased.
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()),
)
