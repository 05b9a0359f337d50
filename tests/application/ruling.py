"""Rule sets as they are sent."""

from typing import Any

from ledger.application.forms.rules import RuleSetForm
from ledger.domain.rules import INITIAL_RULES
from ledger.projections.history import spelled


def rule_set(**changes: Any) -> RuleSetForm:
    """Return the second rule set as it is sent."""
    first: Any = spelled(INITIAL_RULES)
    said = {"number": 2, "effective_from": "2026-11-25", "reason": "试行。", "basis": "通知。"}
    return RuleSetForm.model_validate(first | said | changes)
