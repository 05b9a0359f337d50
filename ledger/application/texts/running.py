"""Texts of creating, starting and running a ledger."""

TEXTS: dict[str, tuple[str, str]] = {
    "ledger_created": (
        "The ledger {origin} is ready.\nPublish its key, so that others can check it:\n  {key}\n"
        "Keep a copy of the folder {keys} where the database is not: without it nothing can be "
        "appended or signed again. Next: ledger serve",
        "账本 {origin} 已建立。\n请公布其公钥,供他人核验:\n  {key}\n"
        "请在数据库之外另存一份 {keys} 文件夹:缺少它就无法再追加或签名。下一步:ledger serve",
    ),
    "demo_ready": (
        "DEMONSTRATION: the ledger {origin} in {folder} is ready; nothing in it is real. Next: "
        "ledger serve, then http://127.0.0.1:8000/api/v1/openapi.json and "
        "http://127.0.0.1:8000/log/110000/checkpoint",
        "【演示】账本 {origin} 已在 {folder} 就绪,其中内容全部虚构。下一步:ledger serve,然后打开 "
        "http://127.0.0.1:8000/api/v1/openapi.json 和 http://127.0.0.1:8000/log/110000/checkpoint",
    ),
    "demo_unfinished": (
        "The demonstration ledger in {what} was not built to its end. Remove that folder, then "
        "run ledger demo again.",
        "{what} 中的演示账本没有建完。请删除该文件夹,再运行 ledger demo。",
    ),
    "origin_missing": (
        "A ledger needs a name that never changes. Say it with --origin, for example "
        "--origin ledger.example.gov.cn/log/110000",
        "账本需要一个永不更改的名称。请用 --origin 指定,例如 --origin ledger.example.gov.cn/log/110000",
    ),
    "bad_origin": (
        "A log cannot be named so: want {want}, got {got}. Name it like a web address without "
        "https://, for example ledger.example.gov.cn/log/110000",
        "日志不能使用此名称:应为 {want},实为 {got}。请使用不带 https:// 的网址形式,例如 "
        "ledger.example.gov.cn/log/110000",
    ),
    "ledger_exists": (
        "There is a ledger here already ({what}); nothing was changed. Choose another "
        "LEDGER_DATA_DIR, or move the old files away.",
        "此处已有账本({what}),未作任何改动。请换一个 LEDGER_DATA_DIR,或先移走原有文件。",
    ),
    "ledger_missing": (
        "There is no ledger in {what}. Create one with: ledger init --origin ORIGIN",
        "{what} 中没有账本。请先运行:ledger init --origin ORIGIN",
    ),
    "bad_setting": (
        "A setting is not usable: {what}. Correct it and try again.",
        "设置项无法使用:{what}。请更正后重试。",
    ),
    "bad_key_file": (
        "A key file cannot be used: {what}. Restore it from its copy, or correct its setting.",
        "密钥文件无法使用:{what}。请从备份恢复,或更正相应设置。",
    ),
    "instance_running": (
        "Another instance serves this ledger or uses this data folder ({what}). Stop it first.",
        "另一个实例正在为此账本提供服务,或正在使用该数据文件夹({what})。请先停止它。",
    ),
    "rolled_back": (
        "ROLLED BACK: the database does not continue what was registered outside it. Nothing "
        "is appended or signed. Restore the missing entries, then start again.\n"
        "registered:\n{want}\nin the database:\n{got}",
        "检测到回退:数据库与库外登记的头不相接,已停止追加和签名。请恢复缺失的条目后再启动。\n"
        "登记的头:\n{want}\n数据库中的头:\n{got}",
    ),
    "head_tampered": (
        "The head row was not written by this service, or LEDGER_SEAL_KEY_FILE names the key of "
        "another ledger. Nothing is appended or signed. Correct the setting, or run: "
        "ledger audit verify",
        "头记录并非本服务写入,或 LEDGER_SEAL_KEY_FILE 指定了另一账本的密钥,已停止追加和签名。"
        "请更正该设置,或运行:ledger audit verify",
    ),
    "log_damaged": (
        "What is stored does not add up ({what}: want {want}, got {got}), so nothing is made "
        "from it. Run: ledger audit verify",
        "存储内容前后不符({what}:应为 {want},实为 {got}),未据此生成任何内容。请运行:"
        "ledger audit verify",
    ),
    "database_failed": (
        "The database cannot be used: {what}. Check LEDGER_DATABASE_URL and LEDGER_VAULT_URL, "
        "and that the server runs.",
        "无法使用数据库:{what}。请检查 LEDGER_DATABASE_URL 和 LEDGER_VAULT_URL,并确认数据库服务正在运行。",
    ),
    "erasures_unproven": (
        "Rows say that a person was erased, but are no entries of the log (seq {what}). No key "
        "was destroyed for them. Run: ledger audit verify",
        "有记录声称某人已被删除,但它们并非日志条目(序号 {what})。未因此销毁任何密钥。请运行:"
        "ledger audit verify",
    ),
    "key_remains": (
        "A destroyed key may still stand in the vault's files, because another process reads "
        "them. Stop that process and start again.",
        "已销毁的密钥可能仍留在保险库文件中,因为另一进程正在读取。请停止该进程后重新启动。",
    ),
    "sqlite_defect": (
        "Warning: SQLite {what} can lose a committed page when its write-ahead log restarts "
        "(fixed in 3.51.3). Install the locked dependencies, or use PostgreSQL.",
        "警告:SQLite {what} 在重置预写日志时可能丢失已提交的页(3.51.3 起已修复)。"
        "请安装锁定的依赖,或改用 PostgreSQL。",
    ),
    "disk_failed": (
        "The disk refused: {what}. Nothing was half-done; free space or correct the rights, "
        "then try again.",
        "磁盘操作失败:{what}。没有留下半成品;请腾出空间或更正权限后重试。",
    ),
    "too_many_open": (
        "Too many files are open at once: {what}. Raise the limit (`ulimit -n`; `LimitNOFILE=` of a service), then try again.",
        "同时打开的文件过多:{what}。请提高上限(`ulimit -n`;服务中为 `LimitNOFILE=`)后重试。",
    ),
    "unexpected": (
        "Something went wrong that nobody foresaw. Look whether the request took effect before "
        "you repeat it; a signed submission is simply sent again. The operator finds the error "
        "in the service's output.",
        "发生了未预料的错误。重试前请先查看该请求是否已生效;签名提交可原样重发。运维人员可在服务输出中查看。",
    ),
    "memory_short": (
        "The service has too little memory at the moment. Look whether the request took effect "
        "before you repeat it; a signed submission is simply sent again.",
        "服务内存暂时不足。重试前请先查看该请求是否已生效;签名提交可原样重发。",
    ),
}
