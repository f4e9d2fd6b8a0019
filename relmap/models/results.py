"""What rules found: scores, alerts, scans, and the days somebody asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relmap.models.base import Model, Name, Word, utc_now
from relmap.models.packed import PackedJSON

__all__ = ["BY_ITSELF", "OVER", "PART", "Alert", "Due", "LastSweep", "Scan", "Score", "StoredView"]

OVER: Final = "is_over"
"""Why an alert was closed that no person closed: its cause is gone; its first evidence says how."""
PART: Final = "is_part"
"""Why an alert was closed that another tells as a part of it, which its first evidence says."""
BY_ITSELF: Final = (OVER, PART)


class Score(Model):
    """One rule's outcome for one account on one day."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("account_id", "on", "rule_key"),
        CheckConstraint("status IN ('ok', 'n/a', 'failed', 'timed_out')", name="status"),
        Index("ix_score_due", "account_id", "on", "ruleset_digest", "revision"),  # who is due?
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on: Mapped[date]
    plugin: Mapped[str] = mapped_column(Name)
    rule_key: Mapped[str] = mapped_column(Name)
    rule_version: Mapped[int]
    rule_title: Mapped[str] = mapped_column(Name)
    weight: Mapped[float]  # what the rule counts for in the total
    settings_digest: Mapped[str] = mapped_column(Name)
    view_digest: Mapped[str] = mapped_column(Name)
    ruleset_digest: Mapped[str] = mapped_column(Name)  # of all rules and settings of the pass
    revision: Mapped[int]
    status: Mapped[str] = mapped_column(Word)
    points: Mapped[float | None]
    out_of: Mapped[float | None]
    evidence: Mapped[list[Any]] = mapped_column(PackedJSON, default=list)
    actions: Mapped[list[Any]] = mapped_column(PackedJSON, default=list)
    reason: Mapped[str | None]  # why not ok
    milliseconds: Mapped[float | None]
    computed_at: Mapped[datetime] = mapped_column(default=utc_now)


class Alert(Model):
    """Something one of us should act on; account, rule and key raise it once."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("account_id", "rule_key", "key"),
        CheckConstraint("status IN ('open', 'acknowledged', 'closed', 'withdrawn')", name="status"),
        CheckConstraint("severity IN ('note', 'warning', 'urgent')", name="severity"),
        Index("ix_alert_status_account_id", "status", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    plugin: Mapped[str] = mapped_column(Name)
    rule_key: Mapped[str] = mapped_column(Name)
    rule_version: Mapped[int]
    key: Mapped[str] = mapped_column(Name)
    text: Mapped[str]
    severity: Mapped[str] = mapped_column(Word)
    refs: Mapped[list[Any]] = mapped_column(default=list)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    actions: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(Word, default="open")
    status_before: Mapped[str | None] = mapped_column(Word)  # of a withdrawn one
    raised_on: Mapped[date]
    raised_at: Mapped[datetime] = mapped_column(default=utc_now)
    acknowledged_until: Mapped[date | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    acknowledged_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]  # done, not_true, or the person's own words
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    parts: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # keys of alerts

    def open_again(self) -> None:
        """Take back that relmap closed it by itself; what a person closed stays closed."""
        if self.status == "closed" and self.closed_reason in BY_ITSELF:
            self.status, self.closed_reason, self.closed_at = "open", None, None
            self.evidence = self.evidence[1:]


class StoredView(Model):
    """A view as a scan saw it, kept once per digest."""

    __tablename__ = "stored_view"

    digest: Mapped[str] = mapped_column(Name, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    document: Mapped[str]  # AccountView.to_json()


class Scan(Model):
    """One alert rule has seen one account: the next scan compares with this view."""

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_account_rule", "account_id", "rule_key", "id"),
        Index("ix_scan_due", "account_id", "on", "ruleset_digest", "revision", "rule_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    rule_key: Mapped[str] = mapped_column(Name)
    on: Mapped[date]
    revision: Mapped[int]
    ruleset_digest: Mapped[str] = mapped_column(Name)
    # The view as it was seen, not one built anew of that day: facts typed in late would be in it.
    view_digest: Mapped[str] = mapped_column(ForeignKey("stored_view.digest"))
    scanned_at: Mapped[datetime] = mapped_column(default=utc_now)


class LastSweep(Model):
    """When workers that hear from a broker last asked what is due; one row."""

    __tablename__ = "last_sweep"

    at: Mapped[datetime] = mapped_column(primary_key=True)


class Due(Model):
    """Somebody asked for the scores of an account on a day; the sweep works it off."""

    __tablename__ = "due"
    __table_args__ = (UniqueConstraint("account_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
