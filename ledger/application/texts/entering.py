"""Texts of what people enter: words, names, numbers, codes and places that are refused."""

TEXTS: dict[str, tuple[str, str]] = {
    "text_is_missing": (
        "This field is empty. Fill it in.",
        "该字段为空,请填写。",
    ),
    "text_is_too_short": (
        "The text is too short: write at least {min} characters.",
        "内容过短,请至少填写 {min} 个字符。",
    ),
    "text_is_too_long": (
        "The text is too long: shorten it to at most {max} characters.",
        "内容过长,请缩短至 {max} 个字符以内。",
    ),
    "text_has_forbidden_character": (
        "Character {position} ({character}) cannot be seen or means something else on other "
        "machines. Delete it and type the text again instead of pasting it.",
        "第 {position} 个字符({character})不可见,或在其他设备上含义不同。请删除后手工重新输入,不要粘贴。",
    ),
    "text_has_outer_space": (
        "The text begins or ends with a space. Remove it.",
        "内容首尾有空格,请删除。",
    ),
    "text_is_not_normalized": (
        "The text holds letters that are put together from parts (not Unicode NFC). "
        "Send it in NFC, or type it again.",
        "内容含有由多个部分组合而成的字母(非 Unicode NFC 形式)。请以 NFC 形式提交,或重新输入。",
    ),
    "name_has_other_character": (
        "Character {position} does not belong in a person's name: digits, signs, full-width "
        "letters and look-alikes of Hanzi are refused. Type the name as the identity document "
        "has it; between parts of a name stands the middle dot (U+00B7).",
        "姓名第 {position} 个字符不合规范:不接受数字、符号、全角字母和形似汉字的部首。"
        "请按身份证件填写,姓名各部分之间使用“·”(U+00B7)。",
    ),
    "name_is_padded": (
        "The name has a space between Hanzi, or several spaces in a row. Remove them.",
        "姓名的汉字之间有空格,或有连续空格。请删除。",
    ),
    "name_mixes_alphabets": (
        "The name has letters of several alphabets that look alike. Type it in the one alphabet "
        "that the identity document uses.",
        "姓名混用了字形相近的不同字母表。请按身份证件使用同一种字母重新输入。",
    ),
    "code_has_other_characters": (
        "Only the letters A-Z, the digits 0-9 and - / ( ) are accepted. Type the number again "
        "with half-width characters.",
        "只接受字母 A–Z、数字 0–9 以及 - / ( )。请使用半角字符重新输入。",
    ),
    "phone_is_malformed": (
        "This is no telephone number. Write a mobile number of 11 digits, a landline with its "
        "area code (010-12345678), or an international number with +.",
        "电话号码格式不正确。请填写 11 位手机号、带区号的固定电话(010-12345678)或以 + 开头的国际号码。",
    ),
    "credit_code_is_malformed": (
        "A unified social credit code has 18 digits and capital letters (no I, O, S, V, Z). "
        "Copy it from the registration certificate.",
        "统一社会信用代码应为 18 位数字和大写字母(不含 I、O、S、V、Z)。请对照登记证书填写。",
    ),
    "credit_code_is_mistyped": (
        "The check character of the unified social credit code does not fit: at least one "
        "character is mistyped. Compare it with the registration certificate.",
        "统一社会信用代码校验位不符,至少有一位输入有误。请对照登记证书核对。",
    ),
    "resident_id_is_malformed": (
        "A resident identity number has 17 digits and a digit or capital X, half-width. "
        "Copy it from the card.",
        "居民身份号码应为 17 位数字加 1 位数字或大写 X(半角)。请对照证件填写。",
    ),
    "resident_id_has_no_date": (
        "Digits 7 to 14 of the resident identity number are no date. Compare it with the card.",
        "居民身份号码第 7 至 14 位不是有效日期。请对照证件核对。",
    ),
    "resident_id_is_mistyped": (
        "The check character of the resident identity number does not fit: at least one "
        "character is mistyped. Compare it with the card.",
        "居民身份号码校验位不符,至少有一位输入有误。请对照证件核对。",
    ),
    "id_number_is_malformed": (
        "This cannot be the number of such a document ({id_type}). Compare it with the document, "
        "use half-width digits and capital letters without brackets (of a pass H or M, the letter "
        "and eight digits), and check that the kind is right.",
        "该号码不符合所选证件类型({id_type})的格式。请对照证件核对,使用半角数字和大写字母、不加括号(通行证为 H 或 M 加八位数字),并确认证件类型。",
    ),
    "division_is_malformed": (
        "A division code has 6 digits (city, district), 9 (street, township) or 12 (community). "
        "Choose the place from the list.",
        "行政区划代码应为 6 位(市、区)、9 位(街道、乡镇)或 12 位(社区)数字。请从列表中选择。",
    ),
    "division_is_unknown": (
        "There is no such division in this jurisdiction. Choose the place from the list.",
        "本辖区没有该行政区划代码。请从列表中选择。",
    ),
    "field_is_forbidden": (
        "This may not be collected from volunteers ({field}; Beijing's rule on volunteer credit "
        "information, Art. 6). Remove the field and send the rest again.",
        "不得收集志愿者的该项信息({field};《北京市志愿服务信用信息管理办法》第六条)。"
        "请删除该字段后重新提交。",
    ),
}
