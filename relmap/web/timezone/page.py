"""The page on which the viewer says in which time zone they are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from relmap.clock import utc_now, zone_name
from relmap.contracts import N_
from relmap.facts.users import set_timezone
from relmap.languages import _, moment, sort_key, zone
from relmap.web.forms import Choice, Form, saved
from relmap.web.security.viewer import current_viewer

pages = Blueprint("timezone", __name__, url_prefix="/timezone")


class TimezoneForm(Form):
    """By whose clock days and moments are told."""

    timezone = Choice(
        N_("Time zone"),
        empty=N_("as set for all"),
        help=N_("A day begins at midnight there, and what happened is told by its clock."),
    )

    def prepare(self) -> None:
        """Every zone of a place, by its city, and the one that the viewer has."""
        names = {*_places(), self.row.timezone or "UTC"}
        told = {name: zone(name) for name in names}
        in_order = sorted(told, key=lambda name: sort_key(told[name]))
        self.timezone.options = {name: told[name] for name in in_order}


@cache
def _places() -> tuple[str, ...]:
    """The zones of places, once each: ``available_timezones`` has their old names beside."""
    rows = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
    return ("UTC", *(row.split("\t")[2] for row in rows if not row.startswith("#")))


@pages.get("")
def show() -> str:
    """The zone of the viewer, and a form to choose another."""
    return _page(TimezoneForm(current_viewer()))


@pages.post("")
def save() -> ResponseReturnValue:
    """Keep the zone that the viewer chose."""
    user = current_viewer()
    form = TimezoneForm(user, sent=True)
    if not saved(form, lambda: set_timezone(user, form.timezone.data)):
        return _page(form), form.http_status
    flash(_("Days are told by {zone} now.", zone=zone(zone_name())))
    return redirect(url_for("timezone.show"), 303)


def _page(form: TimezoneForm) -> str:
    now = moment(utc_now())
    return render_template("timezone/timezone.html", form=form, zone=zone(zone_name()), now=now)
