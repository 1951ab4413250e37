"""Settings: `rightdoor:` in `config.yml`, each overridden by the environment (`RIGHTDOOR_DATABASE`, …).

The project (rules, data, config.yml) is the checkout's when there is one around this package, else the copy that
ships inside the wheel.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import SettingsError, Where, did_you_mean


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach Telegram; an empty token means that there is no Telegram, an empty webhook long polling."""

    token: str = ""
    api: str = "https://api.telegram.org"
    webhook: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Who decides what is said: an empty `rasa` means our own engine, else that is the address of a Rasa server."""

    rasa: str = ""
    token: str = ""
    patience: int = 4


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server that e-mail to agencies is handed to; an empty host means that there is none.

    `security` is `starttls`, `tls` or, on this machine only, `none`; an empty user means without logging in.
    """

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An agency's own accounts (OpenID Connect); an empty issuer means that there are none. `name` is what people call it."""

    issuer: str = ""
    client: str = ""
    secret: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """How many days things are kept: who only asked, who was helped (after the last part ended), and the words of messages."""

    asked: int = 90
    helped: int = 1095
    words: int = 365


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator of the service may choose; `config.yml` explains each."""

    home: str = "var"
    database: str = ""
    keys: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public: str = ""
    rest_token: str = ""
    rules: str = "rules"
    directory: str = "data/directory/demo"
    human_within: int = 30
    questions_at_most: int = 12
    buttons_last: int = 24
    enrolment_code_lasts: int = 72
    engine: EngineSettings = EngineSettings()
    telegram: TelegramSettings = TelegramSettings()
    mail: MailSettings = MailSettings()
    keep: KeepSettings = KeepSettings()
    oidc: OidcSettings = OidcSettings()

    @property
    def home_folder(self) -> Path:
        """Where runtime data lives, absolute."""
        return Path(self.home).resolve()

    @property
    def database_url(self) -> str:
        """The database's URL; SQLite in `home` unless another is named."""
        return self.database or f"sqlite:///{self.home_folder / 'rightdoor.db'}"

    @property
    def rules_folder(self) -> Path:
        """The rule base; a relative one is looked for in the project."""
        return project_folder() / self.rules

    @property
    def directory_folder(self) -> Path:
        """The agencies' folder; a relative one is looked for in the project."""
        return project_folder() / self.directory


_Section = TypeVar("_Section", Settings, EngineSettings, TelegramSettings, MailSettings, KeepSettings, OidcSettings)


def project_folder() -> Path:
    """The folder that holds `rules/`, `data/` and `config.yml`."""
    package = Path(__file__).parent
    return package.parent if (package.parent / "config.yml").is_file() else package / "_project"


def load(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `path` (the project's `config.yml` by default) with the environment on top.

    Raises `SettingsError` for a file that cannot be read, an unknown setting, or a value of the wrong kind.
    """
    file = path or project_folder() / "config.yml"
    section = _section(file)
    telegram = _fill(TelegramSettings(), _inner("telegram", section, file), environment, "RIGHTDOOR_TELEGRAM_", file)
    engine = _engine(_inner("engine", section, file), environment, file)
    mail = _fill(MailSettings(), _inner("mail", section, file), environment, "RIGHTDOOR_MAIL_", file)
    keep = _keep(_inner("keep", section, file), environment, file)
    oidc = _oidc(_inner("oidc", section, file), environment, file)
    section.pop("preempt", None)  # the dialogue engine's
    settings = _fill(Settings(), section, environment, "RIGHTDOOR_", file)
    if settings.public and not is_public(settings.public):
        said = f"public must be the https address under which agencies reach this service, not {settings.public!r}"
        raise SettingsError(said, Where(file))
    return replace(settings, engine=engine, telegram=telegram, mail=mail, keep=keep, oidc=oidc)


def _engine(section: dict[str, Any], environment: Mapping[str, str], file: Path) -> EngineSettings:
    engine = _fill(EngineSettings(), section, environment, "RIGHTDOOR_ENGINE_", file)
    if engine.rasa and not _is_address(engine.rasa):
        said = f"engine.rasa must be the address of a Rasa server, such as http://127.0.0.1:5005, not {engine.rasa!r}"
        raise SettingsError(said, Where(file))
    if engine.patience < 1:
        raise SettingsError(f"engine.patience must be 1 or more seconds, not {engine.patience}", Where(file))
    return engine


def _keep(section: dict[str, Any], environment: Mapping[str, str], file: Path) -> KeepSettings:
    keep = _fill(KeepSettings(), section, environment, "RIGHTDOOR_KEEP_", file)
    for name in (each.name for each in fields(keep)):
        if getattr(keep, name) < 1:
            raise SettingsError(f"keep.{name} must be 1 or more days", Where(file))
    return keep


def _oidc(section: dict[str, Any], environment: Mapping[str, str], file: Path) -> OidcSettings:
    oidc = _fill(OidcSettings(), section, environment, "RIGHTDOOR_OIDC_", file)
    if oidc.issuer and not is_public(oidc.issuer):
        raise SettingsError(f"oidc.issuer must be the provider's https address, not {oidc.issuer!r}", Where(file))
    if oidc.issuer and not (oidc.client and oidc.secret and oidc.name):
        raise SettingsError("oidc needs client, secret and name as well", Where(file))
    return oidc


def _is_address(url: str) -> bool:
    """Whether `url` is where a web server may be: scheme, host, perhaps a port and a path, and nothing else."""
    try:
        parts = urlsplit(url)
        plain = parts.port != 0 and not (parts.query or parts.fragment or parts.username is not None)
    except ValueError:
        return False
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)


def is_public(url: str) -> bool:
    """Whether links to it are safe to send: https, or this machine itself."""
    host = urlsplit(url).hostname if _is_address(url) else None
    return bool(host) and (url.startswith("https://") or host in {"127.0.0.1", "::1", "localhost"})


def _inner(name: str, section: dict[str, Any], file: Path) -> dict[str, Any]:
    """A section within the section, taken out of it."""
    inner = section.pop(name, None) or {}
    if not isinstance(inner, dict):
        raise SettingsError(f"{name} must hold settings, not {inner!r}", Where(file))
    return inner


def _section(file: Path) -> dict[str, Any]:
    try:
        document = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise SettingsError(f"cannot be read: {str(error).splitlines()[0]}", Where(file)) from error
    section = document.get("rightdoor", {}) if isinstance(document, dict) else {}
    if not isinstance(section, dict):
        raise SettingsError("`rightdoor:` must hold settings", Where(file))
    return dict(section)


def _fill(
    settings: _Section, section: Mapping[str, Any], environment: Mapping[str, str], prefix: str, file: Path
) -> _Section:
    """`settings` with the file's and the environment's values, each of the kind its default has."""
    known = {f.name for f in fields(settings)} - {"engine", "telegram", "mail", "keep", "oidc"}
    for name in section:
        if name not in known:
            raise SettingsError(f"unknown setting {name!r}{did_you_mean(str(name), known)}", Where(file))
    given = dict(section) | {n: environment[prefix + n.upper()] for n in known if prefix + n.upper() in environment}
    return replace(
        settings, **{name: _kind(name, value, getattr(settings, name), file) for name, value in given.items()}
    )


def _kind(name: str, value: object, default: object, file: Path) -> Any:  # noqa: ANN401 – of the default's kind
    if isinstance(default, int):
        if not str(value).isdecimal():
            raise SettingsError(f"{name} must be a whole number, not {value!r}", Where(file))
        return int(str(value))
    return "" if value is None else str(value)
