"""Volunteer service ledger (志愿服务记录账本)."""
