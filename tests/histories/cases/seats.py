"""Posts of several, new titles, promotions, people who stand in."""

from __future__ import annotations

from datetime import timedelta

from tests.histories.cases.register import case
from tests.histories.moves import (
    ALIKE,
    IDS,
    crowd,
    ends_with_a_list,
    new_title,
    ranked,
    titled,
)
from tests.histories.world import Post, World

# --- several holders


@case("several holders")
def one_of_several_leaves_then_one_follows(world: World) -> None:
    world.found()
    post = crowd(world, world.rng.randint(2, 5))
    world.list()
    world.turnover()
    world.leave(world.holders(post)[0], vacant=False)
    world.list()
    world.hire(post)
    ends_with_a_list(world)


@case("several holders")
def two_leave_and_one_follows(world: World) -> None:
    world.found()
    post = crowd(world, world.rng.randint(3, 5))
    world.list()
    world.turnover()
    for seat in world.holders(post)[:2]:
        world.leave(seat, vacant=False)
    world.hire(post)
    world.list()
    ends_with_a_list(world)


@case("several holders")
def all_leave(world: World) -> None:
    world.found()
    post = crowd(world, world.rng.randint(2, 4))
    world.list()
    world.turnover()
    for seat in world.holders(post):
        world.leave(seat, vacant=False)
    world.list()
    world.hire(post)
    ends_with_a_list(world)


@case("several holders")
def one_moves_out_and_one_moves_in(world: World) -> None:
    world.found()
    post = crowd(world, world.rng.randint(2, 5))
    other, gone = world.pick(2)
    world.list()
    world.turnover()
    world.leave(gone, vacant=False)
    world.move(world.holders(post)[1], gone.post)
    if world.rng.random() < 0.5:
        world.move(other, post)
        world.hire(other.post)
    world.list()
    ends_with_a_list(world)


@case("several holders")
def two_posts_exchange_holders(world: World) -> None:
    world.found()
    post = crowd(world, 3)
    other = world.new_post(post.unit)
    for _ in range(2):
        world.pin(world.hire(other).human)
    world.pin(other)
    world.list()
    world.turnover()
    one, two = world.holders(post)[0], world.holders(other)[0]
    world.move(one, other)
    world.move(two, post)
    world.list()


@case("several holders")
def the_same_title_in_two_units(world: World) -> None:
    world.found()
    post = crowd(world, 3)
    unit = next(unit for unit in world.units() if unit is not post.unit)
    twin = world.new_post(unit, title=(post.title, post.level, post.function))
    existing = [other for other in world.posts(unit) if other.title == post.title]
    twin = existing[0] if existing else twin
    world.pin(twin, world.hire(twin).human)
    for seat in world.holders(twin):
        world.pin(seat.human)
    world.list()
    world.turnover()
    world.move(world.holders(post)[0], twin)
    world.list()
    ends_with_a_list(world)


@case("several holders")
def one_person_in_two_posts_gives_up_one(world: World) -> None:
    world.found()
    seat = world.one()
    second = world.hire(world.new_post(seat.post.unit), seat.human)
    world.pin(second.post)
    world.list()
    world.turnover()
    world.leave(second) if world.rng.random() < 0.5 else world.replace(second)
    world.list()
    ends_with_a_list(world)


@case("several holders")
def some_rows_stand_twice_in_the_list(world: World) -> None:
    world.found()
    post = crowd(world, 3)
    world.repeats = 0.2
    world.list()
    world.turnover()
    world.leave(world.holders(post)[0], vacant=False)
    world.list()
    ends_with_a_list(world)


# --- retitles


@case("retitles")
def a_post_of_several_has_a_new_title(world: World) -> None:
    world.found()
    post = crowd(world, world.rng.randint(2, 5))
    world.list()
    world.turnover()
    post.title = new_title(world)
    world.list()
    ends_with_a_list(world)


@case("retitles")
def a_post_of_one_has_a_like_title(world: World) -> None:
    world.found()
    before, after = world.rng.choice(ALIKE[world.language])
    seat = titled(world, before)
    world.list()
    world.turnover()
    seat.post.title = after
    world.list()
    world.replace(seat)
    ends_with_a_list(world)


@case("retitles")
def a_post_of_one_has_an_unlike_title(world: World) -> None:
    """One stays and the titles are not alike: not a retitle, the holder took a new title."""
    world.found()
    seat = world.one()
    world.list()
    world.turnover()
    post = seat.post
    world.move(seat, Post(post.unit, new_title(world), post.level, post.function))
    world.list()
    ends_with_a_list(world)


@case("retitles")
def retitled_while_one_leaves_and_one_follows(world: World) -> None:
    world.found()
    post = crowd(world, world.rng.randint(4, 5))
    world.list()
    world.turnover()
    post.title = new_title(world)
    world.leave(world.holders(post)[0], vacant=False)
    world.hire(post)
    world.list()
    ends_with_a_list(world)


@case("retitles")
def some_of_several_take_a_new_title(world: World) -> None:
    """The old title is not gone: whoever has the new one has moved."""
    world.found()
    post = crowd(world, world.rng.randint(4, 5))
    world.list()
    world.turnover()
    new = Post(post.unit, new_title(world), post.level, post.function)
    for seat in world.holders(post)[:2]:
        world.move(seat, new)
    world.list()
    ends_with_a_list(world)


@case("retitles")
def a_like_title_of_a_higher_level(world: World) -> None:
    world.found()
    before, after = world.rng.choice(ALIKE[world.language])
    seat = titled(world, before)
    world.list()
    world.turnover()
    world.move(seat, Post(seat.post.unit, after, "lead", "purchasing"))
    world.list()
    ends_with_a_list(world)


@case("retitles")
def two_people_exchange_their_titles(world: World) -> None:
    world.found()
    one = world.one()
    other = world.hire(world.new_post(one.post.unit, level="lead"))
    world.pin(other.human, other.post)
    world.list()
    world.turnover()
    here, there = one.post, other.post
    world.move(one, there)
    world.move(other, here)
    world.list()


# --- promotions


@case("promotions")
def promoted_to_a_new_title_and_followed(world: World) -> None:
    world.found()
    seat = titled(world, ALIKE[world.language][0][0])
    world.list()
    world.turnover()
    world.move(seat, world.new_post(seat.post.unit, level="lead"))
    world.hire(seat.post)
    world.list()
    ends_with_a_list(world)


@case("promotions")
def promoted_to_a_new_title_and_the_old_one_is_gone(world: World) -> None:
    world.found()
    seat = titled(world, ALIKE[world.language][0][0])
    world.list()
    world.turnover()
    world.move(seat, world.new_post(seat.post.unit, level="manager"))
    world.list()
    ends_with_a_list(world)


@case("promotions")
def a_deputy_follows_the_head_and_is_followed(world: World) -> None:
    world.found()
    deputy = titled(world, ALIKE[world.language][0][0])
    head = world.hire(world.new_post(deputy.post.unit, level="director"))
    world.pin(head.human, head.post)
    world.list()
    world.turnover()
    world.leave(head, vacant=False)
    world.move(deputy, head.post)
    if world.rng.random() < 0.6:
        world.hire(deputy.post)
    else:
        world.vacant.add(deputy.post)
    world.list()
    ends_with_a_list(world)


@case("promotions")
def promoted_into_another_unit(world: World) -> None:
    world.found()
    seat = titled(world, ALIKE[world.language][0][0])
    unit = next(unit for unit in world.units() if unit is not seat.post.unit)
    world.list()
    world.turnover()
    world.move(seat, world.new_post(unit, level="manager"))
    if world.rng.random() < 0.5:
        world.hire(seat.post)
    world.list()
    ends_with_a_list(world)


@case("promotions")
def promoted_on_a_day_that_the_list_gives(world: World) -> None:
    """A start in the file wins where it lies in (P, D]; leavers of a full seat end on it."""
    world.found()
    deputy = titled(world, ALIKE[world.language][0][0])
    head = world.hire(world.new_post(deputy.post.unit, level="director"))
    world.pin(head.human, head.post)
    world.list()
    world.turnover()
    world.leave(head, vacant=False)
    world.move(deputy, head.post).starts_on = world.today - timedelta(days=world.rng.randint(0, 90))
    follower = world.hire(deputy.post)
    follower.starts_on = world.today - timedelta(days=world.rng.randint(0, 90))
    world.list()
    ends_with_a_list(world)


@case("promotions")
def a_step_down(world: World) -> None:
    world.found()
    seat = titled(world, ALIKE[world.language][0][0], level="lead")
    world.list()
    world.turnover()
    world.move(seat, world.new_post(seat.post.unit, level="staff"))
    world.hire(seat.post)
    world.list()


@case("promotions")
def a_chain_of_three(world: World) -> None:
    world.found()
    staff = titled(world, ALIKE[world.language][0][0])
    lead = world.hire(world.new_post(staff.post.unit, level="lead"))
    head = world.hire(world.new_post(staff.post.unit, level="manager"))
    world.pin(lead.human, lead.post, head.human, head.post)
    world.list()
    world.turnover()
    world.leave(head, vacant=False)
    world.move(lead, head.post)
    world.move(staff, lead.post)
    world.hire(staff.post)
    world.list()


# --- acting confirmed


@case("acting confirmed")
def confirmed_in_the_next_list(world: World) -> None:
    world.found()
    seat = ranked(world)
    seat.acting = True
    world.list()
    world.turnover()
    seat.acting = False
    world.list()
    world.replace(seat)
    ends_with_a_list(world)


@case("acting confirmed")
def acting_for_two_lists_then_confirmed(world: World) -> None:
    world.found()
    seats = [ranked(world), ranked(world)]
    for seat in seats:
        seat.acting = True
    world.list()
    ends_with_a_list(world)
    seats[0].acting = False
    ends_with_a_list(world)


@case("acting confirmed")
def another_is_appointed(world: World) -> None:
    world.found()
    seat = ranked(world)
    seat.acting = True
    world.list()
    world.turnover()
    world.replace(seat)
    world.list()


@case("acting confirmed")
def acting_for_one_who_left_then_confirmed(world: World) -> None:
    world.found(ids=[world.rng.choice(IDS)])
    head, deputy = ranked(world), world.one()
    world.list()
    world.turnover()
    world.leave(head, vacant=False)
    seat = world.hire(head.post, deputy.human, acting=True)
    world.list()
    seat.acting = False
    ends_with_a_list(world)
