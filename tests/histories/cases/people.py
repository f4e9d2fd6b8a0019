"""Who is who: one name for two, one person under two names."""

from __future__ import annotations

from tests.histories.cases.register import case
from tests.histories.moves import (
    IDS,
    ends_with_a_list,
    rewrite,
    swap_some,
    swapped,
    twins,
)
from tests.histories.names import (
    TWO_SCRIPTS,
    simplified,
    traditional,
)
from tests.histories.world import World

# --- homonyms


@case("homonyms")
def one_of_two_with_ids_moves(world: World) -> None:
    world.found(ids=[world.rng.choice(IDS)])
    one, other = twins(world)
    world.list()
    world.turnover()
    world.move(one, world.new_post(one.post.unit))
    world.list()
    world.replace(other)
    ends_with_a_list(world)


@case("homonyms")
def a_newcomer_has_the_name_of_one_who_stays_and_another_id(world: World) -> None:
    world.found(ids=[world.rng.choice(IDS)])
    stays, leaves = world.pick(2)
    world.list()
    world.turnover()
    world.replace(leaves, world.twin(stays.human))
    world.list()
    ends_with_a_list(world)


@case("homonyms")
def one_left_and_another_came_by_staff_number(world: World) -> None:
    world.found(ids=["staff_number"])
    leaves, other = world.pick(2)
    world.list()
    world.turnover()
    twin = world.twin(leaves.human)
    world.replace(leaves)
    world.replace(other, twin)
    world.list()
    ends_with_a_list(world)


@case("homonyms")
def one_of_two_without_ids_leaves(world: World) -> None:
    world.found(ids=[])
    leaves, stays = twins(world)
    world.list()
    world.turnover()
    world.leave(leaves) if world.rng.random() < 0.5 else world.replace(leaves)
    world.list()
    world.replace(stays)
    ends_with_a_list(world)


@case("homonyms")
def two_of_three_without_ids_leave(world: World) -> None:
    world.found(ids=[])
    one, two, _ = twins(world, 3)
    world.list()
    world.turnover()
    world.leave(one)
    world.replace(two)
    world.list()
    ends_with_a_list(world)


@case("homonyms")
def one_of_two_without_ids_moves(world: World) -> None:
    """Two or more on either side: who sits in the same post keeps it, the rest is uncertain."""
    world.found(ids=[])
    moves, stays, elsewhere = world.pick(3)  # three units: in one, a name is one person
    stays.human = world.twin(moves.human)
    world.pin(stays.human)
    world.list()
    world.turnover()
    world.replace(moves)
    world.move(elsewhere, world.new_post(elsewhere.post.unit))
    world.hire(elsewhere.post, moves.human, doubtful=True)
    world.list(complete=True)


@case("homonyms")
def a_newcomer_without_id_has_the_name_of_one_who_stays(world: World) -> None:
    """Two on the file's side: who sits in the same post keeps it, the rest is uncertain."""
    world.found(ids=[])
    stays, leaves = world.pick(2)
    world.list()
    world.turnover()
    world.leave(leaves, vacant=False)
    world.hire(leaves.post, world.twin(stays.human), doubtful=True)
    world.list()


# --- swapped name order


@case("swapped name order")
def family_names_first_in_the_next_list(world: World) -> None:
    world.language = world.rng.choice(["en", "ja"])
    world.found(ids=[])
    world.list()
    world.turnover()
    swap_some(world)
    world.list()
    ends_with_a_list(world)


@case("swapped name order")
def swapped_and_moved(world: World) -> None:
    world.language = "en"
    world.found(ids=[])
    gone, mover = world.pick(2, latin=True)
    world.list()
    world.turnover()
    world.leave(gone, vacant=False)
    mover.human.spelling = swapped(mover.human.spelling)
    world.respelled = True
    world.move(mover, gone.post)
    world.hire(mover.post)
    world.list()
    swap_some(world)
    world.list()


@case("swapped name order")
def swapped_with_ids_that_are_missing_in_one_list(world: World) -> None:
    world.language = "en"
    world.found(ids=[world.rng.choice(IDS)])
    world.list()
    world.turnover()
    swap_some(world)
    for human in world.humans:
        human.hides_ids = world.rng.random() < 0.6
    world.list()
    for human in world.humans:
        human.hides_ids = False
    ends_with_a_list(world)


@case("swapped name order")
def swapped_homonyms_without_ids(world: World) -> None:
    world.language = "en"
    world.found(ids=[])
    one, other = world.pick(2, latin=True)
    other.human.spelling = swapped(one.human.spelling)
    world.respelled = True
    world.list()
    world.turnover()
    world.replace(one)
    other.human.spelling = one.human.spelling
    world.list()


# --- traditional against simplified


@case("traditional against simplified")
def the_whole_list_in_the_other_script(world: World) -> None:
    world.language = world.rng.choice(["tw", "zh"])
    world.found(ids=[])
    world.list()
    world.turnover()
    rewrite(world, traditional if world.language == "zh" else simplified, share=1)
    world.list()
    ends_with_a_list(world)


@case("traditional against simplified")
def somebody_in_the_other_script_moved(world: World) -> None:
    world.language = world.rng.choice(["tw", "zh"])
    world.found(ids=[])
    gone, mover, other = world.pick(3)
    now, then = world.rng.choice([(0, 1), (1, 0)])
    mover.human.spelling, other.human.spelling = TWO_SCRIPTS[0][now], TWO_SCRIPTS[1][now]
    world.list()
    world.turnover()
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post)
    world.respelled = True
    mover.human.spelling, other.human.spelling = TWO_SCRIPTS[0][then], TWO_SCRIPTS[1][then]
    world.list()
    rewrite(world, world.rng.choice([traditional, simplified]), share=0.5)
    world.list()


@case("traditional against simplified")
def a_namesake_in_the_other_script_is_somebody_else(world: World) -> None:
    world.language = "zh"
    world.found(ids=["staff_number"])
    one, other = world.pick(2)
    one.human.spelling, other.human.spelling = TWO_SCRIPTS[2]
    world.list()
    world.turnover()
    world.replace(one)
    world.move(other, world.new_post(other.post.unit))
    world.list()


# --- returns


@case("returns")
def back_in_the_same_post(world: World) -> None:
    world.found()
    seat = world.one()
    world.list()
    world.turnover()
    gone = world.replace(seat) if world.rng.random() < 0.5 else None
    if gone is None:
        world.leave(seat)
    world.list(complete=True)
    if gone:
        world.leave(gone, vacant=False)
    world.hire(seat.post, seat.human)
    ends_with_a_list(world)


@case("returns")
def back_in_another_post_of_the_same_unit(world: World) -> None:
    world.found()
    seat = world.one()
    world.list()
    world.turnover()
    world.replace(seat)
    world.list(complete=True)
    world.hire(world.new_post(seat.post.unit), seat.human)
    ends_with_a_list(world)


@case("returns")
def back_in_another_unit_with_an_id(world: World) -> None:
    world.found(ids=[world.rng.choice(IDS)])
    seat, other = world.pick(2)
    world.list()
    world.turnover()
    world.replace(seat)
    world.list(complete=True)
    world.turnover()
    world.replace(other, seat.human)
    world.list()


@case("returns")
def back_in_another_unit_by_name(world: World) -> None:
    """Ended in another unit: uncertain."""
    world.found(ids=[])
    seat, other = world.pick(2)
    world.list()
    world.turnover()
    world.replace(seat)
    world.list(complete=True)
    world.turnover()
    world.leave(other, vacant=False)
    world.hire(other.post, seat.human, doubtful=True)
    world.list()
