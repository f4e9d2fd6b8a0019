"""The database, its naming convention, and what every fact row carries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from relmap.clock import utc_now

__all__ = ["Model", "Recorded", "UtcDateTime", "db", "utc_now"]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is taken off and put on here."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Root of the tables."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            date: Date,
            datetime: UtcDateTime,
            dict[str, Any]: JSON,
            list[Any]: JSON,
        },
    )


# pool_pre_ping: a database that was started anew must not cost the next request an error.
db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": True})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model  # Flask-SQLAlchemy's own subclass of Base


class Recorded:
    """When a fact was learnt, by whom, and from which import: not when it was true."""

    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)

    @declared_attr
    def recorded_by(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    @declared_attr
    def import_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("import.id"), index=True)


def one_open(table: str, *columns: str) -> Index:
    """The index that lets a table have one row without an end of these columns' values.

    The verbs look before they write, but two at once see each other's row only here.
    """
    is_open = text("ends_on IS NULL")
    name = "_".join(("uq", table, "open", *(column.removesuffix("_id") for column in columns)))
    return Index(name, *columns, unique=True, sqlite_where=is_open, postgresql_where=is_open)


Name = String(300)
Word = String(40)
