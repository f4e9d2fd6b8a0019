"""Many ids in one question, few at a time."""

from relmap.models.chunks import IDS, chunked


def test_a_set_is_taken_in_order_and_a_list_as_it_stands():
    assert list(chunked({5, 3, 9}, 2)) == [[3, 5], [9]]
    assert list(chunked([5, 3, 9], 2)) == [[5, 3], [9]]
    assert list(chunked([])) == []


def test_a_statement_stays_below_the_parameters_that_old_sqlite_takes():
    ids = range(2 * IDS + 1)
    assert [len(some) for some in chunked(ids)] == [IDS, IDS, 1]
    assert IDS < 999
