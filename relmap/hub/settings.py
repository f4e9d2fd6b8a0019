"""Settings of plug-ins: one frozen dataclass each, whose fields are made with ``setting(...)``.

The hub stores only what differs from the default, as JSON. What people type is refused with a
reason; what is stored and no longer fits (a plug-in changed its bounds) falls back to the default
and is reported.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final, Literal, TypeVar, cast, get_type_hints

from relmap.contracts import N_, Measures, Message, codec
from relmap.contracts.signs import has_unshowable, one_line
from relmap.errors import Refused
from relmap.hub.engine.call import described
from relmap.hub.supervision import TookTooLong, supervised

__all__ = [
    "CORE",
    "CoreSettings",
    "Loaded",
    "SettingField",
    "Value",
    "change",
    "digest",
    "fields_of",
    "load",
    "measures",
    "setting",
]

Value = bool | int | float | str
Kind = Literal["bool", "int", "float", "str"]
Label = str | Message
T = TypeVar("T")

CORE: Final = "relmap"
"""The name under which the core's own settings are stored and shown."""

KINDS: Final[dict[type[Any], Kind]] = {bool: "bool", int: "int", float: "float", str: "str"}
NOUNS: Final[dict[Kind, Message]] = {
    "bool": Message("yes or no"),
    "int": Message("a whole number"),
    "float": Message("a number"),
    "str": Message("a text"),
}
MAKE_SECONDS = 5.0  # a dataclass that looks at its own values takes none of it
UNKNOWN: Final = N_(
    "{setting} is no setting any more: its value {value} is kept and does nothing. Set what it is "
    "called now, and drop it with `relmap plugin set`: {setting}="
)
LARGEST: Final = 10**15  # beyond it a number is no setting of anything
MOST_SETTINGS: Final = 100  # of a plug-in, and choices of one
LONGEST: Final = 1000  # of its words and of a text that it holds
TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def setting(
    default: T,
    label: Label,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[T] = (),
    help: str = "",  # noqa: A002  # the word an author and a form expect
) -> T:
    """A field of a settings dataclass: its default, its label, and what it may be.

    The annotation says the kind: ``bool``, ``int``, ``float`` or ``str``. ``low`` and ``high`` are
    the least and the greatest number allowed, ``choices`` the only values allowed, and ``help`` a
    sentence under the field.

    >>> @dataclass(frozen=True)
    ... class Settings:
    ...     target: int = setting(12, "People to know", low=1, high=500)
    >>> Settings().target
    12
    """
    words = {"label": label, "low": low, "high": high, "choices": tuple(choices), "help": help}
    return field(default=default, metadata={"relmap": words})


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting as a form draws it and as the hub checks it."""

    name: str
    kind: Kind
    default: Value
    label: Label
    low: float | None = None
    high: float | None = None
    choices: tuple[Value, ...] = ()
    help: str = ""

    def read(self, text: str) -> Value:
        """The value somebody typed; raises ``Refused`` with what it may be."""
        return self.check(self._parsed(text.strip()))

    def check(self, value: object) -> Value:
        """The value, where it is one of this setting; raises ``Refused`` with what it may be."""
        if self.kind == "float" and type(value) is int:
            value = float(value)
        if KINDS.get(type(value)) != self.kind:
            raise self._refusal(value)
        fitting = cast("Value", value)
        if self.choices and fitting not in self.choices:
            raise self._refusal(value)
        if isinstance(fitting, int | float) and not self._is_within(fitting):
            raise self._refusal(value)
        if isinstance(fitting, str) and not _is_shown(fitting):
            raise self._refusal(value)
        return fitting

    def _is_within(self, number: float) -> bool:
        low = -LARGEST if self.low is None else self.low
        high = LARGEST if self.high is None else self.high
        return low <= number <= high  # which no NaN is

    def _parsed(self, text: str) -> Value:
        if self.kind == "bool" and text.casefold() in (*TRUE, *FALSE):
            return text.casefold() in TRUE
        try:
            if self.kind == "int":
                return int(text)
            if self.kind == "float":
                return float(text)
        except ValueError:
            raise self._refusal(text) from None
        return text

    def _refusal(self, value: object) -> Refused:
        return Refused(
            "{setting} cannot be {value}. It must be {wanted}.",
            setting=self.name,
            value=one_line(repr(value)),
            wanted=self.wanted,
        )

    @property
    def wanted(self) -> Message:
        """In words what the setting may be: "a whole number from 1 up to 500"."""
        if self.choices:
            return Message("one of {choices}", {"choices": ", ".join(map(str, self.choices))})
        noun, low, high = NOUNS[self.kind], self.low, self.high
        values = {"noun": noun, "low": f"{low or 0:g}", "high": f"{high or 0:g}"}
        if low is not None and high is not None:
            return Message("{noun} from {low} up to {high}", values)
        if low is not None:
            return Message("{noun} from {low}", values)
        return noun if high is None else Message("{noun} up to {high}", values)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A settings dataclass filled from what is stored, and what of it did not fit.

    ``value`` is ``None`` where the dataclass refuses even its own defaults; ``values`` are then as
    they are stored, for a form to mend, and else those of ``value``.
    """

    value: Any
    problems: tuple[Message, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)


def fields_of(kind: Any) -> tuple[SettingField, ...]:
    """The settings of a dataclass, in its order; raises ``TypeError`` where it is not one."""
    if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)):
        raise TypeError(f"{kind!r} is not a dataclass.")
    declared: Any = kind
    return _fields_of(declared)


@cache
def _fields_of(kind: Any) -> tuple[SettingField, ...]:
    if not kind.__dataclass_params__.frozen:
        raise TypeError(f"{kind.__name__} must be frozen: @dataclass(frozen=True).")
    if len(dataclasses.fields(kind)) > MOST_SETTINGS:
        raise TypeError(f"{kind.__name__} has more than {MOST_SETTINGS} settings.")
    hints = get_type_hints(kind)
    return tuple(_field(kind, item, hints[item.name]) for item in dataclasses.fields(kind))


def _field(kind: type[Any], item: dataclasses.Field[Any], hint: Any) -> SettingField:
    where = f"{kind.__name__}.{item.name}"
    if "relmap" not in item.metadata:
        raise TypeError(f"{where} must be made with setting(default, label).")
    if hint not in KINDS:
        raise TypeError(f"{where} must be a bool, int, float or str.")
    words = dict(item.metadata["relmap"])
    if wrong := _wrong_word(words, KINDS[hint]):
        raise TypeError(f"{where} has a {wrong} that no form can show.")
    made = SettingField(item.name, KINDS[hint], cast("Value", item.default), **words)
    try:
        made.check(item.default)
    except Refused as error:
        raise TypeError(f"The default of {where} does not fit: {error}") from None
    return made


def _wrong_word(words: Mapping[str, Any], kind: Kind) -> str | None:
    """Which of the words of ``setting(...)`` no form could show."""
    if not (type(words["label"]) is Message or _is_shown(words["label"])):
        return "label"
    if not _is_shown(words["help"]):
        return "help"
    choices = words["choices"]
    if len(choices) > MOST_SETTINGS or any(KINDS.get(type(one)) != kind for one in choices):
        return "choice"
    if kind == "str" and not all(map(_is_shown, choices)):
        return "choice"
    for name in ("low", "high"):
        bound = words[name]
        if bound is not None and not (type(bound) in (int, float) and abs(bound) <= LARGEST):
            return name
    return None


def _is_shown(text: object) -> bool:
    return type(text) is str and len(text) <= LONGEST and not has_unshowable(text)


def load(kind: type[Any], stored: Mapping[str, Any]) -> Loaded:
    """An instance with the stored values; a value that does not fit falls back to its default.

    Raises nothing that the dataclass raises: that becomes a problem.
    """
    values, problems = _fitting(kind, stored)
    text = N_("{problem} The defaults are used.")
    try:
        return Loaded(_made(kind, values), tuple(problems), values)
    except Refused as error:  # the dataclass's own __post_init__ sees them together
        problem = error.message
    if values == _defaults(kind):
        return Loaded(None, (*problems, _unusable(problem)), values)
    try:
        made = _made(kind, {})
        told = Message(text, {"problem": problem})
        return Loaded(made, (*problems, told), _defaults(kind))
    except Refused:
        return Loaded(None, (*problems, _unusable(problem)), values)


def _unusable(problem: Message) -> Message:
    return Message("Its settings cannot be used: {error}", {"error": problem})


def _made(kind: type[Any], values: Mapping[str, Value]) -> Any:
    """The dataclass with these values; raises ``Refused`` with whatever it raises."""
    try:
        return supervised(partial(_checked, kind, values), MAKE_SECONDS)
    except (TookTooLong, Refused) as refused:
        problem = refused.message
    except ValueError as error:  # the author's own words
        problem = Message(one_line(error) or described(error))
    except BaseException as error:  # it may call sys.exit()
        if isinstance(error, KeyboardInterrupt):
            raise
        problem = Message(described(error))
    raise Refused("{problem}", problem=problem)


def _checked(kind: type[Any], values: Mapping[str, Value]) -> Any:
    """The dataclass with these values, which must then hold some that fit."""
    made = kind(**values)
    for item in fields_of(kind):
        item.check(getattr(made, item.name))
    digest(made)
    return made


def _defaults(kind: type[Any]) -> dict[str, Value]:
    return {item.name: item.default for item in fields_of(kind)}


def _fitting(kind: type[Any], stored: Mapping[str, Any]) -> tuple[dict[str, Value], list[Message]]:
    """Each setting's value, and what of the stored ones is not one of it."""
    values, problems = _defaults(kind), []
    for item in fields_of(kind):
        if item.name not in stored:
            continue
        try:
            values[item.name] = item.check(stored[item.name])
        except Refused as error:
            text = "{problem} The default {default} is used."
            problems.append(
                Message(text, {"problem": error.message, "default": repr(item.default)})
            )
    problems += [
        Message(UNKNOWN, {"setting": name, "value": one_line(repr(stored[name]))})
        for name in sorted(stored.keys() - values.keys())
    ]
    return values, problems


def change(
    kind: type[Any], stored: Mapping[str, Any], typed: Mapping[str, str]
) -> dict[str, Value]:
    """What to store after somebody typed new values: all that differs from the defaults.

    A stored name that is no setting any more is kept until somebody types nothing for it. Raises
    ``Refused`` where a name or a value does not fit, or the dataclass refuses them together.
    """
    fields = {item.name: item for item in fields_of(kind)}
    unknown = {name: stored[name] for name in stored.keys() - fields.keys()}
    dropped = {name for name in unknown if typed.get(name) == ""}
    for name in typed:
        if name not in fields and name not in dropped:
            raise Refused(
                "There is no setting {name!r}. There are: {fields}.",
                name=name,
                fields=", ".join(fields),
            )
    values = dict(load(kind, stored).values)
    values |= {name: fields[name].read(text) for name, text in typed.items() if name in fields}
    _made(kind, values)
    kept = {name: value for name, value in unknown.items() if name not in dropped}
    return kept | {name: value for name, value in values.items() if value != fields[name].default}


def digest(value: Any) -> str:
    """A name for the values of a settings instance; the same for ``None`` everywhere."""
    return hashlib.sha256(codec.canonical(codec.plain(value))).hexdigest()[:32]


# --- the core's own settings


def _share(default: float, label: Label) -> float:
    return setting(default, label, low=0, high=1)


def _days(default: int, label: Label) -> int:
    return setting(default, label, low=1, high=36_500)


def _core_fields() -> list[tuple[str, type[Any], Any]]:
    """``Measures`` laid flat, one setting a number, in the order in which a form shows them."""
    now = Measures()
    found: list[tuple[str, type[Any], Any]] = [
        ("known_from", float, _share(now.known_from, N_("Truly known from this strength"))),
        ("deciding_from", float, _share(now.deciding_from, N_("A post decides from this weight"))),
        ("level_share", float, _share(now.level_share, N_("Most that a level alone gives"))),
        ("touch_share", float, _share(now.touch_share, N_("Most that touches alone give"))),
        ("level_half_life", int, _days(now.level_half_life, N_("Days until a level counts half"))),
    ]
    for level, weight in now.level_weights:
        label = Message("Decision weight: {level}", {"level": level})
        found.append((f"{level}_weight", float, _share(weight, label)))
    for kind, weight, half_life in now.touches:
        label = Message("Weight of one touch: {touch}", {"touch": kind})
        found.append((f"{kind}_weight", float, _share(weight, label)))
        label = Message("Days until a touch counts half: {touch}", {"touch": kind})
        found.append((f"{kind}_half_life", int, _days(half_life, label)))
    return found


CoreSettings: type[Any] = dataclasses.make_dataclass("CoreSettings", _core_fields(), frozen=True)
"""The constants of ``relmap.contracts.Measures`` as settings; docs/strength.md explains them."""


def measures(core: Any) -> Measures:
    """The measures that an instance of ``CoreSettings`` says."""
    default = Measures()
    return Measures(
        touches=tuple(
            (kind, getattr(core, f"{kind}_weight"), getattr(core, f"{kind}_half_life"))
            for kind, _, _ in default.touches
        ),
        level_share=core.level_share,
        touch_share=core.touch_share,
        level_half_life=core.level_half_life,
        known_from=core.known_from,
        deciding_from=core.deciding_from,
        level_weights=tuple(
            (level, getattr(core, f"{level}_weight")) for level, _ in default.level_weights
        ),
    )
