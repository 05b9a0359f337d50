"""What may never be asked of a person: refused by name wherever a field can be named."""

from collections.abc import Iterable, Mapping

from ledger.domain.refusal import Refusal

FORBIDDEN_FIELDS: Mapping[str, str] = {
    "religion": "宗教信仰",
    "genes": "基因",
    "fingerprint": "指纹",
    "blood_type": "血型",
    "disease": "疾病",
    "medical_history": "病史",
}
"""北京市志愿服务信用信息管理办法, Art. 6: field → its name in the law's words.

The form of the national system does have a blood type: it is not taken over.
"""

_OTHER_NAMES: Mapping[str, str] = {
    **{chinese: name for name, chinese in FORBIDDEN_FIELDS.items()},
    "宗教": "religion",
    "religiousbelief": "religion",
    "faith": "religion",
    "gene": "genes",
    "dna": "genes",
    "genetic": "genes",
    "fingerprints": "fingerprint",
    "blood": "blood_type",
    "bloodgroup": "blood_type",
    "bloodtype": "blood_type",
    "diseases": "disease",
    "illness": "disease",
    "病历": "medical_history",
    "医疗史": "medical_history",
    "medicalhistory": "medical_history",
    "medicalrecord": "medical_history",
}


def forbidden_fields(names: Iterable[str]) -> tuple[Refusal, ...]:
    """Return a refusal for each field that may not be asked for, however it is spelled."""
    return tuple(
        Refusal("field_is_forbidden", name, {"field": forbidden})
        for name in names
        if (forbidden := _forbidden(name)) is not None
    )


def _forbidden(name: str) -> str | None:
    plain = "".join(character for character in name.lower() if character not in "_- ")
    return plain if plain in FORBIDDEN_FIELDS else _OTHER_NAMES.get(plain)
