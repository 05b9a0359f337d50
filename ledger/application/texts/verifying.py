"""Texts of checking a certificate offline: each step, and the verdict."""

TEXTS: dict[str, tuple[str, str]] = {
    "verify_is_no_certificate": (
        "This is no PDF, no credential and no .tlog-proof. Give the file as it was issued.",
        "该文件不是 PDF、电子凭证或 .tlog-proof。请使用出具的原文件。",
    ),
    "verify_pdf_is_unreadable": (
        "The PDF cannot be read ({detail}): it is cut off or was changed.",
        "PDF 无法读取({detail}):文件不完整或已被改动。",
    ),
    "verify_pdf_has_no_proof": (
        "No proof is attached to the PDF: nothing shows that the log has this certificate.",
        "PDF 未附日志证明:无法证明该证明已记入日志。",
    ),
    "verify_shape_is_unknown": (
        "This verifier does not know such an event ({detail}). Use a newer release.",
        "本核验程序不认识该事件({detail})。请使用较新的版本。",
    ),
    "verify_proof_is_malformed": (
        "The proof is not one of this log ({what}): it was changed or cut off.",
        "日志证明格式不符({what}):已被改动或不完整。",
    ),
    "verify_checkpoint_is_not_trusted": (
        "The checkpoint is not vouched for by your policy ({step}). Name the policy that you "
        "got from the log's operator by another way.",
        "检查点不满足所用信任策略({step})。请指定另行取得的该日志的信任策略。",
    ),
    "verify_proof_fails": (
        "The proof does not hold ({step}): what it shows is not in the log.",
        "日志证明不成立({step}):所示内容不在日志中。",
    ),
    "verify_entry_is_in_log": (
        "Entry {seq} is in the log {log}, under its checkpoint of size {size}, signed by "
        "{keys} and cosigned by {witnesses} witnesses of your policy.",
        "第 {seq} 条在日志 {log} 中,由规模 {size} 的检查点覆盖;检查点由 {keys} 签署,"
        "并有策略中 {witnesses} 个见证人共同签署。",
    ),
    "verify_facts_are_shown": (
        "What is shown of it ({type}) is what the entry commits to.",
        "所披露的内容({type})与条目的承诺一致。",
    ),
    "verify_proof_is_of_no_certificate": (
        "The attached proof is not that of a certificate's whole face.",
        "所附证明不是证明书全部内容的日志证明。",
    ),
    "verify_face_is_covered": (
        "Every printed field of certificate {number} is covered by this one proof.",
        "证明 {number} 的全部印载事项均由该日志证明覆盖。",
    ),
    "verify_face_contradicts_itself": (
        "The printed fields contradict each other ({detail}). Ask the issuer and its bureau.",
        "印载事项相互矛盾({detail})。请向出具单位及其主管部门查询。",
    ),
    "verify_open_lines_are_not_proved": (
        "Not proved: the records that are listed apart. They are not confirmed and not counted.",
        "未证明:另列的记录。这些记录尚未确认,不计入合计。",
    ),
    "verify_records_are_not_here": (
        "Not proved: its records. Their proofs are attached to the PDF.",
        "未证明:所依据的各条记录,其日志证明附于 PDF。",
    ),
    "verify_is_no_whole_certificate": (
        "This is the proof of one entry, and not of a whole certificate.",
        "这是某一条目的日志证明,不是完整的证明书。",
    ),
    "verify_entry_yes": (
        "VALID: the entry is in the log. It certifies nothing of anybody's hours.",
        "有效:该条目在日志中。它不能证明任何人的服务时间。",
    ),
    "verify_records_are_proved": (
        "The whole history of its {count} records is in the log: {entries} entries, no gap.",
        "所列 {count} 条记录的完整历史均在日志中:共 {entries} 条,没有缺口。",
    ),
    "verify_records_are_not_proved": (
        "The proofs of its records are missing, changed, or of other records.",
        "记录的日志证明缺失、被改动或属于其他记录。",
    ),
    "verify_paper_is_the_facts": (
        "The PDF is what the proved facts look like when they are printed, byte by byte.",
        "PDF 与已证明内容重新排版的结果逐字节一致。",
    ),
    "verify_signed_paper_is_the_facts": (
        "Up to its signature the PDF is what the proved facts look like when they are printed, "
        "byte by byte; after it comes nothing but the signature.",
        "签名之前的 PDF 与已证明内容重新排版的结果逐字节一致;其后只有签名。",
    ),
    "verify_paper_is_not_signed": (
        "The PDF has no digital signature to check. Whoever wants it signed asks its issuer.",
        "PDF 没有可核验的数字签名。如需签名文件,请向出具单位索取。",
    ),
    "verify_paper_was_added_to": (
        "Something was added to the PDF after it was made ({detail}): it was changed.",
        "PDF 生成后被添加了内容({detail}):已被改动。",
    ),
    "verify_signature_is_broken": (
        "The digital signature does not hold: it is not one of this file.",
        "数字签名不成立:不是对该文件的签名。",
    ),
    "verify_signer_is_not_the_issuer": (
        "It was signed by somebody else than the issuer {issuer}: {subject}, at {time}.",
        "签名者不是出具单位 {issuer},而是 {subject},时间 {time}。",
    ),
    "verify_signature_is_trusted": (
        "Signed by {subject}, at {time} by the time stamp of {authority}; your roots vouch "
        "for both.",
        "由 {subject} 签名,时间 {time}(时间戳:{authority});二者均由所给根证书认证。",
    ),
    "verify_signature_is_not_checked": (
        "Not proved: who signed the PDF. The signature is intact and says {subject}, at "
        "{time} by the time stamp of {authority}. Name the authorities that you trust with "
        "--roots.",
        "未证明:PDF 的签名者。签名完整,自称 {subject},时间 {time}(时间戳:{authority})。"
        "请用 --roots 指定所信任的根证书。",
    ),
    "verify_signer_is_not_trusted": (
        "Your roots do not vouch for the certificate that signed at {time}: {subject}.",
        "所给根证书不认证 {time} 时的签名证书:{subject}。",
    ),
    "verify_time_stamp_is_not_trusted": (
        "Your roots do not vouch, as of now, for the time stamp ({authority}, {time}), so since "
        "when {subject} signed is not told.",
        "所给根证书目前不认证时间戳({authority},{time}),无法判断 {subject} 的签名时间。",
    ),
    "verify_paper_was_changed": (
        "The PDF is not what the proved facts look like when they are printed: it was changed.",
        "PDF 与已证明内容重新排版的结果不一致:已被改动。",
    ),
    "verify_paper_is_of_another_typesetter": (
        "The PDF was made by another release of the typesetter: compare it with the facts "
        "below, or use that release.",
        "PDF 由其他版本的排版程序生成:请与下列内容逐项核对,或使用相应版本核验。",
    ),
    "verify_paper_cannot_be_typeset": (
        "The facts cannot be printed here ({detail}), so the PDF was not compared with them.",
        "无法在此重新排版({detail}),未比对 PDF 与已证明内容。",
    ),
    "verify_status_is_not_told": (
        "Not proved: what became of it since the checkpoint of size {size}. Whether it was "
        "revoked, or a record amended, is told at {site}.",
        "未证明:检查点(规模 {size})之后的情况。是否被撤销、记录是否更正,请到 {site} 查询。",
    ),
    "verify_credential_is_malformed": (
        "The credential is not one of a certificate ({what}): it was changed or cut off.",
        "电子凭证不是证明的凭证({what}):已被改动或不完整。",
    ),
    "verify_credential_names_another_log": (
        "The credential names another issuer than the log that proves it.",
        "电子凭证所称的签发者与其日志不符。",
    ),
    "verify_credential_differs_from_log": (
        "What the credential shows is not what the log commits to ({detail}).",
        "电子凭证所示内容与日志的承诺不一致({detail})。",
    ),
    "verify_credential_is_facts": (
        "Each of the {count} claims that are shown is a fact of this entry.",
        "所示 {count} 项内容均为该条目的事实。",
    ),
    "verify_credential_withholds": (
        "Withheld by who shows it: {count} facts. What they say is not known here.",
        "出示人未披露 {count} 项内容,其内容在此无从得知。",
    ),
    "verify_credential_is_signed": (
        "The credential is signed with a key of its issuer.",
        "电子凭证由签发者的密钥签署。",
    ),
    "verify_credential_is_unsigned": (
        "No key that you named has signed the credential.",
        "电子凭证不是由所指定的密钥签署的。",
    ),
    "verify_credential_is_signed_unchecked": (
        "Not proved: the issuer's signature, and with it which status list is the right one. "
        "Give the issuer's keys with --issuer.",
        "未证明:签发者的签名,以及状态列表是否正确。请用 --issuer 提供签发者公钥。",
    ),
    "verify_key_binding_is_not_checked": (
        "Not proved: that who shows it is its holder.",
        "未证明:出示人即为持有人。",
    ),
    "verify_status_list_is_malformed": (
        "The status list is none, or another one than the credential names ({what}).",
        "状态列表格式不符,或不是该凭证所指的列表({what})。",
    ),
    "verify_status_list_is_unsigned": (
        "No key of the issuer that you named has signed the status list.",
        "状态列表不是由所指定的签发者密钥签署的。",
    ),
    "verify_status_list_is_of_another_day": (
        "The status list is of {at} and no longer of worth. Fetch a new one.",
        "状态列表签发于 {at},已失效。请重新获取。",
    ),
    "verify_status_is_valid": (
        "At {at} it was neither revoked nor suspended, and no record was changed.",
        "截至 {at},未撤销、未停权,记录无变更。",
    ),
    "verify_status_is_invalid": (
        "It is in force no more: it was revoked, superseded or erased by {at}.",
        "已失效:截至 {at} 已撤销、被替代或已删除。",
    ),
    "verify_status_is_suspended": (
        "Its issuer was not in force at {at}.",
        "截至 {at},出具单位已停权。",
    ),
    "verify_status_is_changed": (
        "A record that it rests on was changed since, by {at}. Ask for the new certificate.",
        "截至 {at},所依据的记录已有变更。请索取新证明。",
    ),
    "verify_claim": ("  {label}: {value}", "  {label}：{value}"),
    "verify_certificate_yes": (
        "VALID: what is above was proved.",
        "有效:以上各项均已证明。",
    ),
    "verify_certificate_no": (
        "NOT VALID: something above was disproved. Ask the issuer for the original file.",
        "无效:以上有不成立的事项。请向出具单位索取原文件。",
    ),
    "verify_certificate_unknown": (
        "CANNOT TELL: something above could be neither proved nor disproved.",
        "无法判断:以上有既不能证明也不能否定的事项。",
    ),
}
