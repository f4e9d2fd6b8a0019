"""Settings of plug-ins and of the core: what fits, what is refused, what is kept."""

import sys
import time
from dataclasses import FrozenInstanceError, dataclass, fields

import pytest
from hypothesis import given
from hypothesis import strategies as some

from relmap.contracts import Measures
from relmap.errors import Refused
from relmap.hub import settings
from relmap.hub.settings import CoreSettings, change, digest, fields_of, load, measures, setting


@dataclass(frozen=True)
class Settings:
    """One of every kind."""

    people: int = setting(12, "People to know", low=1, high=500, help="In the whole account.")
    share: float = setting(0.4, "Share", low=0, high=1)
    is_strict: bool = setting(False, "Strict")
    channel: str = setting("visit", "Channel", choices=("visit", "call"))


@dataclass(frozen=True)
class Pair:
    """Two settings that must fit together."""

    low: int = setting(1, "Least", low=0)
    high: int = setting(5, "Most", low=0)

    def __post_init__(self):
        if self.low > self.high:
            raise ValueError("The least is more than the most.")


def test_a_dataclass_says_its_fields_for_the_form():
    people, share, strict, channel = fields_of(Settings)
    assert (people.name, people.kind, people.label) == ("people", "int", "People to know")
    assert (people.low, people.high, people.help) == (1, 500, "In the whole account.")
    assert (share.kind, strict.kind, channel.kind) == ("float", "bool", "str")
    assert channel.choices == ("visit", "call")


def test_its_instances_are_ordinary_and_frozen():
    assert Settings().people == 12
    with pytest.raises(FrozenInstanceError):
        Settings().people = 13


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"people": "20"}, {"people": 20}),
        ({"people": " 20 "}, {"people": 20}),
        ({"people": "12"}, {}),  # the default is not stored
        ({"share": "1"}, {"share": 1.0}),
        ({"is_strict": "yes"}, {"is_strict": True}),
        ({"is_strict": "OFF"}, {}),
        ({"channel": "call"}, {"channel": "call"}),
        ({"people": "20", "channel": "call"}, {"people": 20, "channel": "call"}),
    ],
)
def test_what_is_typed_is_read_by_its_kind(typed, stored):
    assert change(Settings, {}, typed) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"people": "many"}, "people cannot be 'many'. It must be a whole number from 1 up to 500"),
        ({"people": "0"}, "from 1 up to 500"),
        ({"people": "501"}, "from 1 up to 500"),
        ({"people": "2.5"}, "a whole number"),
        ({"people": ""}, "a whole number"),
        ({"share": "nan"}, "a number from 0 up to 1"),
        ({"share": "inf"}, "a number from 0 up to 1"),
        ({"is_strict": "perhaps"}, "yes or no"),
        ({"channel": "letter"}, "one of visit, call"),
        ({"colour": "red"}, "There is no setting 'colour'. There are: people, share"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(typed, message):
    with pytest.raises(Refused) as refusal:
        change(Settings, {}, typed)
    assert message in str(refusal.value)


def test_settings_that_do_not_fit_together_are_refused():
    with pytest.raises(Refused, match="The least is more than the most"):
        change(Pair, {}, {"low": "9"})


def test_a_change_keeps_what_was_set_before():
    assert change(Settings, {"people": 20}, {"channel": "call"}) == {
        "people": 20,
        "channel": "call",
    }


def test_going_back_to_the_default_stores_nothing():
    assert change(Settings, {"people": 20}, {"people": "12"}) == {}


def test_stored_values_fill_the_dataclass():
    loaded = load(Settings, {"people": 20, "share": 1})
    assert loaded.value == Settings(people=20, share=1.0)
    assert loaded.problems == ()


def test_a_stored_value_that_no_longer_fits_gives_way_to_the_default_and_is_reported():
    loaded = load(Settings, {"people": 9_000, "gone": 1, "share": "x"})
    assert loaded.value == Settings()
    assert len(loaded.problems) == 3
    assert "people cannot be 9000" in str(loaded.problems[0])
    assert "The default 12 is used." in str(loaded.problems[0])


def test_stored_values_that_no_longer_fit_together_give_way_to_the_defaults():
    loaded = load(Pair, {"low": 9})
    assert loaded.value == Pair()
    (problem,) = loaded.problems
    assert str(problem) == "The least is more than the most. The defaults are used."


@dataclass(frozen=True)
class Keyed:
    """Refuses what it is delivered with."""

    key: str = setting("", "Key of the service")
    days: int = setting(7, "Days")

    def __post_init__(self):
        if not self.key:
            raise ValueError("Set the key first.")


def test_settings_that_refuse_their_own_defaults_are_no_value_and_can_be_mended():
    loaded = load(Keyed, {"days": 9})
    assert loaded.value is None
    assert loaded.values == {"key": "", "days": 9}
    assert [str(line) for line in loaded.problems] == [
        "Its settings cannot be used: Set the key first."
    ]
    with pytest.raises(Refused, match="Set the key first"):
        change(Keyed, {"days": 9}, {"days": "8"})
    stored = change(Keyed, {"days": 9}, {"key": "k"})
    assert stored == {"key": "k", "days": 9}
    assert load(Keyed, stored).value == Keyed("k", 9)


def failing(body):
    """A dataclass that does something else than a ValueError where the share is nought."""

    @dataclass(frozen=True)
    class Failing:
        share: float = setting(0.5, "Share", low=0, high=1)

        def __post_init__(self):
            if not self.share:
                body()

    return Failing


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda: sys.exit(3), "SystemExit: 3"),
        (lambda: {}["x"], "KeyError: 'x'"),
        (lambda: time.sleep(600), "It took longer than 0.2 s."),
    ],
)
def test_whatever_a_stored_value_does_the_defaults_take_its_place(monkeypatch, body, problem):
    monkeypatch.setattr(settings, "MAKE_SECONDS", 0.2)
    loaded = load(failing(body), {"share": 0.0})
    assert loaded.value.share == 0.5
    (said,) = map(str, loaded.problems)
    assert said.startswith(problem)
    assert said.endswith("The defaults are used.")
    with pytest.raises(Refused):
        change(failing(body), {}, {"share": "0"})


def test_a_setting_that_was_renamed_is_told_and_kept_until_it_is_dropped():
    stored = {"persons": 20}
    (problem,) = load(Settings, stored).problems
    assert str(problem).startswith("persons is no setting any more: its value 20 is kept")
    stored = change(Settings, stored, {"people": "20"})
    assert stored == {"persons": 20, "people": 20}
    assert change(Settings, stored, {"persons": ""}) == {"people": 20}


@given(
    some.integers(1, 500), some.floats(0, 1), some.booleans(), some.sampled_from(["visit", "call"])
)
def test_what_was_typed_comes_back(people, share, strict, channel):
    typed = {
        "people": str(people),
        "share": repr(share),
        "is_strict": str(strict),
        "channel": channel,
    }
    wanted = Settings(people, share, strict, channel)
    assert load(Settings, change(Settings, {}, typed)).value == wanted


def test_a_digest_names_the_values():
    assert digest(Settings()) == digest(Settings())
    assert digest(Settings()) != digest(Settings(people=13))
    assert digest(None) == digest(None)


def thawed():
    @dataclass
    class Thawed:
        people: int = setting(1, "People")

    return Thawed


def unlabelled():
    @dataclass(frozen=True)
    class Unlabelled:
        people: int = 1

    return Unlabelled


def listed():
    @dataclass(frozen=True)
    class Listed:
        people: tuple[int, ...] = setting((1,), "People")

    return Listed


def beyond():
    @dataclass(frozen=True)
    class Beyond:
        people: int = setting(1, "People", low=5)

    return Beyond


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (thawed, "Thawed must be frozen"),
        (unlabelled, "Unlabelled.people must be made with setting"),
        (listed, "Listed.people must be a bool, int, float or str"),
        (beyond, "The default of Beyond.people does not fit: people cannot be 1"),
        (lambda: 7, "7 is not a dataclass"),
        (dict, "is not a dataclass"),
        (Settings, "is not a dataclass"),  # an instance
    ],
)
def test_what_is_no_settings_dataclass_is_said_so(make, message):
    with pytest.raises(TypeError, match=message):
        fields_of(make())


def test_the_core_settings_start_as_the_measures_do():
    assert measures(CoreSettings()) == Measures()


def test_every_number_of_the_measures_is_a_setting():
    """Change each setting alone: each changes the measures, and no two of them alike."""
    changed = set()
    for item in fields_of(CoreSettings):
        value = 77 if item.kind == "int" else 0.77
        assert value != item.default
        changed.add(measures(CoreSettings(**{item.name: value})))
    assert len(changed) == len(fields_of(CoreSettings))
    assert Measures() not in changed
    default = Measures()
    singles = [
        item.name for item in fields(Measures) if item.name not in ("touches", "level_weights")
    ]
    numbers = len(singles) + 2 * len(default.touches) + len(default.level_weights)
    assert len(changed) == numbers
