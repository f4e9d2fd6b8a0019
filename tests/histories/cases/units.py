"""Units under new names, cut apart, joined and closed."""

from __future__ import annotations

from tests.histories.cases.register import case
from tests.histories.moves import (
    apart,
    ends_with_a_list,
    merge,
    rename,
    split,
    staffed,
)
from tests.histories.world import World

# --- unit renames


@case("unit renames")
def a_unit_has_a_new_name_and_most_people_stay(world: World) -> None:
    world.found()
    unit = staffed(world, world.rng.randint(4, 7))
    world.list()
    world.turnover()
    rename(world, unit)
    gone = world.in_unit(unit)[0]
    world.replace(gone)
    world.list()
    world.pinned.discard(unit)
    ends_with_a_list(world)


@case("unit renames")
def a_new_name_in_a_partial_list(world: World) -> None:
    world.found()
    unit = staffed(world, world.rng.randint(4, 6))
    others = [one for one in world.units() if one is not unit]
    listed = [unit, *world.rng.sample(others, 2)]
    world.list()
    world.turnover(listed)
    rename(world, unit)
    world.leave(world.in_unit(unit)[0], vacant=False)
    world.list(units=listed, complete=False)
    ends_with_a_list(world)


@case("unit renames")
def two_units_have_new_names(world: World) -> None:
    world.found()
    one, two = staffed(world, 5), staffed(world, 5)
    world.list()
    world.turnover()
    rename(world, one)
    rename(world, two)
    world.list()
    ends_with_a_list(world)


@case("unit renames")
def a_new_name_with_the_same_code_and_nobody_left(world: World) -> None:
    world.found()
    for number, unit in enumerate(world.units()):
        unit.code = f"U{world.number}-{number}"
    unit = staffed(world, 4)
    world.list()
    world.turnover()
    rename(world, unit)
    for seat in world.in_unit(unit):
        world.replace(seat)
    world.list()
    ends_with_a_list(world)


@case("unit renames")
def a_new_name_while_people_move_in_and_out(world: World) -> None:
    world.found()
    unit = staffed(world, 6)
    incoming = world.one()
    outgoing = world.in_unit(unit)[0]
    world.list()
    world.turnover()
    rename(world, unit)
    other = incoming.post
    world.move(incoming, outgoing.post)
    world.move(outgoing, other)
    world.list()


@case("unit renames")
def a_unit_moves_under_another(world: World) -> None:
    world.found()
    unit, parent = world.units()[:2]
    world.list()
    world.turnover()
    unit.parent = parent.name
    world.list()
    ends_with_a_list(world)


# --- splits and merges


@case("splits and merges")
def a_unit_falls_into_two_halves(world: World) -> None:
    """A tie is no rename: new units open, people have moved, the old one closes."""
    world.found()
    unit = apart(world, 8)
    world.list(complete=True)
    world.turnover()
    split(world, unit, 4, world.new_unit())
    split(world, unit, 4, world.new_unit())
    world.list(complete=True)
    ends_with_a_list(world)


@case("splits and merges")
def the_larger_part_keeps_on_under_a_new_name(world: World) -> None:
    world.found()
    unit = apart(world, 8)
    world.list(complete=True)
    world.turnover()
    split(world, unit, 3, world.new_unit())
    rename(world, unit)
    world.list(complete=True)
    ends_with_a_list(world)


@case("splits and merges")
def a_part_goes_and_the_rest_stays(world: World) -> None:
    world.found()
    unit = apart(world, 8)
    world.list()
    world.turnover()
    split(world, unit, world.rng.randint(2, 6), world.new_unit())
    world.list()
    ends_with_a_list(world)


@case("splits and merges")
def two_units_of_one_size_become_one(world: World) -> None:
    world.found()
    one, two = apart(world, 4), apart(world, 4)
    world.list(complete=True)
    world.turnover()
    new = world.new_unit()
    merge(world, one, new)
    merge(world, two, new)
    world.list(complete=True)
    ends_with_a_list(world)


@case("splits and merges")
def a_small_unit_joins_a_large_one_under_a_new_name(world: World) -> None:
    world.found()
    large, small = apart(world, 8), apart(world, 3)
    world.list(complete=True)
    world.turnover()
    merge(world, small, large)
    rename(world, large)
    world.list(complete=True)
    ends_with_a_list(world)


@case("splits and merges")
def a_unit_is_taken_in_by_another(world: World) -> None:
    world.found()
    large, small = apart(world, 6), apart(world, 3)
    world.list(complete=True)
    world.turnover()
    merge(world, small, large)
    world.list(complete=True)
    ends_with_a_list(world)


@case("splits and merges")
def a_unit_is_closed_and_nobody_stays(world: World) -> None:
    world.found()
    unit = staffed(world, world.rng.randint(2, 4))
    world.list(complete=True)
    world.turnover()
    for seat in world.in_unit(unit):
        world.leave(seat, vacant=False)
    world.list(complete=True)
    ends_with_a_list(world)
