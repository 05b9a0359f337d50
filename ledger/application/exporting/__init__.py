"""Exports 导出: the same records as a table, or in the codes of the national system."""
