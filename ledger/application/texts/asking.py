"""Texts of requests: bodies and forms that cannot be read, and who asks in whose name."""

TEXTS: dict[str, tuple[str, str]] = {
    "form_is_malformed": (
        "What was sent is not what this address takes. The reasons name each field: correct "
        "them and send it again.",
        "提交内容不符合本接口的要求。各项原因已列明字段,请更正后重新提交。",
    ),
    "field_is_missing": ("This field is missing. Add it.", "缺少该字段,请补充。"),
    "field_is_unexpected": (
        "Nobody asked for this field. Leave it out: what the ledger finds out by itself is not "
        "taken from outside.",
        "接口没有该字段,请删除:由账本自行确定的内容不接受外部提交。",
    ),
    "field_is_unusable": (
        "This field does not hold what is wanted. See its description in "
        "/api/v1/openapi.json and correct it.",
        "该字段内容不符合要求。请参阅 /api/v1/openapi.json 中的说明后更正。",
    ),
    "choice_is_unknown": (
        "This is none of the choices. Take one of those in /api/v1/openapi.json.",
        "该值不在可选范围内。请从 /api/v1/openapi.json 列出的选项中选择。",
    ),
    "division_without_kind": (
        "What waits in a whole division is listed by its kind. Name a kind too, or leave the "
        "division out.",
        "按区划查询待办须同时指明待办种类。请补充 kind,或不填 division。",
    ),
    "division_beside_organization": (
        "A list is that of an organization or that of a division. Leave one of them out.",
        "列表只能按组织或按区划之一查询。请只保留其中一项。",
    ),
    "not_a_text": ("A text is wanted here. Put it in quotes.", "此处应为文本,请加引号。"),
    "not_a_day": (
        "A day is wanted here, as 2026-11-20. Correct it.",
        "此处应为日期,例如 2026-11-20,请更正。",
    ),
    "not_a_moment": (
        "A time with its offset is wanted here, to the minute, as 2026-11-20T09:00+08:00. "
        "Correct it.",
        "此处应为带时区、精确到分钟的时间,例如 2026-11-20T09:00+08:00,请更正。",
    ),
    "not_an_id": (
        "An id is wanted here: a UUID in lower case with hyphens. Copy it from where you "
        "got it.",
        "此处应为编号:带连字符的小写 UUID。请从来源处复制。",
    ),
    "not_an_integer": (
        "An integer is wanted here. Times are given in whole minutes.",
        "此处应为整数。时间以整分钟计。",
    ),
    "not_a_truth_value": (
        "true or false is wanted here. Correct it.",
        "此处应为 true 或 false,请更正。",
    ),
    "body_is_too_large": (
        "The request is too large. Send less at once: at most 1,000 records in one submission.",
        "请求内容过大。请分批提交,每次至多 1000 条记录。",
    ),
    "too_many_bodies": (
        "Too much is being sent at the moment. Try again in a few seconds.",
        "当前提交的内容过多。请几秒后重试。",
    ),
    "body_is_packed": (
        "Compressed bodies are not taken in. Send it as it is.",
        "不接受压缩的请求内容。请直接发送。",
    ),
    "body_is_no_json": (
        "This address takes application/json. Say so in Content-Type, and send JSON.",
        "本接口接受 application/json。请在 Content-Type 中注明并发送 JSON。",
    ),
    "json_is_malformed": (
        "This is no JSON. Write it with a JSON library, then send it again.",
        "内容不是有效的 JSON。请用 JSON 库生成后重新发送。",
    ),
    "json_is_not_utf8": (
        "The text is not in UTF-8. Convert it and send it again.",
        "文本不是 UTF-8 编码。请转换后重新发送。",
    ),
    "json_has_too_many_parts": (
        "There are more than 10,000 objects and arrays in this JSON. Send less at once.",
        "JSON 中的对象和数组超过 10000 个。请分批提交。",
    ),
    "json_is_too_deep": (
        "The JSON is nested too deeply. See the form in /api/v1/openapi.json.",
        "JSON 嵌套过深。请参阅 /api/v1/openapi.json 中的格式。",
    ),
    "json_member_is_repeated": (
        "A member stands twice in one object. Leave one of them out.",
        "同一对象中有重复的成员名。请删去其中之一。",
    ),
    "json_number_is_no_integer": (
        "Only integers are taken: no fractions, no exponents, no NaN. Give minutes.",
        "只接受整数:不接受小数、指数或 NaN。请以分钟表示。",
    ),
    "json_number_is_too_large": (
        "A number is larger than 9007199254740991. Correct it.",
        "数值超过 9007199254740991,请更正。",
    ),
    "json_text_is_unusable": (
        "A text holds U+0000 or half a character. Remove it and send it again.",
        "文本含有 U+0000 或不完整的字符。请删除后重新发送。",
    ),
    "etag_is_malformed": (
        'If-Match holds no ETag of this service. Send it as it was received, for example "v3".',
        'If-Match 不是本服务的 ETag。请按收到的原样发送,例如 "v3"。',
    ),
    "changed_meanwhile": (
        "It has changed since you read it (you: version {want}, now: {got}). Read it again and "
        "decide anew.",
        "您读取之后它已被更改(您的版本 {want},当前 {got})。请重新读取后再决定。",
    ),
    "contended": (
        "Others changed the same things at the same time. Nothing was recorded; try again.",
        "其他人正在同时更改相同内容,未作任何记录。请重试。",
    ),
    "sign_in_is_needed": (
        "Nobody is signed in, or the sign-in is over. Sign in at POST /api/v1/sessions and send "
        "its token as Authorization: Bearer.",
        "尚未登录或登录已失效。请在 POST /api/v1/sessions 登录,并以 Authorization: Bearer 发送令牌。",
    ),
    "sign_in_is_for_no_organization": (
        "This sign-in is a volunteer's and speaks for no organization. Leave the header "
        "Ledger-Organization out.",
        "此登录属于志愿者本人,不代表任何组织。请不要发送 Ledger-Organization 标头。",
    ),
    "organization_header_is_malformed": (
        "The header Ledger-Organization is no id. Send the organization's UUID.",
        "Ledger-Organization 标头不是编号。请发送组织的 UUID。",
    ),
    "organization_is_not_named": (
        "You work for several organizations, or for none. Say in whose name you act in the "
        "header Ledger-Organization; GET /api/v1/me lists them.",
        "您任职于多个组织或未任职。请在 Ledger-Organization 标头中注明代表哪个组织;GET /api/v1/me 可列出。",
    ),
    "key_token_is_for_reading": (
        "A token that a key has signed is for reading. Sign what is to be written itself and send "
        "it to POST /api/v1/submissions.",
        "由密钥签名的令牌仅用于读取。写入内容请单独签名后发送至 POST /api/v1/submissions。",
    ),
    "nothing_to_see": (
        "There is no such thing, or it is not for you to see. Check the id, and in whose name "
        "you ask.",
        "不存在该内容,或您无权查看。请核对编号以及您所代表的组织。",
    ),
    "thing_is_another": (
        "Under this id there is another kind of thing. Check the id; for something new, choose "
        "another one or leave it out.",
        "该编号属于另一类对象。请核对编号;如为新增,请另选编号或不填。",
    ),
    "not_in_scope": (
        "This is not your organization's, nor of one that it answers for. Ask the organization "
        "whose it is.",
        "该内容不属于您的组织或其负责的组织。请联系所属组织。",
    ),
}
