"""Texts of the auditor's commands and reports."""

TEXTS: dict[str, tuple[str, str]] = {
    "cannot_read": (
        "{what} cannot be read as what it should be: want {want}, got {got}. Check the path, "
        "or obtain the file again.",
        "{what} 无法按应有格式读取:应为 {want},实为 {got}。请检查路径,或重新获取该文件。",
    ),
    "export_exists": (
        "{what} is not empty; nothing was written. Name a new folder.",
        "{what} 不是空文件夹,未写入任何内容。请指定一个新文件夹。",
    ),
    "entry_gone": (
        "Entry {seq} is missing from the database, so nothing complete can be exported. What was written to {folder} is of no use. Run `ledger audit verify` to see what is wrong, then `ledger recover --from SOURCE`.",
        "数据库中缺少第 {seq} 号条目,无法导出完整内容;已写入 {folder} 的内容没有用处。请运行 `ledger audit verify` 查明问题,再运行 `ledger recover --from SOURCE`。",
    ),
    "subtree_gone": (
        "The hash that the database keeps for the entries from {seq} on is missing, so nothing complete can be exported. What was written to {folder} is of no use. Run `ledger audit verify` to see what is wrong, then `ledger recover --from SOURCE`.",
        "数据库中缺少自第 {seq} 号条目起的一段所存的哈希,无法导出完整内容;已写入 {folder} 的内容没有用处。请运行 `ledger audit verify` 查明问题,再运行 `ledger recover --from SOURCE`。",
    ),
    "export_written": (
        "Exported {size} entries to {folder}. Check them with: ledger audit check {folder}",
        "已将 {size} 条条目导出到 {folder}。核验:ledger audit check {folder}",
    ),
    "signed_before": (
        "The rows about the log's keys, or rows beside them, are damaged, so no new checkpoint "
        "is signed. This rests on the newest one that was signed before, of size {size}. Run "
        "`ledger audit verify` to see what is wrong, then `ledger recover --from SOURCE`.",
        "记载日志密钥的条目或其相邻条目已损坏,因此不再签署新的检查点。本次结果依据此前最新的已签名检查点,大小为 {size}。"
        "请运行 `ledger audit verify` 查明问题,再运行 `ledger recover --from SOURCE`。",
    ),
    "entry_missing": (
        "The log has no entry {what} yet. Ask for one below its size.",
        "日志尚无第 {what} 号条目。请指定小于日志大小的序号。",
    ),
    "sound": (
        "Sound: {size} entries, root {root}, nothing found in {seconds} s.",
        "完好:{size} 条条目,根 {root},未发现问题,用时 {seconds} 秒。",
    ),
    "not_sound": (
        "NOT SOUND: {count} findings in {size} entries. Keep the database as it is, and show "
        "these findings to the supervisor.",
        "不完好:{size} 条条目中有 {count} 项发现。请保持数据库原状,并将以下发现交给监督人。",
    ),
    "more_findings": (
        "… and {count} more: {codes}",
        "……另有 {count} 项:{codes}",
    ),
    "unchecked": ("Not checked:", "未能核验:"),
}
