"""The hard cases, each a function that tells one history of an invented client.

A case moves people about and has the client listed; which changes must come of it follows from
what is true. Where the rules cannot know, the case marks the row as doubtful, with the sentence of
docs/snapshots.md that says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from bench._histories.names import (
    NEAR,
    SPACED,
    TWO_SCRIPTS,
    UNKNOWN,
    UNLIKE,
    simplified,
    traditional,
)
from bench._histories.world import Human, Post, Seat, Unit, World

__all__ = ["CASES"]

Case = Callable[[World], None]
CASES: defaultdict[str, list[Case]] = defaultdict(list)
IDS = ("handle", "mail", "staff_number")


def case(category: str) -> Callable[[Case], Case]:
    def register(function: Case) -> Case:
        CASES[category].append(function)
        return function

    return register


def twins(world: World, count: int = 2) -> list[Seat]:
    """People of one name in posts of different units."""
    seats = world.pick(count)
    first = seats[0].human
    for seat in seats[1:]:
        seat.human = world.twin(first)
        world.pin(seat.human)
    return seats


def ends_with_a_list(world: World) -> None:
    world.turnover()
    world.list()


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
    moves, _ = twins(world)
    elsewhere = world.one()
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


def swapped(name: str) -> str:
    first, _, last = name.partition(" ")
    return f"{last} {first}"


def with_comma(name: str) -> str:
    first, _, last = name.partition(" ")
    return f"{last}, {first}"


def rewrite(world: World, change: Callable[[str], str], *, share: float = 0.7) -> None:
    """The next list writes many names another way."""
    world.respelled = True
    for seat in world.seats:
        if world.rng.random() < share:
            seat.human.spelling = change(seat.human.spelling)


def swap_some(world: World) -> None:
    turn = world.rng.choice([swapped, swapped, with_comma])
    rewrite(world, lambda name: turn(name) if name.count(" ") == 1 and "," not in name else name)


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


# --- several holders


def crowd(world: World, count: int) -> Post:
    """A post of so many holders."""
    seat = world.one()
    for _ in range(count - 1):
        world.pin(world.hire(seat.post).human)
    return seat.post


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


# --- retitles

ALIKE = {
    "en": (
        ("Senior Sourcing Engineer", "Senior Sourcing Engineers"),
        ("SQE Engineer", "SQE Engineer I"),
    ),
    "zh": (("战略采购工程师", "战略采购工程师岗"), ("供应商质量工程师", "供应商质量管理工程师")),
    "tw": (("策略採購工程師", "策略採購工程師職"), ("供應商品質工程師", "供應商品質管理工程師")),
    "ja": (
        ("部品調達技術担当", "部品調達技術担当者"),
        ("品質技術グループ員", "品質技術グループ担当員"),
    ),
}


def titled(world: World, title: str, *, level: str = "staff") -> Seat:
    """Somebody alone in a post of that title."""
    unit = world.one().post.unit
    seat = world.hire(Post(unit, title, level, "purchasing"))
    world.pin(seat.human, seat.post)
    return seat


def new_title(world: World) -> str:
    """A title of the same level that no unit has: nothing like the old one."""
    return {"en": "Category Owner", "zh": "品类负责人", "tw": "品類負責人", "ja": "調達企画員"}[
        world.language
    ]


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


def above(level: str) -> str:
    levels = ("executive", "director", "manager", "lead", "staff")
    return levels[max(0, levels.index(level) - 1)]


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


# --- unit renames


def staffed(world: World, count: int) -> Unit:
    """A unit of exactly so many people in as many posts, which turnover leaves alone."""
    unit = world.one().post.unit
    seats = world.in_unit(unit)
    for seat in seats[count:]:
        world.seats.remove(seat)
    while len(world.in_unit(unit)) < count:
        world.hire(world.new_post(unit))
    world.vacant = {post for post in world.vacant if post.unit is not unit}
    world.pin(unit)
    return unit


def rename(world: World, unit: Unit) -> None:
    unit.name = world.new_unit().name


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


def split(world: World, unit: Unit, count: int, new: Unit) -> None:
    """So many of a unit's people go to a new unit, with their titles."""
    posts: dict[Post, Post] = {}
    for seat in world.in_unit(unit)[:count]:
        post = seat.post
        posts.setdefault(post, Post(new, post.title, post.level, post.function))
        world.move(seat, posts[post])
    world.pin(new)


def apart(world: World, count: int) -> Unit:
    """A unit of so many people, each in a post of their own."""
    unit = staffed(world, count)
    for seat in world.in_unit(unit):
        if len(world.holders(seat.post)) > 1:
            world.seats.remove(seat)
            world.hire(world.new_post(unit))
    return unit


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


def merge(world: World, unit: Unit, new: Unit) -> None:
    """All of a unit's people go to another unit, with their titles."""
    posts = {post.title: post for post in world.posts(new)}
    for seat in world.in_unit(unit):
        post = seat.post
        posts.setdefault(post.title, Post(new, post.title, post.level, post.function))
        world.move(seat, posts[post.title])
    world.vacant = {post for post in world.vacant if post.unit is not unit}
    world.pin(new)


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


# --- acting confirmed


def ranked(world: World) -> Seat:
    """Somebody whose title says a rank: nobody acts for staff."""
    seat = world.one()
    while seat.post.level == "staff":
        seat = world.one()
    return seat


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


# --- near matches


@case("near matches")
def almost_the_same_name_in_the_same_post(world: World) -> None:
    """In the same post, one gone and one new: uncertain, and everything waits."""
    world.found(ids=[])
    seat = world.one()
    before, after = world.rng.choice(NEAR)
    seat.human.spelling = before
    world.list()
    world.turnover()
    other = Human(len(world.humans) + 1, after)
    world.humans.append(other)
    world.replace(seat, other).is_doubtful = True
    world.book.spared.add((seat.human, seat.post))
    world.list()


@case("near matches")
def one_character_of_three_is_not_near(world: World) -> None:
    world.language = world.rng.choice(["zh", "tw"])
    world.found(ids=[])
    seat = world.one()
    seat.human.spelling, *unlike = UNLIKE
    world.list()
    world.turnover()
    other = Human(len(world.humans) + 1, world.rng.choice(unlike))
    world.humans.append(other)
    world.replace(seat, other)
    world.list()
    ends_with_a_list(world)


@case("near matches")
def almost_the_same_name_in_another_post(world: World) -> None:
    world.found(ids=[])
    seat, gone = world.pick(2)
    seat.human.spelling, after = world.rng.choice(NEAR)
    world.list()
    world.turnover()
    other = Human(len(world.humans) + 1, after)
    world.humans.append(other)
    world.leave(gone, vacant=False)
    world.replace(seat)
    world.hire(gone.post, other)
    world.list()
    ends_with_a_list(world)


@case("near matches")
def almost_the_same_name_with_the_same_id(world: World) -> None:
    world.found(ids=[world.rng.choice(IDS)])
    seat = world.one()
    seat.human.spelling, after = world.rng.choice(NEAR)
    world.list()
    world.turnover()
    seat.human.spelling = after
    world.book.renamed_people.add(seat.human)
    world.list()
    ends_with_a_list(world)


@case("near matches")
def almost_the_same_name_beside_others_in_the_post(world: World) -> None:
    world.found(ids=[])
    post = crowd(world, 3)
    seat = world.holders(post)[0]
    seat.human.spelling, after = world.rng.choice(NEAR)
    world.list()
    world.turnover()
    other = Human(len(world.humans) + 1, after)
    world.humans.append(other)
    world.replace(seat, other).is_doubtful = True
    world.book.spared.add((seat.human, seat.post))
    world.list()


# --- accents, width, case


def wide(text: str) -> str:
    """The full-width forms that Chinese and Japanese keyboards make."""
    table = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
    return text.translate(table | {0x20: "\u3000"})


def plain(text: str) -> str:
    letters = "áéíóúýčéěšžřńñçàèùëïöüåâêôûãõäżźłśćęą"
    ascii_letters = "aeiouyceeszrnncaeueiouaaeouaoazzlscea"
    table = {ord(a): b for a, b in zip(letters, ascii_letters, strict=True)}
    table |= {ord(chr(code).upper()): table[code].upper() for code in [*table]}
    return text.translate(table)


def typographic(text: str) -> str:
    return text.replace("'", "’")


WAYS: tuple[Callable[[str], str], ...] = (str.upper, str.lower, wide, plain, typographic, str.title)


@case("accents, width, case")
def names_are_typed_another_way(world: World) -> None:
    world.language = world.rng.choice(["en", "en", "ja", "zh"])
    world.found(ids=[])
    world.list()
    world.turnover()
    rewrite(world, world.rng.choice(WAYS))
    world.list()
    rewrite(world, world.rng.choice(WAYS[:3]))
    ends_with_a_list(world)


@case("accents, width, case")
def units_and_titles_are_typed_another_way(world: World) -> None:
    world.language = "en"
    world.found()
    world.respelled = True
    world.list()
    world.turnover()
    world.list(write=world.rng.choice([str.upper, str.lower, wide]))
    ends_with_a_list(world)


@case("accents, width, case")
def typed_another_way_and_moved(world: World) -> None:
    world.language = "en"
    world.found(ids=[])
    gone, mover = world.pick(2)
    world.list()
    world.turnover()
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post)
    rewrite(world, world.rng.choice(WAYS), share=1)
    world.list()


@case("accents, width, case")
def a_space_between_the_names(world: World) -> None:
    world.language = "ja"
    world.found(ids=[])
    seats = world.pick(3)
    for seat, (before, _) in zip(seats, SPACED, strict=True):
        seat.human.spelling = before
    world.list()
    world.turnover()
    world.respelled = True
    for seat, (_, after) in zip(seats, SPACED, strict=True):
        seat.human.spelling = after
    gone = seats[0]
    mover = seats[1]
    world.leave(gone, vacant=False)
    world.move(mover, gone.post)
    world.hire(mover.post)
    world.list()
