"""What administrators set for plug-ins, and how their rules fare."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relmap.models.base import Model, Name

__all__ = ["PluginHealth", "PluginSetting", "PluginSwitch"]


class PluginSetting(Model):
    """One setting of a plug-in that differs from its default."""

    __tablename__ = "plugin_setting"
    __table_args__ = (UniqueConstraint("plugin", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(Name)
    key: Mapped[str] = mapped_column(Name)
    value: Mapped[Any] = mapped_column(JSON)


class PluginSwitch(Model):
    """A plug-in that an administrator switched off (or on again)."""

    __tablename__ = "plugin_switch"

    plugin: Mapped[str] = mapped_column(Name, primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)


class PluginHealth(Model):
    """How a rule has fared of late; three accounts on which it failed in a row suspend it."""

    __tablename__ = "plugin_health"

    rule_key: Mapped[str] = mapped_column(Name, primary_key=True)
    plugin: Mapped[str] = mapped_column(Name, index=True)
    rule_version: Mapped[int]
    failures_in_row: Mapped[int] = mapped_column(default=0)
    suspended_at: Mapped[datetime | None]
    last_status: Mapped[str | None] = mapped_column(Name)
    last_error: Mapped[str | None]
    last_failed_at: Mapped[datetime | None]
    last_ran_at: Mapped[datetime | None]
    last_milliseconds: Mapped[float | None]
    # By account (JSON has texts for keys): how often in a row it failed there; only where it did.
    account_failures: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict, server_default="{}"
    )
