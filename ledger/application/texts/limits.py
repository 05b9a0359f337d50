"""Texts of what holds an append back: damaged rows, absent witnesses, a clock in doubt."""

TEXTS: dict[str, tuple[str, str]] = {
    "stream_damaged": (
        "A row of stream {what} (entry {seq}) is not what the log holds there, or cannot be "
        "proved from the rows beside it. Nothing is appended to this stream or decided by it; "
        "others go on. Run: ledger audit verify, then restore the rows that it names.",
        "流 {what} 的一条记录(第 {seq} 号条目)与日志不符,或无法由相邻记录证明。"
        "该流已停止追加,也不作为任何决定的依据;其他流不受影响。"
        "请运行:ledger audit verify,并恢复其指出的记录。",
    ),
    "planted_row": (
        "A row of table {what}, at entry {seq} or soon after, was put there by somebody else "
        "and stands in the way. Nothing was appended. Run: ledger audit verify, keep a copy of "
        "the row as evidence, and remove it.",
        "表 {what} 在第 {seq} 号条目或其后不远处有一条他人写入的记录,阻碍追加,未追加任何内容。"
        "请运行:ledger audit verify,将该记录留存为证据后删除。",
    ),
    "unwitnessed": (
        "The log has {size} entries, but a quorum of witnesses has seen only {witnessed}; "
        "{allowed} more than that are allowed. Nothing was appended. Bring the witnesses back, "
        "or raise LEDGER_UNWITNESSED_MAX.",
        "日志已有 {size} 个条目,而达到法定数量的见证方只见到 {witnessed} 个,最多允许超出 {allowed} 个。"
        "未追加任何内容。请恢复见证方,或调高 LEDGER_UNWITNESSED_MAX。",
    ),
    "clock_in_doubt": (
        "The clock says {now}, too long after the last known instant {reference}. Nothing was "
        "appended. Correct the clock; if it is right, set LEDGER_CLOCK_CHECKED to today's date "
        "and start again.",
        "时钟显示 {now},距最近的已知时刻 {reference} 过久,未追加任何内容。请校正时钟;"
        "若时钟无误,请将 LEDGER_CLOCK_CHECKED 设为今天的日期并重新启动。",
    ),
}
