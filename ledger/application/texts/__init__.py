"""What the product says to people, in English and Chinese, with what to do next."""

from ledger.application.texts.saying import TEXTS, Language, say

__all__ = ["TEXTS", "Language", "say"]
