"""Settings: ``LEDGER_*`` of the environment and ``.env``, checked at once, then frozen."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ledger.domain.notices import check_address
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError


def _origin(value: str | None) -> str | None:
    if value is not None:
        try:
            check_origin(value)
        except MalformedError as error:
            raise ValueError(str(error)) from error
    return value


_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|[0-9A-Fa-f:]{2,39}")
_URL = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[0-9]{1,5})?(/[!-~]{0,200})?")


def _mail_address(value: str | None) -> str | None:
    if value is not None and check_address(value, "") is not None:
        raise ValueError("want an address as name@example.org, its domain in lower case")
    return value


def _public_url(value: str | None) -> str | None:
    if value is not None and _URL.fullmatch(value) is None:
        raise ValueError("want an address, as https://ledger.example.org")
    return value


class Settings(BaseSettings):
    """Where a ledger lives and which files hold its secrets.

    What is not set lies in the data folder. Secrets are files, never values, and never
    rows of the database.

    Raises:
        pydantic.ValidationError: A value is not of its kind; the message names the setting.
    """

    model_config = SettingsConfigDict(
        env_prefix="LEDGER_", env_file=".env", frozen=True, extra="ignore"
    )

    data_dir: Path = Path("var")
    """Folder of the ledger's files (`LEDGER_DATA_DIR`)."""
    database_url: str | None = None
    """SQLAlchemy URL of the log's database (`LEDGER_DATABASE_URL`)."""
    vault_url: str | None = None
    """SQLAlchemy URL of the store of data keys (`LEDGER_VAULT_URL`)."""
    projections_url: str | None = None
    """SQLAlchemy URL of the store of the projections (`LEDGER_PROJECTIONS_URL`)."""
    origin: Annotated[str | None, AfterValidator(_origin)] = None
    """Name of the log; `ledger init --origin` stores it (`LEDGER_ORIGIN`)."""
    key_file: Path | None = None
    """Ed25519 key that signs checkpoints (`LEDGER_KEY_FILE`)."""
    mldsa_key_file: Path | None = None
    """ML-DSA-44 key for a second line; none is written without it (`LEDGER_MLDSA_KEY_FILE`)."""
    seal_key_file: Path | None = None
    """Key of the head row's seal (`LEDGER_SEAL_KEY_FILE`)."""
    vault_key_file: Path | None = None
    """Key that wraps the data keys (`LEDGER_VAULT_KEY_FILE`)."""
    index_key_file: Path | None = None
    """Key of the digests by which persons are found (`LEDGER_INDEX_KEY_FILE`)."""
    credential_key_file: Path | None = None
    """P-256 key that signs credentials and status lists (`LEDGER_CREDENTIAL_KEY_FILE`)."""
    register_file: Path | None = None
    """Head register, outside the database (`LEDGER_REGISTER_FILE`)."""
    security_log_dir: Path | None = None
    """Folder of the security log (`LEDGER_SECURITY_LOG_DIR`)."""
    evidence_dir: Path | None = None
    """Folder of the files of evidence, encrypted (`LEDGER_EVIDENCE_DIR`)."""
    policy_file: Path | None = None
    """tlog-policy that names the witnesses (`LEDGER_POLICY_FILE`)."""
    clock_bound_s: int = Field(default=300, ge=0)
    """How far an entry's time may lie from a witness's (`LEDGER_CLOCK_BOUND_S`)."""
    clock_ahead_s: int = Field(default=31 * 86_400, ge=0)
    """How far the clock may stand after every known instant (`LEDGER_CLOCK_AHEAD_S`)."""
    clock_checked: date | None = None
    """Day on which somebody last compared the clock (`LEDGER_CLOCK_CHECKED`)."""
    unwitnessed_max: int = Field(default=10_000, ge=1)
    """How many entries may lie beyond the last quorum (`LEDGER_UNWITNESSED_MAX`)."""
    witness_interval_s: float = Field(default=5.0, gt=0, le=3_600)
    """Seconds between two rounds of asking witnesses (`LEDGER_WITNESS_INTERVAL_S`)."""
    witness_dir: Path = Path("witness")
    """Folder of the witness for other logs (`LEDGER_WITNESS_DIR`)."""
    witness_logs_file: Path | None = None
    """tlog-policy whose `log` lines that witness cosigns for (`LEDGER_WITNESS_LOGS_FILE`)."""
    smtp_host: str | None = Field(default=None, min_length=1)
    """Server that takes mail about notices; without it, none is sent (`LEDGER_SMTP_HOST`)."""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    """Its port (`LEDGER_SMTP_PORT`)."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How it is spoken to; `none` on this machine alone (`LEDGER_SMTP_SECURITY`)."""
    smtp_ca_file: Path | None = None
    """Certificates to trust instead of the system's (`LEDGER_SMTP_CA_FILE`)."""
    smtp_user: str | None = None
    """As whom to sign in there (`LEDGER_SMTP_USER`)."""
    smtp_password_file: Path | None = None
    """Holds the password of that user (`LEDGER_SMTP_PASSWORD_FILE`)."""
    smtp_from: Annotated[str | None, AfterValidator(_mail_address)] = None
    """Address that mail comes from (`LEDGER_SMTP_FROM`)."""
    smtp_interval_s: int = Field(default=3_600, ge=60, le=30 * 86_400)
    """Seconds between two mails to one person (`LEDGER_SMTP_INTERVAL_S`)."""
    smtp_timeout_s: float = Field(default=20.0, gt=0, le=300)
    """Seconds that the mail server may take for one answer (`LEDGER_SMTP_TIMEOUT_S`)."""
    signing_dir: Path | None = None
    """Folder of the keys that sign certificates' PDF files (`LEDGER_SIGNING_DIR`)."""
    tsa_url: Annotated[str | None, AfterValidator(_public_url)] = None
    """Authority of their time stamps, RFC 3161 (`LEDGER_TSA_URL`)."""
    signing_timeout_s: float = Field(default=20.0, gt=0, le=300)
    """Seconds that one signature may take in all (`LEDGER_SIGNING_TIMEOUT_S`)."""
    public_url: Annotated[str | None, AfterValidator(_public_url)] = None
    """Where people sign in: in mail, and its host in Message-ID (`LEDGER_PUBLIC_URL`)."""
    language: str | None = None
    """`zh` or `en`; otherwise that of the locale (`LEDGER_LANGUAGE`)."""

    trusted_proxies: str = "127.0.0.1"
    """Addresses whose `X-Forwarded-For` is believed, with commas between
    (`LEDGER_TRUSTED_PROXIES`); empty: nobody's."""

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        """Check that what mail needs is there, and that no password goes out in clear."""
        if self.smtp_host is None:
            return self
        wrong: list[str] = []
        if _HOST.fullmatch(self.smtp_host) is None:
            wrong.append("LEDGER_SMTP_HOST: want a host name or address, without a port")
        needed = (("LEDGER_SMTP_FROM", self.smtp_from), ("LEDGER_PUBLIC_URL", self.public_url))
        wrong += [f"{name}: needed with LEDGER_SMTP_HOST" for name, said in needed if not said]
        if (self.smtp_user is None) != (self.smtp_password_file is None):
            wrong.append("LEDGER_SMTP_USER and LEDGER_SMTP_PASSWORD_FILE: set both or neither")
        if self.smtp_security == "none" and self.smtp_host not in _THIS_MACHINE:
            wrong.append("LEDGER_SMTP_SECURITY: none is for a server on this machine alone")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


@dataclass(frozen=True, slots=True)
class Paths:
    """Where everything of one ledger lies, settings and defaults put together."""

    data_dir: Path
    database_url: str
    vault_url: str
    projections_url: str
    log_key: Path
    mldsa_key: Path | None
    seal_key: Path
    vault_key: Path
    index_key: Path
    register: Path
    policy: Path | None
    security_log_dir: Path | None = None
    evidence_dir: Path | None = None
    signing: Path | None = None
    credential_key_file: Path | None = None

    @property
    def credential_key(self) -> Path:
        """P-256 key of credentials and status lists."""
        return self.credential_key_file or self.data_dir / "keys" / "credential.key"

    @property
    def security_log(self) -> Path:
        """Folder of the security log."""
        return self.security_log_dir or self.data_dir / "security"

    @property
    def evidence(self) -> Path:
        """Folder of the files of evidence."""
        return self.evidence_dir or self.data_dir / "evidence-files"

    @property
    def own_policy(self) -> Path:
        """Holds the log's public keys, as a policy that names no witness."""
        return self.data_dir / "policy"

    @property
    def origin(self) -> Path:
        """Holds the log's name; written last, so its presence says that all else is there."""
        return self.data_dir / "origin"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far the log may run ahead of its witnesses, and its clock ahead of what is known."""

    unwitnessed_max: int
    clock_ahead: timedelta
    clock_bound: timedelta
    clock_checked: datetime | None


def bounds_of(settings: Settings) -> Bounds:
    """Return the bounds that the settings name; a day counts up to its end, UTC."""
    checked = settings.clock_checked
    return Bounds(
        unwitnessed_max=settings.unwitnessed_max,
        clock_ahead=timedelta(seconds=settings.clock_ahead_s),
        clock_bound=timedelta(seconds=settings.clock_bound_s),
        clock_checked=datetime.combine(checked, time.max, UTC) if checked else None,
    )


def paths_of(settings: Settings) -> Paths:
    """Return where things are, absolute, for processes that start elsewhere."""
    data_dir = settings.data_dir.resolve()
    keys = data_dir / "keys"
    log_key = settings.key_file or keys / "log.key"
    signing = data_dir / "signing"
    database_url = settings.database_url or f"sqlite:///{data_dir / 'log.sqlite'}"
    beside = f"sqlite:///{data_dir / 'projections.sqlite'}"
    mldsa = log_key.with_name("log-mldsa44.key")
    return Paths(
        data_dir=data_dir,
        database_url=database_url,
        vault_url=settings.vault_url or f"sqlite:///{data_dir / 'vault.sqlite'}",
        projections_url=settings.projections_url
        or (beside if database_url.startswith("sqlite") else database_url),
        log_key=log_key,
        mldsa_key=settings.mldsa_key_file or (mldsa if mldsa.exists() else None),
        seal_key=settings.seal_key_file or keys / "seal.key",
        vault_key=settings.vault_key_file or keys / "vault.key",
        index_key=settings.index_key_file or keys / "index.key",
        register=settings.register_file or data_dir / "head",
        policy=settings.policy_file,
        security_log_dir=settings.security_log_dir,
        evidence_dir=settings.evidence_dir,
        signing=settings.signing_dir or (signing if signing.is_dir() else None),
        credential_key_file=settings.credential_key_file,
    )
