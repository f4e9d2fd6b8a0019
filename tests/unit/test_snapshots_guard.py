"""The guard: a list that looks like a part of one never ends a small unit."""

import pytest

from relmap.errors import ImportHeld

HEAD = "unit,post,person"
PEOPLE = ["Mia Berg", "Cy Roth", "Di Fox", "Bo Lund"]


def unit_of(people):
    return "\n".join([HEAD, *(f"Lab,Post {place},{name}" for place, name in enumerate(people))])


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_list_of_one_newcomer_ends_no_small_unit(book, count):
    book.list("2026-01-01", unit_of(PEOPLE[:count]))
    with pytest.raises(ImportHeld):
        book.list("2026-07-01", f"{HEAD}\nLab,Post 0,Ed Kay")
    assert len(book.sits("2026-07-01")) == count


def test_a_list_of_one_who_stays_ends_no_unit_of_four(book):
    book.list("2026-01-01", unit_of(PEOPLE))
    with pytest.raises(ImportHeld, match="of 4"):
        book.list("2026-07-01", f"{HEAD}\nLab,Post 0,Mia Berg")


def test_with_a_yes_the_list_is_believed(book):
    book.list("2026-01-01", unit_of(PEOPLE[:2]))
    book.list("2026-07-01", f"{HEAD}\nLab,Post 0,Ed Kay", yes=True)
    assert book.sits("2026-07-01") == {"Ed Kay: Post 0"}


def test_one_of_two_may_leave(book, moves):
    book.list("2026-01-01", unit_of(PEOPLE[:2]))
    report = book.list("2026-07-01", f"{HEAD}\nLab,Post 0,Mia Berg")
    assert moves(report) == {"Cy Roth left Lab/Post 1 (vacant)"}


def test_who_went_elsewhere_in_the_list_has_not_left_without_trace(book, moves):
    book.list("2026-01-01", unit_of(PEOPLE[:2]))
    report = book.list(
        "2026-07-01", f"{HEAD}\nLab,Post 0,Ed Kay\nDesk,Head,Mia Berg\nDesk,Clerk,Cy Roth"
    )
    assert "Ed Kay joined Lab/Post 0" in moves(report)


def test_all_that_is_asked_is_asked_at_once(book):
    book.list(
        "2026-01-01",
        f"{HEAD}\nLab,Head,Mia Berg\nLab,Clerk,Cy Roth\nDesk,Chief,Di Fox\nDesk,Guard,Bo Lund",
    )
    with pytest.raises(ImportHeld) as held:
        book.list(
            "2026-07-01",
            f"{HEAD}\nForge,Head,Mia Berg\nForge,Clerk,Al Poe\n"
            "Harbour,Chief,Di Fox\nHarbour,Guard,Ed Kay",
            complete=True,
        )
    assert "Lab" in str(held.value)
    assert "Desk" in str(held.value)
