"""Texts of exports: why no file is made, and what became of one."""

TEXTS: dict[str, tuple[str, str]] = {
    "export_is_too_large": (
        "There are more than {max} records. Narrow it by days (from, to), an activity or a state, "
        "or use `ledger export`, which takes more at once.",
        "记录超过 {max} 条。请用日期(from、to)、活动或状态缩小范围,或使用容量更大的 `ledger export` 命令。",
    ),
    "export_is_behind": (
        "The lists do not hold everything yet that is in the log, so the file would lack records. "
        "Try again in a minute.",
        "列表尚未与日志同步,导出会缺少记录。请一分钟后重试。",
    ),
}
