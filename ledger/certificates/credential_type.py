"""The type of a certificate's credential: what it is called, and each of its claims.

This is what wallets show (draft-ietf-oauth-sd-jwt-vc, type metadata); it is the same for ever.
"""

from collections.abc import Mapping
from typing import Any

from ledger.certificates.credential import ALWAYS, WITHHELD, Site

LABELS: Mapping[str, tuple[str, str]] = {
    "by": ("出具操作人", "Entered by"),
    "certificate": ("证明标识", "Certificate id"),
    "from_day": ("期间起", "From"),
    "handler": ("经办人标识", "Handler id"),
    "handler_name": ("经办人", "Handler"),
    "holder_name": ("姓名", "Name"),
    "hours": ("服务时间(小时)", "Hours of service"),
    "id_number": ("证件号码", "Document number"),
    "id_type": ("证件类型", "Identity document"),
    "issued_on": ("出具日期", "Date of issue"),
    "issuer_credit_code": ("统一社会信用代码", "Unified social credit code"),
    "issuer_name": ("出具单位", "Issued by"),
    "issuer_telephone": ("联系方式", "Telephone"),
    "joined": ("合并登记的日志条目", "Entries that joined registrations"),
    "language": ("语言", "Language"),
    "lines": ("服务记录", "Records"),
    "minutes": ("服务时间(分钟)", "Minutes of service"),
    "mode": ("出具方式", "How issued"),
    "number": ("证明编号", "Certificate number"),
    "on_behalf_of": ("出具单位标识", "Issuer id"),
    "open_lines": ("另列的未确认记录", "Records not confirmed, not counted"),
    "predecessors": ("承接单位", "Successor of"),
    "previous": ("前一条目", "Entry before"),
    "publicity_closes_on": ("公示截止日", "Publicity closes"),
    "publicity_opens_on": ("公示开始日", "Publicity opens"),
    "records": ("记录标识", "Record ids"),
    "responsible": ("负责人标识", "Responsible person id"),
    "responsible_name": ("负责人", "Responsible person"),
    "rules": ("规则集", "Rule set"),
    "stream": ("日志流", "Stream"),
    "template": ("版式", "Form"),
    "to_day": ("期间止", "To"),
    "verified_root": ("核验时的日志根", "Root when verified"),
    "verified_size": ("核验时的日志规模", "Size when verified"),
    "version": ("流内版本", "Version"),
    "volunteer": ("志愿者标识", "Registration id"),
    "volunteer_number": ("志愿者编号", "Volunteer number"),
}
"""What each claim is called, in Chinese and English."""


def type_metadata(origin: str) -> Mapping[str, Any]:
    """Return the description of the type."""
    english = "Certificate of volunteer service records"
    display = (("zh-CN", "志愿服务记录证明"), ("en", english))
    return {
        "vct": Site(origin).type,
        "name": f"{english} 志愿服务记录证明",
        "description": "What an organization certifies of the records that it confirmed; each "
        "claim is a fact of an entry of a transparency log.",
        "display": [{"locale": locale, "name": name} for locale, name in display],
        "claims": [_claim(name) for name in (*ALWAYS, *WITHHELD)],
    }


def _claim(name: str) -> dict[str, Any]:
    chinese, english = LABELS[name]
    return {
        "path": [name],
        "sd": "never" if name in ALWAYS else "always",
        "mandatory": name in ALWAYS,
        "display": [
            {"locale": "zh-CN", "label": chinese},
            {"locale": "en", "label": english},
        ],
    }
