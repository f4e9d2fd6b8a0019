"""Names that are almost equal, and names typed another way."""

from __future__ import annotations

from collections.abc import Callable

from tests.histories.cases.register import case
from tests.histories.moves import (
    IDS,
    crowd,
    ends_with_a_list,
    rewrite,
)
from tests.histories.names import (
    NEAR,
    SPACED,
    UNLIKE,
)
from tests.histories.world import Human, World

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
def almost_the_same_name_then_somebody_says_who_it_is(world: World) -> None:
    world.found(ids=[])
    seat = world.one()
    seat.human.spelling, after = world.rng.choice(NEAR)
    is_other = world.rng.random() < 0.5
    world.list()
    world.turnover()
    world.book.spared.add((seat.human, seat.post))
    if is_other:
        other = Human(len(world.humans) + 1, after)
        world.humans.append(other)
        seat = world.replace(seat, other)
    seat.human.spelling = after
    seat.is_doubtful = True
    world.list()
    world.answer(seat, None if is_other else seat.human)
    ends_with_a_list(world)
    world.replace(seat)
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
