"""Texts of witnesses: those that cosign this log, and the one that cosigns other logs."""

TEXTS: dict[str, tuple[str, str]] = {
    "witness_away": (
        "The witness {witness} does not cosign ({trouble}). Appending goes on up to "
        "LEDGER_UNWITNESSED_MAX entries beyond the last quorum. docs/witness.md says what "
        "{trouble} means and what to do.",
        "见证方 {witness} 未联署({trouble})。最近一次达到法定数之后最多可再追加 LEDGER_UNWITNESSED_MAX 条。"
        "{trouble} 的含义和处理办法见 docs/witness.md。",
    ),
    "witness_back": (
        "The witness {witness} cosigns again. Nothing is to be done.",
        "见证方 {witness} 已恢复联署,无需处理。",
    ),
    "witness_silent": (
        "Warning: the witness {witness} gave no usable answer ({trouble}), so what it has seen of "
        "this log was not compared. The service starts; docs/witness.md says what to do.",
        "警告:见证方 {witness} 未给出可用的答复({trouble}),未能比对其所见。服务照常启动;处理办法见 docs/witness.md。",
    ),
    "witness_ahead": (
        "The witness {witness} says it has cosigned {want} entries of this log, but there are "
        "{got}, and it shows nothing that this log signed. Nothing is appended or signed. "
        "If the database was restored from a backup, restore the missing entries (ledger "
        "recover). If the witness is wrong, remove it from LEDGER_POLICY_FILE. Then start again.",
        "见证方 {witness} 称已联署本日志 {want} 条,而现有 {got} 条,且未出示本日志的签名。已停止追加和签名。"
        "若数据库由备份恢复,请恢复缺失的条目(ledger recover);若见证方有误,请将其从 LEDGER_POLICY_FILE 中移除。"
        "然后重新启动。",
    ),
    "witness_ready": (
        "The witness {name} is ready. Tell the logs it shall cosign for, and their readers:\n"
        "{keys}\nList those logs in LEDGER_WITNESS_LOGS_FILE and keep {folder} safe: "
        "a witness that loses it must be enrolled anew under another key. Next: ledger witness "
        "serve",
        "见证方 {name} 已就绪。请告知它所见证的日志及其读者:\n{keys}\n"
        "请在 LEDGER_WITNESS_LOGS_FILE 中列出这些日志,并妥善保管 {folder}:"
        "丢失后必须以新密钥重新登记。下一步:ledger witness serve",
    ),
    "witness_name_bad": (
        "A witness cannot be named so: want {want}, got {got}. Name it like a web address "
        "without https://, for example witness.example.org",
        "见证方不能使用此名称:应为 {want},实为 {got}。请使用不带 https:// 的网址形式,例如 witness.example.org",
    ),
    "witness_exists": (
        "There is a witness here already ({what}); nothing was changed. Choose another "
        "LEDGER_WITNESS_DIR for a new one.",
        "此处已有见证方({what}),未作任何改动。如需新建,请换一个 LEDGER_WITNESS_DIR。",
    ),
    "witness_missing": (
        "There is no witness here: {what} is missing. Run ledger witness init with a name. If "
        "this witness has cosigned before, its memory is lost: create a new one in another "
        "folder, with a new key, and have the logs enrol that one.",
        "此处没有见证方:缺少 {what}。请运行 ledger witness init 并指定名称。若该见证方曾经联署,则其记录已丢失:"
        "请在另一文件夹以新密钥新建,并请各日志登记新的见证方。",
    ),
    "witness_logs_missing": (
        "A witness must know which logs it cosigns for. Write their log lines, and "
        "the line quorum none, into a file and name it by LEDGER_WITNESS_LOGS_FILE.",
        "见证方须知道为哪些日志联署。请把各日志的 log 行以及一行 quorum none 写入文件,并由 LEDGER_WITNESS_LOGS_FILE 指定。",
    ),
    "witness_memory_lost": (
        "Warning: what this witness cosigned for {what} is missing or damaged, so that log is "
        "refused for good under this key. Create a new witness in another folder and have the "
        "log enrol its key; the others are served.",
        "警告:本见证方为 {what} 联署的记录缺失或损坏,此密钥不再为其联署。请在另一文件夹新建见证方,"
        "并请该日志登记新密钥;其他日志照常服务。",
    ),
}
