"""The seats of an account for the eye: the grid, the cards in it, the list of people, the marks."""

from relmap.web.seats.cards import Link, SeatCard, seat_card
from relmap.web.seats.grid import Filters, Grid, account_grid
from relmap.web.seats.marks import ClockMark, StanceMark, clock_mark, stance_mark
from relmap.web.seats.people import PersonLine, people

__all__ = [
    "ClockMark",
    "Filters",
    "Grid",
    "Link",
    "PersonLine",
    "SeatCard",
    "StanceMark",
    "account_grid",
    "clock_mark",
    "people",
    "seat_card",
    "stance_mark",
]
