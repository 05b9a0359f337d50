"""Texts of the log's keys: listing and rotating them, and what a verifier cannot tell."""

TEXTS: dict[str, tuple[str, str]] = {
    "key_line": (
        "{state}  {kind}  sizes {since} to {until}  {key}\n    {file}",
        "{state}  {kind}  大小 {since} 至 {until}  {key}\n    {file}",
    ),
    "credential_key_line": (
        "{state}  {kind}  credentials and status lists  {key}\n    {file}",
        "{state}  {kind}  电子凭证与状态列表  {key}\n    {file}",
    ),
    "credential_key_is_there": (
        "There is a key of credentials already: {path}. To put another one in force, say "
        "--rotate.",
        "凭证密钥已存在:{path}。如需更换,请加 --rotate。",
    ),
    "credential_key_made": (
        "From now on credentials and status lists are signed with {key}.\n"
        "Keep a copy of {file} where the database is not. Keys before it stay published.",
        "今后电子凭证与状态列表由 {key} 签署。\n请将 {file} 另行备份,不与数据库同处。此前的密钥继续公布。",
    ),
    "key_rotated": (
        "Entry {seq} puts a new {kind} key in force:\n  {key}\n"
        "Keep a copy of {file} where the database is not. Publish the key to everybody who "
        "checks this log: policies need both keys as `log` lines. Next: ledger serve",
        "第 {seq} 号条目启用了新的 {kind} 密钥:\n  {key}\n"
        "请在数据库之外另存一份 {file}。请将新公钥告知所有核验者:其策略须以 log 行列出新旧两个公钥。"
        "下一步:ledger serve",
    ),
    "key_rotated_witnesses": (
        "Witnesses know the log by its key. Before you serve again, enrol the new key with each "
        "of them and add this line to {policy}:\n  log {key}\n"
        "Until they have cosigned size {size} or a later one, what the old key has signed "
        "stays in doubt.",
        "见证方以密钥识别日志。重新启动服务前,请向每个见证方登记新公钥,并在 {policy} 中加入此行:\n"
        "  log {key}\n"
        "在其联署大小为 {size} 或更大的检查点之前,旧密钥所签内容仍然存疑。",
    ),
    "key_rotated_unwitnessed": (
        "No quorum of witnesses is asked for, so verifiers answer 'cannot tell' to what the old "
        "key alone has signed. Name witnesses in LEDGER_POLICY_FILE to settle it.",
        "未要求见证方法定数,因此核验者对仅由旧密钥签署的内容只能回答“无法判断”。"
        "请在 LEDGER_POLICY_FILE 中列出见证方以解决此问题。",
    ),
    "key_rotation_finished": (
        "A key rotation that was interrupted has been finished: entry {seq} puts {key} in "
        "force. To rotate once more, run the command again; otherwise publish this key.",
        "已完成先前中断的密钥轮换:第 {seq} 号条目启用 {key}。如需再次轮换,请重新运行;否则请公布此公钥。",
    ),
    "service_runs": (
        "A service uses this ledger ({what}); nothing was changed. Stop it, rotate the key, and "
        "start it again.",
        "有服务正在使用此账本({what}),未作任何改动。请先停止服务,轮换密钥后再启动。",
    ),
    "rotation_pending": (
        "A key rotation was interrupted ({what}); nothing is signed until it is ended. Run: "
        "ledger keys rotate, or start the service with: ledger serve",
        "密钥轮换曾被中断({what}),结束前不签名。请运行 ledger keys rotate,或用 ledger serve 启动服务。",
    ),
    "key_not_in_force": (
        "The key in {what} is {got}, but the log has {want} in force. Nothing was signed. "
        "Restore the key file of that key; see: ledger keys list",
        "{what} 中的密钥为 {got},而日志现行密钥为 {want},未作签名。请恢复该密钥文件,参见 ledger keys list。",
    ),
    "keys_unread": (
        "Entries in which the log may name its keys cannot be read (at least {count}), so it is "
        "open which key may sign. Nothing was signed and no key was removed. Run: ledger audit "
        "verify, then put the entries back with: ledger recover",
        "日志中可能载明密钥的条目无法读取(至少 {count} 条),无法确定哪个密钥可以签名。未作签名,也未删除任何密钥。"
        "请运行 ledger audit verify,再用 ledger recover 恢复这些条目。",
    ),
    "cannot_tell": (
        "CANNOT TELL: nothing wrong was found in {size} entries, root {root}, in {seconds} s, but "
        "a key was rotated and it could not be established which key may vouch for what. Get "
        "a policy with the newer key and a quorum of witnesses; see docs/keys.md.",
        "无法判断:{size} 条条目(根 {root},用时 {seconds} 秒)中未发现问题,但密钥曾经轮换,无法确定"
        "各密钥可为哪些内容作保。请获取含新公钥与见证方法定数的策略,参见 docs/keys.md。",
    ),
}
