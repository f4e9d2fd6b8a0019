"""The sample book, and somebody who reads one language only."""

from datetime import date

import pytest

from relmap.facts.users import add_user, find_user, set_language
from relmap.hub.engine import InProcess
from relmap.jobs import sweep
from relmap.maintenance.sample import make_sample_book
from relmap.models import writing
from relmap.results.runs.back_tests import ask_back_test

from .leftovers import Reader, words_of_the_book

TODAY = date.today()
READER = "米亞"  # a word of the book like any other


def write_book() -> None:
    """Ten accounts with all that is reckoned from them, and somebody who may see everything."""
    with writing():
        make_sample_book(TODAY)
        add_user(READER, role="administrator", password="seven boats in a row")
        for account_id in (None, 1):
            ask_back_test(account_id, TODAY)
    sweep(TODAY, runner=InProcess())


@pytest.fixture(params=["zh_Hant", "zh_Hans"])
def reader(request, app, filled) -> Reader:
    """Who reads this language only, and knows the book."""
    filled(write_book)
    with app.app_context():
        with writing():
            set_language(find_user(READER), request.param)
        return Reader(request.param, words_of_the_book())
