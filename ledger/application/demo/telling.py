"""What is told of a demonstration, beside it: who may sign in, and what is planted in it."""

from collections.abc import Iterable

from ledger.application.demo.building import Account, Demonstration
from ledger.application.demo.frauds import Planted

_ROLES = {
    "city_bureau": "市局负责人 city bureau",
    "recorder": "服务站记录人、经办人 clerk who enters, and handles certificates",
    "reviewer": "审核人 reviewer",
    "responsible": "服务站负责人 responsible person, who issues certificates",
    "supervisor": "区局监督人 auditor",
    "volunteer": "志愿者 volunteer",
}


def told(built: Demonstration) -> str:
    """Return the text: Markdown, Chinese and English."""
    return "\n".join([*_accounts(built), "", *_planted(built.planted), ""])


def _accounts(built: Demonstration) -> Iterable[str]:
    yield "# 演示账本 Demonstration ledger"
    yield ""
    yield (
        "本账本中的机构、人员、证件号码和记录均为虚构,不得用于任何实际用途。 "
        "Every organization, person, number and record in it is invented."
    )
    yield ""
    yield (
        f"机构 organizations: {built.organizations} · 志愿者 volunteers: {built.volunteers} · "
        f"活动 activities: {built.activities}"
    )
    yield ""
    yield f"所有演示账户的口令 Password of every account: `{built.password}`"
    yield ""
    yield (
        "需盖章的证明以演示密钥签名(`signing` 文件夹),签名无效力。 "
        "Sealed certificates are signed with keys for demonstration, in the folder `signing`; "
        "they prove nothing to anybody."
    )
    yield ""
    yield "| 登录名 sign-in | 身份 role | 机构 organization |"
    yield "|---|---|---|"
    yield from map(_row, built.accounts)


def _row(account: Account) -> str:
    return f"| {account.sign_in} | {_ROLES[account.role]} | {account.organization} |"


def _planted(planted: Iterable[Planted]) -> Iterable[str]:
    yield "## 预置的舞弊情形 Planted frauds"
    yield ""
    for each in planted:
        yield f"- **{each.number}** {each.what_zh}。 {each.what_en}."
        yield f"  {each.organization}: {', '.join(f'`{thing}`' for thing in each.things)}"
