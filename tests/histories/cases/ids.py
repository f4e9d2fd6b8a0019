"""Ids that change, go, are shared or are inherited."""

from __future__ import annotations

from tests.histories.cases.register import case
from tests.histories.moves import (
    IDS,
    ends_with_a_list,
)
from tests.histories.world import World

# --- changed ids


@case("changed ids")
def everybody_has_new_addresses(world: World) -> None:
    world.found(ids=[world.rng.choice(["mail", "handle"])])
    world.list()
    world.turnover(rotations=False)
    for human in world.humans:
        human.ids = {kind: world.new_id(kind, human) for kind in human.ids}
    world.list()
    ends_with_a_list(world)


@case("changed ids")
def new_addresses_beside_a_staff_number_that_stays(world: World) -> None:
    world.found(ids=["mail", "staff_number"])
    gone, mover = world.pick(2)
    world.list()
    world.turnover()
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post)
    for human in world.humans:
        human.ids["mail"] = world.new_id("mail", human)
    world.list()
    ends_with_a_list(world)


@case("changed ids")
def a_new_staff_number_in_the_same_post(world: World) -> None:
    world.found(ids=["staff_number"])
    seat = world.one()
    world.list()
    world.turnover()
    seat.human.ids = {"staff_number": world.new_id("staff_number", seat.human)}
    world.list()
    world.replace(seat)
    ends_with_a_list(world)


@case("changed ids")
def a_new_address_and_another_post(world: World) -> None:
    """One gone and one new is uncertain (a mail changes because its owner moved)."""
    kind = world.rng.choice(["mail", "handle"])
    world.found(ids=[kind])
    gone, mover = world.pick(2)
    world.list()
    world.turnover()
    world.leave(gone, vacant=False)
    world.move(mover, gone.post, doubtful=True)
    if world.rng.random() < 0.5:
        world.hire(mover.post)
    mover.human.ids = {kind: world.new_id(kind, mover.human)}
    world.list()


@case("changed ids")
def a_new_address_then_somebody_says_who_it_is(world: World) -> None:
    world.found(ids=["mail"])
    gone, mover = world.pick(2)
    stranger = world.rng.random() < 0.5
    world.list()
    world.turnover(rotations=False)
    world.leave(gone, vacant=False)
    world.leave(mover, vacant=False)
    human = world.twin(mover.human) if stranger else mover.human
    human.ids = {"mail": world.new_id("mail", human)}
    seat = world.hire(gone.post, human, doubtful=True)
    world.pin(human)
    world.list()
    world.answer(seat, None if stranger else human)
    ends_with_a_list(world)
    world.replace(seat)
    world.list()


@case("changed ids")
def another_kind_of_id_says_nothing(world: World) -> None:
    world.found(ids=["handle"])
    gone, mover = world.pick(2)
    world.list()
    world.turnover()
    for human in world.humans:
        human.ids = {"staff_number": world.new_id("staff_number", human)}
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post).human.ids = {}
    for seat in world.seats:
        if "handle" in seat.human.ids:
            seat.human.ids = {}
    world.list()
    world.list()


@case("changed ids")
def a_missing_id_and_another_post(world: World) -> None:
    world.found(ids=[world.rng.choice(IDS)])
    gone, mover = world.pick(2)
    mover.human.hides_ids = world.rng.random() < 0.5
    world.list()
    world.turnover()
    mover.human.hides_ids = not mover.human.hides_ids
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post)
    world.list()
    ends_with_a_list(world)


@case("changed ids")
def a_new_name_with_the_same_id(world: World) -> None:
    world.found(ids=[world.rng.choice(["handle", "staff_number"])])
    gone, mover, stays = world.pick(3)
    world.list()
    world.turnover()
    for seat in (mover, stays):
        seat.human.spelling = world.names.new(world.rng.choice(["western", "latin"]))
        world.book.renamed_people.add(seat.human)
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post)
    world.list()
    ends_with_a_list(world)


@case("changed ids")
def the_same_ids_in_another_case(world: World) -> None:
    world.found(ids=list(IDS))
    world.list()
    world.turnover()
    for human in world.humans:
        human.ids = {kind: value.upper() for kind, value in human.ids.items()}
    world.list()


# --- inherited mailboxes


@case("inherited mailboxes")
def a_successor_has_the_mailbox_of_the_post(world: World) -> None:
    """No part of the name in common and no other equal id: uncertain, everything waits."""
    world.language = "en"
    world.found(ids=["mail"])
    old = world.one(latin=True)
    world.list()
    world.turnover()
    heir = world.replace(old)
    heir.human.ids = dict(old.human.ids)
    heir.is_doubtful = True
    world.book.spared.add((old.human, old.post))
    world.list()


@case("inherited mailboxes")
def somebody_in_another_post_has_the_mailbox(world: World) -> None:
    world.language = world.rng.choice(["en", "ja"])
    world.found(ids=["mail"])
    old, gone = world.pick(2, latin=True)
    world.list()
    world.turnover()
    world.leave(old)
    world.leave(gone, vacant=False)
    heir = world.hire(gone.post, world.human("western"), doubtful=True)
    heir.human.ids = dict(old.human.ids)
    world.list()


@case("inherited mailboxes")
def a_married_name_keeps_the_mailbox(world: World) -> None:
    world.language = "en"
    world.found(ids=["mail"])
    (seat,) = world.pick(1, latin=True)
    world.list()
    world.turnover()
    given = seat.human.spelling.split(" ")[0]
    family = world.names.new("western").split(" ")[-1]
    seat.human.spelling = f"{given} {family}"
    world.book.renamed_people.add(seat.human)
    world.list()
    ends_with_a_list(world)


@case("inherited mailboxes")
def a_staff_number_says_who_it_is(world: World) -> None:
    world.found(ids=["mail", "staff_number"])
    seat = world.one()
    world.list()
    world.turnover()
    seat.human.spelling = world.names.new("western")
    world.book.renamed_people.add(seat.human)
    world.list()
    ends_with_a_list(world)


@case("inherited mailboxes")
def a_mailbox_that_several_share_is_nobodys(world: World) -> None:
    world.found(ids=["mail"])
    seats = world.pick(3)
    shared = {"mail": f"sales{world.number}@orion.example"}
    for seat in seats:
        seat.human.ids = shared
    world.list()
    world.turnover()
    world.replace(seats[0]).human.ids = shared
    world.list()
    ends_with_a_list(world)
