"""Texts of the projections: how they stand, comparing them with the log, filling them anew."""

TEXTS: dict[str, tuple[str, str]] = {
    "projections_stand": (
        "The projections are as of {position} of {size} entries.",
        "投影已处理 {size} 条条目中的 {position} 条。",
    ),
    "projections_rebuilding": (
        "They are being filled anew, up to {goal} entries: until then they lack what comes "
        "later in the log.",
        "投影正在重建,目标为 {goal} 条;在此之前缺少日志中较后的内容。",
    ),
    "projections_outdated": (
        "They were filled by an older release and are filled anew when the service starts, or "
        "with: ledger projections rebuild",
        "投影由旧版本生成,服务启动时会自动重建,也可运行 ledger projections rebuild。",
    ),
    "projections_failed": (
        "{count} entries could not be folded, and the streams that they belong to stand still:",
        "有 {count} 条条目无法处理,其所属的流已停止更新:",
    ),
    "projection_failure": (
        "  entry {seq}  {type}  stream {stream}  {error}",
        "  第 {seq} 号条目  {type}  流 {stream}  {error}",
    ),
    "projections_failed_next": (
        "Nothing of the log is lost. Run: ledger audit verify. If it finds damage, put the "
        "entries back with ledger recover; then run: ledger projections rebuild",
        "日志没有丢失。请运行 ledger audit verify;如发现损坏,请用 ledger recover 恢复条目,"
        "然后运行 ledger projections rebuild。",
    ),
    "projections_same": (
        "The projections are, row by row, what the log makes of its first {size} entries.",
        "投影与日志前 {size} 条条目重新生成的结果逐行一致。",
    ),
    "projections_differ": (
        "The projections are not what the log makes of its first {size} entries. The log is "
        "untouched. Fill them anew with: ledger projections rebuild",
        "投影与日志前 {size} 条条目重新生成的结果不一致。日志未受影响。请运行 ledger projections rebuild 重建。",
    ),
    "projection_differs": (
        "  view {view}, row {key}, column {column}",
        "  视图 {view}，行 {key}，列 {column}",
    ),
    "projections_differ_more": (
        "  … and more; not all of them are shown.",
        "  …… 另有其他差异,未全部列出。",
    ),
    "projections_rebuilt": (
        "The projections were filled anew from {size} entries.",
        "已用 {size} 条条目重建投影。",
    ),
    "projections_unwritable": (
        "The store of the projections refuses even to note that an entry failed ({what}); nothing "
        "was written. Run: ledger projections rebuild. On SQLite, stop the service and remove "
        "projections.sqlite if that does not help: the log gives back all of it.",
        "投影库连失败记录都无法写入({what}),未写入任何内容。请运行 ledger projections rebuild;"
        "若使用 SQLite 且仍无效,请停止服务并删除 projections.sqlite,其内容可由日志完整重建。",
    ),
}
"""Code → English, Chinese."""
