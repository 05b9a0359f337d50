"""The guardian 监护人: named for those who are too young to speak for themselves.

What is known of her stands with the volunteer's own personal facts, under the volunteer's
key: the ledger knows her through this volunteer alone, her particulars say whose child the
volunteer is, and both have to go in one erasure. A key of her own would outlive it.
"""

from dataclasses import dataclass

from ledger.domain.codes import GuardianRelation


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who may consent for a minor (PIPL 31): name, relation, and how she is reached."""

    name: str
    relation: GuardianRelation
    contact: str
