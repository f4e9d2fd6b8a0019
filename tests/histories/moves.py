"""What the cases do with people, posts and units, told once."""

from __future__ import annotations

from collections.abc import Callable

from tests.histories.world import Post, Seat, Unit, World

IDS = ("handle", "mail", "staff_number")


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


def crowd(world: World, count: int) -> Post:
    """A post of so many holders."""
    seat = world.one()
    for _ in range(count - 1):
        world.pin(world.hire(seat.post).human)
    return seat.post


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


def above(level: str) -> str:
    levels = ("executive", "director", "manager", "lead", "staff")
    return levels[max(0, levels.index(level) - 1)]


def untouched(world: World) -> Unit:
    """A unit in which nobody has a part in anything yet."""
    free = [
        unit
        for unit in world.units()
        if not world.pinned & {unit, *world.posts(unit), *(s.human for s in world.in_unit(unit))}
    ]
    if not free:
        raise LookupError("no unit is free")
    return world.rng.choice(free)


def staffed(world: World, count: int) -> Unit:
    """A unit of exactly so many people in as many posts, which turnover leaves alone."""
    unit = untouched(world)
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


def merge(world: World, unit: Unit, new: Unit) -> None:
    """All of a unit's people go to another unit, with their titles."""
    posts = {post.title: post for post in world.posts(new)}
    for seat in world.in_unit(unit):
        post = seat.post
        posts.setdefault(post.title, Post(new, post.title, post.level, post.function))
        world.move(seat, posts[post.title])
    world.vacant = {post for post in world.vacant if post.unit is not unit}
    world.pin(new)


def ranked(world: World) -> Seat:
    """Somebody whose title says a rank: nobody acts for staff."""
    seat = world.one()
    while seat.post.level == "staff":
        seat = world.one()
    return seat
