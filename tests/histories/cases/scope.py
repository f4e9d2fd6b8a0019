"""Several accounts, lists of half the house, lists that know less than we do."""

from __future__ import annotations

from datetime import date, timedelta

from tests.histories.cases.register import case
from tests.histories.moves import (
    IDS,
    ends_with_a_list,
)
from tests.histories.names import (
    UNKNOWN,
)
from tests.histories.world import Seat, World

# --- moves between accounts


@case("moves between accounts")
def somebody_goes_to_the_other_account_with_an_id(world: World) -> None:
    world.found(ids=[world.rng.choice(["handle", "mail"])], people=34, accounts=2)
    mover = at(world, 0)
    unit = world.rng.choice(world.units(world.accounts()[1]))
    world.list(complete=True)
    world.turnover()
    world.move(mover, world.new_post(unit))
    if world.rng.random() < 0.5:
        world.hire(mover.post)
    world.list(complete=True)
    ends_with_a_list(world)


def at(world: World, account: int) -> Seat:
    """Somebody of an account who is free."""
    while True:
        seat = world.one()
        if seat.post.unit.account == world.accounts()[account]:
            return seat


@case("moves between accounts")
def a_namesake_in_the_other_account_is_somebody_else(world: World) -> None:
    """By name within one account only."""
    world.found(ids=[], people=34, accounts=2)
    leaves, other = at(world, 0), at(world, 1)
    world.list(complete=True)
    world.turnover()
    twin = world.twin(leaves.human)
    world.replace(leaves)
    world.replace(other, twin)
    world.list(complete=True)
    ends_with_a_list(world)


@case("moves between accounts")
def the_old_account_is_not_in_the_list(world: World) -> None:
    """If it is not in the file, the old tenure stays open."""
    world.found(ids=["handle"], people=34, accounts=2)
    mover, gone = at(world, 0), at(world, 1)
    new_units = world.units(world.accounts()[1])
    world.list(complete=True)
    world.turnover(new_units)
    world.replace(gone, mover.human)
    world.list(units=new_units, complete=world.rng.random() < 0.5)


@case("moves between accounts")
def somebody_works_for_both(world: World) -> None:
    world.found(ids=["mail"], people=34, accounts=2)
    both, gone, later = at(world, 0), at(world, 1), at(world, 0)
    world.list(complete=True)
    world.turnover()
    world.replace(gone, both.human)
    world.list(complete=True)
    world.replace(later)
    ends_with_a_list(world)


@case("moves between accounts")
def two_change_places(world: World) -> None:
    world.found(ids=["handle"], people=34, accounts=2)
    one, two = at(world, 0), at(world, 1)
    world.list(complete=True)
    world.turnover()
    here, there = one.post, two.post
    world.move(one, there)
    world.move(two, here)
    world.list(complete=True)


# --- half files


@case("half files")
def half_the_units_then_all(world: World) -> None:
    world.found()
    units = world.units()
    world.list()
    world.turnover()
    world.list(units=world.rng.sample(units, 3), complete=False)
    ends_with_a_list(world)


@case("half files")
def two_halves_on_two_days(world: World) -> None:
    world.found()
    units = world.rng.sample(world.units(), 6)
    world.list()
    world.turnover(units[:3])
    world.list(units=units[:3], complete=False)
    world.turnover(units[3:])
    world.list(units=units[3:], complete=False)
    ends_with_a_list(world)


@case("half files")
def moved_out_of_a_unit_that_is_not_listed_with_an_id(world: World) -> None:
    """With an id the person joined and the old tenure stays."""
    world.found(ids=[world.rng.choice(IDS)])
    mover, gone = world.pick(2)
    units = [unit for unit in world.units() if unit is not mover.post.unit]
    world.list()
    world.turnover(units)
    world.replace(gone, mover.human)
    old = mover.post
    world.seats.remove(mover)
    world.hire(old)
    world.list(units=units, complete=False)
    ends_with_a_list(world)


@case("half files")
def moved_out_of_a_unit_that_is_not_listed_by_name(world: World) -> None:
    """By name only: uncertain; and certain when the old unit is listed, too."""
    world.found(ids=[])
    mover, gone = world.pick(2)
    units = [unit for unit in world.units() if unit is not mover.post.unit]
    world.list()
    world.turnover(units)
    world.leave(gone, vacant=False)
    moved = world.hire(gone.post, mover.human, doubtful=True)
    world.seats.remove(mover)
    world.hire(mover.post)
    world.list(units=units, complete=False)
    if world.rng.random() < 0.5:
        moved.is_doubtful = False
        ends_with_a_list(world)


@case("half files")
def somebody_unknown_ends_nobody(world: World) -> None:
    world.found()
    seat, leaves = world.pick(2)
    world.list()
    world.turnover()
    seat.mark = world.rng.choice(UNKNOWN)
    world.leave(leaves, vacant=True)
    world.list()
    seat.mark = None
    ends_with_a_list(world)


# --- stale lists after hand entries


def days_before(world: World, count: int) -> date:
    return world.today - timedelta(days=count)


@case("stale lists after hand entries")
def the_list_still_has_who_left(world: World) -> None:
    """A row that puts a person back into a post which somebody ended by hand after P."""
    world.found()
    seat = world.one()
    world.list()
    world.turnover()
    world.note_leave(seat, days_before(world, 60))
    seat.is_doubtful = True
    world.list()
    if world.rng.random() < 0.5:
        ends_with_a_list(world)


@case("stale lists after hand entries")
def the_list_bears_out_what_was_noted(world: World) -> None:
    world.found()
    seat, other = world.pick(2)
    world.list()
    world.turnover()
    world.note_leave(seat, days_before(world, 60))
    world.leave(seat)
    world.replace(other)
    world.list()
    ends_with_a_list(world)


@case("stale lists after hand entries")
def the_list_does_not_know_the_newcomer_yet(world: World) -> None:
    """Absence ends only tenures that a file has listed or made."""
    world.found()
    leaves = world.one()
    world.list()
    world.turnover()
    world.note_leave(leaves, days_before(world, 60))
    world.leave(leaves, vacant=False)
    newcomer = Seat(world.human(), leaves.post)
    world.pin(newcomer.human)
    world.note_join(newcomer, days_before(world, 50))
    world.list()
    world.seats.append(newcomer)
    world.turnover()
    world.list()
    world.replace(newcomer)
    world.list()


@case("stale lists after hand entries")
def the_list_has_the_old_and_not_the_new(world: World) -> None:
    world.found()
    seat = world.one()
    world.list()
    world.turnover()
    world.note_leave(seat, days_before(world, 60))
    newcomer = Seat(world.human(), seat.post)
    world.note_join(newcomer, days_before(world, 50))
    seat.is_doubtful = True
    world.list()


@case("stale lists after hand entries")
def a_note_borne_out_then_a_true_return(world: World) -> None:
    world.found()
    seat = world.one()
    world.list()
    world.turnover()
    world.note_leave(seat, days_before(world, 60))
    world.leave(seat, vacant=False)
    world.list(complete=True)
    world.hire(seat.post, seat.human)
    world.turnover()
    world.list()
