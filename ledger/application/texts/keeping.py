"""Texts of backup, restore, recovery, migration and keys."""

TEXTS: dict[str, tuple[str, str]] = {
    "migration_refused": (
        "The migration was refused and undone: table {what} would not have kept its content. "
        "The old tables stand. Report this to the maintainers.",
        "迁移已被拒绝并撤销:表 {what} 的内容会发生变化。原表保持不变。请向维护者报告。",
    ),
}
