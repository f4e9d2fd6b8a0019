"""Several of these things in one half-year."""

from __future__ import annotations

from collections.abc import Callable

from tests.histories.cases.register import case
from tests.histories.moves import (
    ALIKE,
    apart,
    crowd,
    ends_with_a_list,
    new_title,
    ranked,
    rename,
    rewrite,
    split,
    staffed,
    swap_some,
    titled,
    twins,
)
from tests.histories.world import World

# --- several at once


Act = Callable[[World], Callable[[], object]]
"""Prepares something before the first list; what it returns happens before the second."""


def somebody_is_replaced(world: World) -> Callable[[], object]:
    seat = world.one()
    return lambda: world.replace(seat)


def somebody_rotates(world: World) -> Callable[[], object]:
    gone, mover = world.pick(2)

    def act() -> None:
        world.leave(gone, vacant=False)
        world.move(mover, gone.post)
        world.hire(mover.post)

    return act


def somebody_is_promoted(world: World) -> Callable[[], object]:
    seat = titled(world, ALIKE[world.language][0][0])

    def act() -> None:
        world.move(seat, world.new_post(seat.post.unit, level="manager"))
        world.hire(seat.post)

    return act


def a_unit_is_renamed(world: World) -> Callable[[], object]:
    unit = staffed(world, 5)

    def act() -> None:
        rename(world, unit)
        world.replace(world.in_unit(unit)[0])

    return act


def a_part_is_cut_off(world: World) -> Callable[[], object]:
    unit = apart(world, 6)
    return lambda: split(world, unit, 2, world.new_unit())


def a_post_is_retitled(world: World) -> Callable[[], object]:
    post = crowd(world, 3)

    def act() -> None:
        post.title = new_title(world)
        world.leave(world.holders(post)[0], vacant=False)

    return act


def a_post_of_several_changes(world: World) -> Callable[[], object]:
    post = crowd(world, 4)

    def act() -> None:
        world.leave(world.holders(post)[0], vacant=False)
        world.move(world.holders(post)[0], world.new_post(post.unit))
        world.hire(post)

    return act


def an_acting_head_is_confirmed(world: World) -> Callable[[], object]:
    seat = ranked(world)
    seat.acting = True
    return lambda: setattr(seat, "acting", False)


def one_of_two_namesakes_goes(world: World) -> Callable[[], object]:
    one, _ = twins(world)
    return lambda: world.replace(one)


def names_are_swapped(world: World) -> Callable[[], object]:
    return lambda: swap_some(world)


def names_are_typed_in_capitals(world: World) -> Callable[[], object]:
    return lambda: rewrite(world, str.upper, share=0.4)


ACTS: tuple[Act, ...] = (
    somebody_is_replaced,
    somebody_rotates,
    somebody_is_promoted,
    a_unit_is_renamed,
    a_part_is_cut_off,
    a_post_is_retitled,
    a_post_of_several_changes,
    an_acting_head_is_confirmed,
    one_of_two_namesakes_goes,
    names_are_swapped,
    names_are_typed_in_capitals,
)


def many(world: World, count: int) -> None:
    world.found(people=36)
    acts = [act(world) for act in world.rng.sample(ACTS, count)]
    world.list(complete=True)
    world.turnover()
    for act in acts:
        act()
    world.list(complete=True)
    world.pinned.clear()
    for seat in world.seats:  # names twice in the house are nobody's to move about
        if sum(other.human.spelling == seat.human.spelling for other in world.seats) > 1:
            world.pin(seat.human)
    ends_with_a_list(world)


@case("several at once")
def three_things_at_once(world: World) -> None:
    many(world, 3)


@case("several at once")
def five_things_at_once(world: World) -> None:
    many(world, 5)
