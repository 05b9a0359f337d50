"""What the product says to people, in English and Chinese, with what to do next."""

from ledger.application.texts.saying import TEXTS, Language, is_filled_in, say

__all__ = ["TEXTS", "Language", "is_filled_in", "say"]
