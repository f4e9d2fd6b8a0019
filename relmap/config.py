"""Settings from ``RELMAP_*`` variables, checked once at start, each refusal with its reason."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from relmap.contracts.words import LANGUAGES, Language
from relmap.errors import Refused

if TYPE_CHECKING:
    from flask import Flask

__all__ = [
    "Config",
    "config_of",
    "default_url",
    "is_timezone",
    "load_config",
    "secret_key_beside",
    "timezone_of",
]

KNOWN = {
    "RELMAP_DATABASE_URL": "where the database is; else a SQLite file under instance/",
    "RELMAP_INSTANCE": "the folder of the database and the secret key; else ./instance",
    "RELMAP_PUBLIC_URL": "the address people type; its scheme decides whether cookies are Secure",
    "RELMAP_ALLOW_HTTP": "1 allows plain http on an address other than loopback",
    "RELMAP_ALLOWED_HOSTS": "further host names to answer to, separated by commas",
    "RELMAP_PROXIES": "how many trusted proxies stand in front",
    "RELMAP_SECRET_KEY": "the key that signs sessions; else generated and kept in the instance",
    "RELMAP_MAX_UPLOAD_MB": "the largest body a request or an imported file may have",
    "RELMAP_RULE_SECONDS": "the time one rule has for one account",
    "RELMAP_ACCOUNT_SECONDS": "the time all rules together have for one account",
    "RELMAP_RULE_MEMORY_MB": "the memory the process that runs rules may have",
    "RELMAP_SWEEP_SECONDS": "how often the worker looks for accounts that are due",
    "RELMAP_BROKER_URL": "where workers on several machines get word: redis://... or amqp://...",
    "RELMAP_LANGUAGE": "the language where nobody chose another: en, zh-Hant or zh-Hans",
    "RELMAP_TIMEZONE": "whose day it is, like Asia/Taipei; else that of the machine",
    "RELMAP_SAFE_MODE": "1 starts with bundled plug-ins only",
}


BROKERS = ("redis", "rediss", "redis+socket", "amqp", "amqps")


@dataclass(frozen=True)
class Config:
    """The settings in force. Sizes are in bytes, times in seconds."""

    database_url: str
    instance: Path
    public_url: str
    allow_http: bool = False
    allowed_hosts: tuple[str, ...] = ()
    proxy_count: int = 0
    secret_key: str | None = None
    max_upload: int = 16 * 1024 * 1024
    rule_seconds: float = 5.0
    account_seconds: float = 20.0
    rule_memory: int = 1024 * 1024 * 1024
    sweep_seconds: float = 5.0
    broker_url: str | None = None
    safe_mode: bool = False
    language: Language = "en"
    timezone: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether people reach us over https, so that cookies may say Secure."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that requests may name."""
        own = urlsplit(self.public_url).hostname or ""
        return tuple(dict.fromkeys([own, "127.0.0.1", "localhost", "::1", *self.allowed_hosts]))


def config_of(app: Flask) -> Config:
    """The settings an application runs with; pass ``current_app`` inside a request or command."""
    return cast("Config", app.extensions["relmap.config"])


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings; raises ``Refused`` with the variable's name where one cannot be right."""
    env = os.environ if environ is None else environ
    for name in env:
        if name.startswith("RELMAP_") and name not in KNOWN:
            raise Refused(
                "{name} is no setting of relmap. Known are {known}.",
                name=name,
                known=", ".join(sorted(KNOWN)),
            )
    instance = Path(env.get("RELMAP_INSTANCE") or "instance").resolve()
    config = Config(
        database_url=_database_url(env, instance),
        instance=instance,
        public_url=(env.get("RELMAP_PUBLIC_URL") or "http://127.0.0.1:5000").rstrip("/"),
        allow_http=_switch(env, "RELMAP_ALLOW_HTTP"),
        allowed_hosts=_names(env, "RELMAP_ALLOWED_HOSTS"),
        proxy_count=int(_number(env, "RELMAP_PROXIES", 0, low=0, high=10)),
        secret_key=env.get("RELMAP_SECRET_KEY") or None,
        max_upload=int(_number(env, "RELMAP_MAX_UPLOAD_MB", 16, low=1, high=1024) * 1024 * 1024),
        rule_seconds=_number(env, "RELMAP_RULE_SECONDS", 5, low=0.05, high=600),
        account_seconds=_number(env, "RELMAP_ACCOUNT_SECONDS", 20, low=0.05, high=3600),
        rule_memory=int(_number(env, "RELMAP_RULE_MEMORY_MB", 1024, low=256, high=65536) * 2**20),
        sweep_seconds=_number(env, "RELMAP_SWEEP_SECONDS", 5, low=0.1, high=3600),
        broker_url=_broker_url(env),
        safe_mode=_switch(env, "RELMAP_SAFE_MODE"),
        language=_language(env),
        timezone=timezone_of(env),
    )
    _check_public_url(config)
    return config


def default_url(instance: Path) -> str:
    """Where the book lies unless somebody says otherwise: a file in the instance folder."""
    return f"sqlite:///{quote(str(instance / 'relmap.sqlite3'))}"


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("RELMAP_DATABASE_URL")
    if not url:
        return default_url(instance)
    scheme = url.partition(":")[0]
    if scheme in ("postgres", "postgresql"):  # the bare names would ask for another driver
        return "postgresql+psycopg" + url[len(scheme) :]
    if scheme not in ("sqlite", "postgresql+psycopg"):
        raise Refused(
            "RELMAP_DATABASE_URL begins with {scheme!r}. relmap works with sqlite:///FILE and "
            "postgresql+psycopg://USER:PASSWORD@HOST/NAME.",
            scheme=scheme,
        )
    return url


def _broker_url(env: Mapping[str, str]) -> str | None:
    url = (env.get("RELMAP_BROKER_URL") or "").strip()
    scheme = url.partition(":")[0]
    if url and scheme not in BROKERS:
        raise Refused(
            "RELMAP_BROKER_URL begins with {scheme!r}. relmap works with redis://HOST:PORT/NUMBER "
            "and amqp://USER:PASSWORD@HOST.",
            scheme=scheme,
        )
    return url or None


def _check_public_url(config: Config) -> None:
    parts = urlsplit(config.public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(
            "RELMAP_PUBLIC_URL is {public_url!r}; it should read like https://relmap.example.",
            public_url=config.public_url,
        )
    if parts.scheme == "http" and not config.allow_http and not is_loopback(parts.hostname):
        raise Refused(
            "RELMAP_PUBLIC_URL is {public_url}: over plain http passwords can be read on the "
            "way. Use https, or set RELMAP_ALLOW_HTTP=1 if you accept that.",
            public_url=config.public_url,
        )


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = (env.get(name) or "0").strip().lower()
    if value not in ("0", "1", "true", "false", "yes", "no"):
        raise Refused("{name} is {value!r}; it is 1 or 0.", name=name, value=value)
    return value in ("1", "true", "yes")


def _language(env: Mapping[str, str]) -> Language:
    text = env.get("RELMAP_LANGUAGE") or "en"
    folded = text.strip().replace("-", "_").casefold()
    for language in LANGUAGES:
        if language.casefold() == folded:
            return language
    raise Refused(
        "RELMAP_LANGUAGE is {text!r}. relmap speaks en, zh-Hant (繁體中文) and zh-Hans (简体中文).",
        text=text,
    )


def timezone_of(env: Mapping[str, str]) -> str | None:
    """The zone set for the book, ``None`` where none is; raises ``Refused`` for no such zone."""
    name = (env.get("RELMAP_TIMEZONE") or "").strip()
    if name and not is_timezone(name):
        raise Refused(
            "RELMAP_TIMEZONE is {name!r}. Give a zone like Asia/Taipei, Asia/Shanghai or UTC.",
            name=name,
        )
    return name or None


@lru_cache(maxsize=1_000)  # people may type anything
def is_timezone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path that leads elsewhere, a folder
        return False
    return True


def _names(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (env.get(name) or "").split(",") if part.strip())


def _number(env: Mapping[str, str], name: str, default: float, *, low: float, high: float) -> float:
    text = env.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise Refused(
            "{name} is {text!r}; it is a number from {low:g} to {high:g}.",
            name=name,
            text=text,
            low=low,
            high=high,
        ) from None
    if not low <= value <= high:
        raise Refused(
            "{name} is {text}; it is a number from {low:g} to {high:g}.",
            name=name,
            text=text,
            low=low,
            high=high,
        )
    return value


def secret_key_beside(instance: Path) -> str:
    """The key kept in the instance folder, readable by its owner only; made at the first start."""
    path = instance / "secret_key"
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as file:
        flock(file, LOCK_EX)  # several web processes may start at once
        key = file.read().strip()
        if not key:
            key = secrets.token_urlsafe(48)
            file.write(key)
    if len(key) < 32:
        raise Refused(
            "{path} is damaged. Delete it: a new key is made, all log in again.", path=path
        )
    return key
