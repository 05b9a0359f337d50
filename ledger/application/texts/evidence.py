"""Texts of files of evidence: what may be kept, and why one is not shown."""

TEXTS: dict[str, tuple[str, str]] = {
    "evidence_is_empty": (
        "The file is empty. Choose the photograph or scan again, and send it as the body.",
        "文件为空。请重新选择照片或扫描件,并作为请求正文发送。",
    ),
    "evidence_is_too_large": (
        "The file is too large: at most {max} bytes are taken. Scan it again with 200 dpi, or "
        "send its pages as several files.",
        "文件过大,最多 {max} 字节。请以 200 dpi 重新扫描,或将各页分为多个文件提交。",
    ),
    "evidence_is_of_another_type": (
        "The file is not what its type says ({want}; it looks like: {got}). Only JPEG, PNG and "
        "PDF are taken: export it in one of these, and name its type truly.",
        "文件内容与声明的类型({want})不符,实际为:{got}。只接受 JPEG、PNG 和 PDF,请另存为其中一种并如实填写类型。",
    ),
    "evidence_is_malformed": (
        "The file is damaged or cut off: it is no whole {type}. Open it, save it anew, and send "
        "it again.",
        "文件已损坏或不完整,不是完整的 {type}。请打开并重新保存后再提交。",
    ),
    "evidence_has_too_many_pixels": (
        "The picture is too large: at most {side} pixels a side and {pixels} in all. Make it "
        "smaller, and send it again.",
        "图片过大:每边最多 {side} 像素,总计最多 {pixels} 像素。请缩小后重新提交。",
    ),
    "evidence_type_is_not_taken": (
        "Send the file itself as the body, with Content-Type image/jpeg, image/png or "
        "application/pdf.",
        "请将文件本身作为请求正文发送,Content-Type 为 image/jpeg、image/png 或 application/pdf。",
    ),
    "evidence_is_known": (
        "Your organization keeps this very file already ({evidence}). Name it by its SHA-256 in "
        "the record; nothing has to be sent again.",
        "本组织已保存该文件({evidence})。请在记录中填写其 SHA-256,无需重复提交。",
    ),
    "evidence_is_missing": (
        "No such file is kept of this activity. Look up its id, and try again.",
        "本活动没有保存该文件。请核对其编号后重试。",
    ),
    "evidence_is_erased": (
        "Somebody whom this file shows was erased, so nobody can open it any more. Its SHA-256 "
        "stays. If a copy without her is kept, ask for that one.",
        "该文件所涉人员的个人信息已删除,文件无法再打开,其 SHA-256 仍保留。如存有去除该人员的副本,请查看副本。",
    ),
    "evidence_shows_others": (
        "This file shows other people as well, so it is not handed to one of them. Ask the "
        "organization that keeps it for a copy that shows you alone.",
        "该文件还涉及其他人,不能提供给其中一人。请向保存该文件的组织申请只涉及您本人的副本。",
    ),
    "evidence_shows_too_many": (
        "A file may name at most {max} volunteers. Send the sheet page by page.",
        "一个文件最多涉及 {max} 名志愿者。请逐页提交签到表。",
    ),
    "evidence_names_somebody_twice": (
        "A volunteer is named twice. Name each one once.",
        "同一志愿者填写了两次。请每人只填一次。",
    ),
    "record_is_of_another_activity": (
        "The record is of another activity. Name the activity of the record, or no record.",
        "该记录属于其他活动。请填写该记录所属的活动,或不填写记录。",
    ),
    "redaction_shows_no_fewer": (
        "A copy from which somebody was removed names fewer volunteers than the file that it "
        "was made from, and nobody else. Check both lists.",
        "去除部分人员的副本,所涉志愿者应少于原文件,且不得有其他人。请核对两份名单。",
    ),
    "evidence_damaged": (
        "The file of evidence {what} is not what was kept: want {rule}. It is shown to nobody. "
        "Put it back from the last backup of the vault: ledger restore --vault DIR",
        "佐证文件 {what} 与保存时不符,应为:{rule}。该文件不予显示。"
        "请用最近一次保险库备份恢复:ledger restore --vault DIR",
    ),
    "evidence_checked": (
        "{count} files of evidence are named by the log: {whole} whole, {erased} erased.",
        "日志记载 {count} 个佐证文件:{whole} 个完好,{erased} 个已随个人信息删除。",
    ),
    "evidence_orphan": (
        "No entry names the file {what}: its upload was cut off. Remove it with: ledger "
        "evidence check --remove",
        "没有条目记载文件 {what}:其上传曾中断。请运行 ledger evidence check --remove 将其删除。",
    ),
    "evidence_removed": (
        "Removed {count} files that no entry names, or that were never whole.",
        "已删除 {count} 个未被记载或未写完的文件。",
    ),
    "evidence_copied": (
        "{count} files of evidence lie there, encrypted as they are.",
        "其中有 {count} 个佐证文件,保持加密状态。",
    ),
}
