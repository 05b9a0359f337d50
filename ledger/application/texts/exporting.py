"""Texts of exports: why no file is made, and what became of one."""

TEXTS: dict[str, tuple[str, str]] = {
    "export_is_too_large": (
        "There are more than {max} records. Narrow it by days (from, to), an activity or a state, "
        "or use `ledger export`, which takes more at once.",
        "记录超过 {max} 条。请用日期(from、to)、活动或状态缩小范围,或使用容量更大的 `ledger export` 命令。",
    ),
    "export_is_written": (
        "{count} records, as of {size} entries of the log, were written to {file} ({bytes} bytes).",
        "已导出 {count} 条记录(截至日志 {size} 条)至 {file}({bytes} 字节)。",
    ),
    "export_is_hidden": (
        "There is nothing of that which you may export. Check organization and activity, and in "
        "whose name you sign in.",
        "没有您可以导出的内容。请检查组织、活动以及登录身份。",
    ),
    "export_is_for_nobody": (
        "You work for several organizations, or for none. Say in whose name by --on-behalf-of.",
        "您任职于多个组织或未任职。请用 --on-behalf-of 注明代表哪个组织。",
    ),
    "export_is_behind": (
        "The lists do not hold everything yet that is in the log, so the file would lack records. "
        "Try again in a minute.",
        "列表尚未与日志同步,导出会缺少记录。请一分钟后重试。",
    ),
}
