"""Texts of backup, restore, recovery, migration and keys."""

TEXTS: dict[str, tuple[str, str]] = {
    "migration_refused": (
        "The migration was refused and undone: table {what} would not have kept its content. "
        "The old tables stand. Report this to the maintainers.",
        "迁移已被拒绝并撤销:表 {what} 的内容会发生变化。原表保持不变。请向维护者报告。",
    ),
    "migration_missing": (
        "The tables of the {what} are not those of this software. Bring them up to date with: "
        "ledger migrate",
        "{what} 的数据表与本软件版本不符。请运行:ledger migrate",
    ),
    "migrated": (
        "The tables are up to date: {size} entries, every row as it was. Next: ledger serve",
        "数据表已是最新:共 {size} 条条目,所有行保持不变。下一步:ledger serve",
    ),
    "moved": (
        "Moved {size} entries, row for row. Set LEDGER_DATABASE_URL to the new database "
        "({what}), then start the service. The old rows stay where they are and are never "
        "extended again.",
        "已逐行迁移 {size} 条条目。请将 LEDGER_DATABASE_URL 改为新数据库({what}),然后启动服务。"
        "原有各行保留原处,不再追加。",
    ),
    "backup_written": (
        "Backup of {size} entries written to {folder} and audited. Keep it where the database "
        "is not. Keys and vault are not in it: copy the keys folder, and run: ledger backup "
        "--vault DIR",
        "已将 {size} 条条目备份到 {folder},并通过审计。请存放在数据库以外的地方。其中不含密钥和保险库:"
        "请另存密钥文件夹,并运行:ledger backup --vault DIR",
    ),
    "vault_backup_written": (
        "Backup of {count} data keys written to {folder}. Keep it for days, not years: a person "
        "is erased only when the last backup of her key is gone.",
        "已将 {count} 个数据密钥备份到 {folder}。请只保留数日:最后一份密钥备份消失后,"
        "对个人的删除才真正完成。",
    ),
    "copy_unsound": (
        "This copy of the log is not sound, so it does not count as a backup and nothing is "
        "restored from it. The findings follow; show them to the supervisor. Where the ledger "
        "itself is damaged, put entries back with ledger recover; else use another copy.",
        "这份副本不完好,不作为备份,也不会据此恢复。请将以下发现交给监督人。若账本本身受损,"
        "请用 ledger recover 修复条目;否则请改用另一份副本。",
    ),
    "recovered_unsound": (
        "The entries were put back, but the audit has findings, so the service may not start "
        "yet. They follow; run ledger recover again with another source.",
        "条目已放回,但审计仍有发现,服务暂不能启动。发现如下;请用另一来源再次运行 ledger recover。",
    ),
    "not_moved": (
        "The log is not sound, so it was not moved; the service goes on with the old database. "
        "The findings follow: put damaged entries back with ledger recover, then try again.",
        "日志不完好,未迁移;服务仍使用原数据库。发现如下:请先用 ledger recover 修复受损条目,然后重试。",
    ),
    "copy_differs": (
        "Table {what} was not written as it was read, so everything was undone. Check the disk "
        "and try again.",
        "表 {what} 写入的内容与读取的不一致,已全部撤销。请检查磁盘后重试。",
    ),
    "no_backup": (
        "{what} cannot be used: it {rule}. Nothing was changed. Name the folder of a finished "
        "`ledger backup`, or for `recover` also the URL of a standby's database.",
        "无法使用 {what}:{rule}。未作任何改动。请指定由 `ledger backup` 完成的备份文件夹;"
        "`recover` 也可指定备用数据库的 URL。",
    ),
    "restored": (
        "Restored {size} entries; nobody who answered was shown more. Erasures applied again: "
        "{count}. Next: ledger audit verify, then ledger serve",
        "已恢复 {size} 条条目;已答复的各方均未见过更多条目。重新执行的删除:{count} 项。"
        "下一步:ledger audit verify,然后 ledger serve",
    ),
    "vault_restored": (
        "Restored {count} data keys. Keys of persons who were erased are destroyed again when "
        "the service starts.",
        "已恢复 {count} 个数据密钥。已删除人员的密钥将在服务启动时再次销毁。",
    ),
    "restored_behind": (
        "Restored, but {count} entries are missing: {first} to {last}. The {what} has them in:\n"
        "{want}Nothing is appended until they are back. Put them back with: ledger recover "
        "--from SOURCE (a later backup, or a standby's database)",
        "已恢复,但缺少 {count} 条条目:{first} 至 {last}。{what} 的以下检查点包含它们:\n"
        "{want}在补回之前不会追加。请运行:ledger recover --from 来源(更新的备份或备用数据库)",
    ),
    "known_missing": (
        "  entry {seq}: {type}, {time} (ask whoever holds this receipt: {what})",
        "  条目 {seq}:{type},{time}(请询问回执持有人:{what})",
    ),
    "no_receipts": (
        "  No receipt of them was given; name receipts with --receipts FILE to learn what they "
        "were.",
        "  未提供相关回执;可用 --receipts 文件 指定回执,以了解其内容。",
    ),
    "witnesses_silent": (
        "There is no head register, and no quorum of the witnesses ({want}) says how large the "
        "log was; answered: {got}. Nothing was restored. Try again when they answer, or bring "
        "the register; --without-witnesses goes on without any evidence from outside.",
        "没有头登记,见证方也未达到法定数({want})以说明日志有多大;已答复:{got}。未恢复任何内容。"
        "请待其答复后重试,或取回头登记;--without-witnesses 表示在没有外部证据的情况下继续。",
    ),
    "recovered": (
        "The log is whole: {size} entries, audited. Put back: {what}. Next: ledger serve",
        "日志已完整:{size} 条条目,已审计。已放回:{what}。下一步:ledger serve",
    ),
    "entries_missing": (
        "No source has these entries as they were: {what}. Nothing was changed. The {keeper} "
        "has them in:\n{want}Two ways out: another source (a later backup, a standby, a "
        "mirror's database) with ledger recover --from SOURCE; or close this log for good and "
        "go on under a new one with ledger recover --new-origin ORIGIN --into DIR",
        "没有来源保存这些条目的原样:{what}。未作任何改动。{keeper} 的以下检查点包含它们:\n{want}"
        "有两条出路:用另一来源(更新的备份、备用库或镜像数据库)运行 ledger recover --from 来源;"
        "或永久关闭本日志,以新名称继续:ledger recover --new-origin 名称 --into 文件夹",
    ),
    "stray_entries": (
        "Entries {what} lie beyond everything that was sealed, registered or signed. Nothing "
        "was changed. Keep a copy for the supervisor, then repeat with --discard-beyond",
        "条目 {what} 超出了一切已封印、登记或签名的范围。未作任何改动。请为监督人留存副本,"
        "然后加上 --discard-beyond 重试。",
    ),
    "recovery_differs": (
        "The database did not keep what it was given (at entry {what}); everything was undone. "
        "Check the disk and try again.",
        "数据库未能保存写入的内容(条目 {what} 处),已全部撤销。请检查磁盘后重试。",
    ),
    "ledger_held": (
        "Rows of {what} were put back and not yet released: a restore or recovery was cut off. "
        "Run the same command again.",
        "{what} 的行已放回但尚未放行:恢复过程曾中断。请再次运行同一命令。",
    ),
    "ledger_moved": (
        "The log {what} goes on in another database; this one is never extended again. Set "
        "LEDGER_DATABASE_URL to the new one.",
        "日志 {what} 已在另一数据库中继续,本库不再追加。请将 LEDGER_DATABASE_URL 改为新库。",
    ),
    "ledger_closed": (
        "The log {what} was closed for good; it can be read and audited, and is never extended "
        "again. It goes on as {successor}: use that data folder.",
        "日志 {what} 已永久关闭,仍可读取和审计,但不再追加。它以 {successor} 继续:请使用其数据文件夹。",
    ),
    "nothing_signed": (
        "No checkpoint that this log signed is at hand, so a new log cannot name it. Give one "
        "with --checkpoint FILE, as a witness, a mirror or a receipt shows it.",
        "手头没有本日志签名的检查点,新日志无法引用。请用 --checkpoint 文件 指定一份"
        "(可取自见证方、镜像或回执)。",
    ),
    "successor_created": (
        "{what} is closed for good. {successor} is ready in {folder} and names its last "
        "checkpoint. Publish its key:\n  {key}\nNext: LEDGER_DATA_DIR={folder} ledger serve",
        "{what} 已永久关闭。{successor} 已在 {folder} 中建立,并引用其最后的检查点。请公布其公钥:\n"
        "  {key}\n下一步:LEDGER_DATA_DIR={folder} ledger serve",
    ),
    "successor_elsewhere": (
        "{successor}, in favour of which this log was closed, is not in {what}; nothing was "
        "changed. It was created in {folder} (key: {key}): repeat with --into and its folder. "
        "If it is lost, put its backup back with ledger restore; there is never a second one.",
        "本日志关闭后由 {successor} 接续,而它不在 {what};未作任何改动。它建立于 {folder}(公钥:{key}):"
        "请以 --into 指定其文件夹重试。若已丢失,请用 ledger restore 恢复其备份;绝不会另建一个。",
    ),
    "name_a_folder": (
        "Say what to work on: {what}.",
        "请说明要处理的对象:{what}。",
    ),
}
