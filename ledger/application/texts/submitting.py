"""Texts of signed submissions: what is wrong with the envelope, and with an item of it."""

TEXTS: dict[str, tuple[str, str]] = {
    "body_is_no_jose": (
        "This address takes application/jose+json: a flattened JWS with its records. See "
        "docs/integrating.md.",
        "本接口接受 application/jose+json:带记录的扁平化 JWS。参见 docs/integrating.md。",
    ),
    "submission_has_other_members": (
        "A signed submission has the members payload, protected, signature and records (texts), "
        "and no others. See docs/integrating.md.",
        "签名提交应仅包含 payload、protected、signature 和 records(文本数组)。参见 docs/integrating.md。",
    ),
    "submission_is_not_base64url": (
        "This part is not base64url without padding. Encode it anew.",
        "该部分不是无填充的 base64url。请重新编码。",
    ),
    "submission_has_other_header": (
        "The protected header has alg and kid, and typ if you like. Leave out the rest.",
        "protected 标头应为 alg 和 kid,可含 typ。请删去其余内容。",
    ),
    "algorithm_is_not_taken": (
        "Signatures are Ed25519: write alg as Ed25519 or EdDSA.",
        "只接受 Ed25519 签名:alg 应为 Ed25519 或 EdDSA。",
    ),
    "key_is_not_named": (
        "kid is the id that the ledger gave your key, a UUID. Put it into the protected header.",
        "kid 应为账本为密钥分配的编号(UUID)。请写入 protected 标头。",
    ),
    "signature_is_unproven": (
        "No key of this ledger has signed this. Check kid, the key file, and that what is signed "
        'is protected + "." + payload; the attempt was written down.',
        '该内容不是由本账本登记的密钥签名。请核对 kid、密钥文件,以及签名对象为 protected + "." + payload;'
        "此次尝试已记录。",
    ),
    "jti_is_malformed": (
        "jti has 8 to 100 of the characters A-Z a-z 0-9 . _ ~ -. Choose another.",
        "jti 应为 8 至 100 个字符(A-Z a-z 0-9 . _ ~ -)。请更换。",
    ),
    "jti_is_used": (
        "Something else was submitted under this jti. Take a new jti for new content; the same "
        "bytes may be sent again at any time.",
        "该 jti 已用于其他内容。新内容请使用新的 jti;相同内容可随时重复发送。",
    ),
    "record_is_repeated": (
        "The manifest lists a digest twice. Send each record once, with a nonce of its own.",
        "清单中有重复的摘要。请将每条记录发送一次,并各自带有 nonce。",
    ),
    "record_is_not_what_was_signed": (
        "A record is not the text whose SHA-256 was signed. Send the very bytes that were "
        "hashed.",
        "记录与已签名的 SHA-256 摘要不符。请发送计算摘要时的原始文本。",
    ),
    "submission_is_for_another_ledger": (
        "aud names another ledger; this one is {want}. A submission for the sandbox is not "
        "taken here, nor the other way round.",
        "aud 指向其他账本;本账本为 {want}。沙箱的提交不能用于正式账本,反之亦然。",
    ),
    "submission_is_stale": (
        "The signature is older than {hours} hours. Sign again with the present time.",
        "签名已超过 {hours} 小时。请用当前时间重新签名。",
    ),
    "submission_is_from_the_future": (
        "iat lies in the future. Put the clock of your system right, then sign again.",
        "iat 晚于当前时间。请校准系统时钟后重新签名。",
    ),
    "reason_was_told": (
        "This item was refused for the reason that the code names; the first answer gave its "
        "details. Correct the item and send it in another submission.",
        "该项因代码所示原因被退回,首次答复中已说明详情。请更正后另行提交。",
    ),
    "act_is_unknown": (
        "This item asks for none of the acts that a key may do. See docs/integrating.md.",
        "该项不是密钥可执行的操作。参见 docs/integrating.md。",
    ),
}
