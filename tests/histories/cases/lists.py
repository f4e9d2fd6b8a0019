"""What a whole list does anew: its titles, its way of writing names."""

from __future__ import annotations

from collections.abc import Callable

from tests.histories.cases.register import case
from tests.histories.moves import ends_with_a_list, rename, rewrite
from tests.histories.names import pinyin, with_characters
from tests.histories.world import Post, World

# --- retitle of a whole list

ANEW = {
    "en": (("Group Captain", "Chair"), ("Team Lead", "Steward"), ("Section Head", "Area Owner")),
    "zh": (("小组负责人", "班长"), ("组长", "召集人"), ("室主任", "室长")),
    "tw": (("小組負責人", "班長"), ("組長", "召集人"), ("室主任", "室長")),
    "ja": (("グループ長", "リーダー"), ("係長", "世話役"), ("室長", "マネージャー")),
}
"""Old and new titles of which the words may suggest unlike levels; no list gives any."""
OF_ONE_RANK = {
    "en": ("Group Captain", "Area Contact"),
    "zh": ("召集人", "联络人"),
    "tw": ("召集人", "聯絡人"),
    "ja": ("世話役", "連絡役"),
}
"""A pair that suggests one level, so that who takes the other title is not promoted."""
IN_SHORT = {
    "en": (
        ("Senior Vice President", "SVP"),
        ("Senior Manager", "Sr. Mgr"),
        ("Supplier Quality Engineer", "SQE"),
        ("Director of Sourcing", "Sourcing Dir."),
    ),
    "zh": (("供应商质量工程师", "SQE"), ("高级工程师", "资深工程师"), ("首席技术官", "CTO")),
    "tw": (("供應商品質工程師", "SQE"), ("資深工程師", "高級工程師"), ("副總裁", "VP")),
    "ja": (("Vice President", "VP"), ("SQE", "供应商质量工程师"), ("Sr. Mgr", "Senior Manager")),
}


def one_in_each_unit(world: World, title: str, *, twice: bool = False) -> list[Post]:
    """A post of that title in every unit, with one or two holders whom turnover leaves alone."""
    posts = []
    for unit in world.units():
        post = Post(unit, title, "staff", "other", hides_level=True)
        world.pin(post)
        for _ in range(2 if twice and world.rng.random() < 0.5 else 1):
            world.pin(world.hire(post).human)
        posts.append(post)
    return posts


def some_are_replaced(world: World, posts: list[Post]) -> None:
    for post in world.rng.sample(posts, len(posts) // 3):
        world.replace(world.holders(post)[0])


def retitle(posts: list[Post], title: str) -> None:
    for post in posts:
        post.title = title


@case("retitle of a whole list")
def every_unit_calls_the_post_otherwise(world: World) -> None:
    world.found()
    before, after = world.rng.choice(ANEW[world.language])
    posts = one_in_each_unit(world, before, twice=True)
    world.list()
    world.turnover()
    retitle(posts, after)
    world.list()
    some_are_replaced(world, posts)
    ends_with_a_list(world)


@case("retitle of a whole list")
def every_unit_calls_it_otherwise_and_some_holders_are_new(world: World) -> None:
    world.found()
    before, after = world.rng.choice(ANEW[world.language])
    posts = one_in_each_unit(world, before)
    world.list()
    world.turnover()
    retitle(posts, after)
    some_are_replaced(world, posts)
    world.list()
    ends_with_a_list(world)


@case("retitle of a whole list")
def most_units_call_it_otherwise(world: World) -> None:
    world.found()
    before, after = OF_ONE_RANK[world.language]
    posts = one_in_each_unit(world, before)
    world.list()
    world.turnover()
    retitle(posts[1:], after)
    some_are_replaced(world, posts[1:])
    world.list()
    seat = world.holders(posts[0])[0]  # the last one follows: one holder, whose title is not alike
    world.move(seat, Post(posts[0].unit, after, "staff", "other", hides_level=True))
    ends_with_a_list(world)


@case("retitle of a whole list")
def two_titles_at_once(world: World) -> None:
    """Each goes where its holders went, whichever name is more alike."""
    world.found()
    first, second = world.rng.sample(ANEW[world.language], 2)
    heads = one_in_each_unit(world, first[0])
    others = one_in_each_unit(world, second[0])
    world.list()
    world.turnover()
    retitle(heads, second[1])
    retitle(others, first[1])
    some_are_replaced(world, heads)
    world.list()
    ends_with_a_list(world)


@case("retitle of a whole list")
def a_unit_has_a_new_name_as_well(world: World) -> None:
    world.found()
    before, after = world.rng.choice(ANEW[world.language])
    posts = one_in_each_unit(world, before, twice=True)
    unit = world.rng.choice(posts).unit
    world.pin(unit)
    world.list(complete=True)
    world.turnover()
    retitle(posts, after)
    rename(world, unit)
    world.list(complete=True)
    world.pinned.discard(unit)
    ends_with_a_list(world)


@case("retitle of a whole list")
def titles_are_written_in_short(world: World) -> None:
    world.found()
    pairs = IN_SHORT[world.language]
    posts = [(one_in_each_unit(world, before), after) for before, after in pairs[:2]]
    world.list()
    world.turnover()
    for same, after in posts:
        retitle(same, after)
        some_are_replaced(world, same)
    world.list()
    ends_with_a_list(world)


@case("retitle of a whole list")
def one_title_is_written_in_short(world: World) -> None:
    world.found()
    before, after = world.rng.choice(IN_SHORT[world.language])
    post = Post(world.rng.choice(world.units()), before, "staff", "other", hides_level=True)
    world.pin(post, world.hire(post).human)
    world.list()
    world.turnover()
    post.title = after
    if world.rng.random() < 0.4:
        world.replace(world.holders(post)[0])
    world.list()
    ends_with_a_list(world)


@case("retitle of a whole list")
def one_unit_alone_calls_it_otherwise(world: World) -> None:
    """One stays and the titles are not alike: no retitle, the holder took a new title."""
    world.found()
    before, after = OF_ONE_RANK[world.language]
    posts = one_in_each_unit(world, before)
    world.list()
    world.turnover()
    seat = world.holders(world.rng.choice(posts))[0]
    world.move(seat, Post(seat.post.unit, after, "staff", "other", hides_level=True))
    world.list()
    ends_with_a_list(world)


# --- list in the other script


def chinese(world: World, **found: object) -> None:
    """A client whose people have names in characters, with no ids."""
    world.language = world.rng.choice(["zh", "tw"])
    world.kinds = ("zh3",) if world.language == "zh" else ("tw",)
    world.found(ids=[], **found)


def written(world: World, write: Callable[[str], str]) -> None:
    rewrite(world, write, share=1)


@case("list in the other script")
def the_next_list_is_in_latin_letters(world: World) -> None:
    chinese(world)
    world.list()
    world.turnover(rotations=False)
    written(world, pinyin)
    world.list()
    world.kinds = ("latin",)
    ends_with_a_list(world)


@case("list in the other script")
def the_next_list_has_both_in_brackets(world: World) -> None:
    chinese(world)
    world.list()
    world.turnover()
    written(world, with_characters)
    world.list()


@case("list in the other script")
def first_in_latin_letters_then_in_characters(world: World) -> None:
    chinese(world)
    spelled = {human: human.spelling for human in world.humans}
    written(world, pinyin)
    world.list()
    world.turnover(rotations=False)
    for human, characters in spelled.items():
        human.spelling = characters
    world.list()
    ends_with_a_list(world)


@case("list in the other script")
def some_names_are_in_latin_letters(world: World) -> None:
    chinese(world)
    world.list()
    world.turnover(rotations=False)
    rewrite(world, pinyin, share=0.3)
    world.list()
    ends_with_a_list(world)
