"""A message is kept as id and values, and told in the reader's language."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from relmap.contracts import Evidence, Message, Ref, codec
from relmap.errors import ImportHeld, PluginError, Refused
from relmap.languages import best_language, html, label, listed, moment, pieces, tell, word
from relmap.languages.labels import label_message
from relmap.languages.sorting import sort_key

LIN = Ref("person", 7)
texts = st.text(max_size=12)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.dates()
told = st.recursive(
    plain,
    lambda one: (
        st.lists(one, max_size=3)
        | st.builds(Message, st.just("a {x}"), st.fixed_dictionaries({"x": one}))
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "count"]), told), st.none() | texts)
def test_a_message_comes_back_from_json_as_it_was(values, context):
    message = Message("It is told", values, context=context)
    assert Message.from_json(message.to_json()) == message


def test_a_plain_sentence_stored_before_is_a_message_without_values():
    message = Message.from_json("Lin {left}: 3 rows")
    assert tell(message, "en") == tell(message, "zh_Hant") == "Lin {left}: 3 rows"


def test_a_text_that_asks_for_what_is_not_given_is_refused():
    with pytest.raises(ValueError, match="which was not given"):
        Message("{name} left on {day}", {"name": "Lin"})


def test_a_message_inside_a_result_speaks_of_the_same_people():
    why = Message("{0} knows {count} people", {"count": 2})
    stored = codec.plain(Evidence("{why}, so ask {0}", 0, (LIN,), {"why": why}))
    assert stored["values"]["why"] == why.to_json()
    found = pieces(stored["text"], [LIN], stored["values"], {LIN: "林"}, language="en")
    assert [piece.text for piece in found] == ["林", " knows 2 people, so ask ", "林"]
    assert [piece.ref for piece in found] == [LIN, None, LIN]


def test_a_refusal_keeps_its_message_and_reads_in_english():
    refused = Refused("{name} left on {day}.", name="Lin", day=date(2026, 1, 3), row=4)
    assert str(refused) == "Lin left on 2026-01-03."
    assert tell(refused, "en") == "Lin left on 3 Jan 2026."
    assert (refused.row, refused.column) == (4, None)


def test_a_refusal_may_name_its_row():
    assert str(Refused("Row {row}: {what}", row=4, what="no day")) == "Row 4: no day"


def test_a_refusal_takes_what_somebody_typed_as_it_is():
    assert tell(Refused('"{typed}" is no day')) == '"{typed}" is no day'


def test_every_refusal_is_made_of_a_message():
    held = ImportHeld(Message("{count} row", {"count": 2}, many="{count} rows"), import_id=1)
    assert tell(held, "en") == "2 rows"
    assert tell(PluginError("mine", "It is late."), "en") == "mine: It is late."


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (date(2026, 1, 3), "3 Jan 2026", "2026年1月3日"),
        ("2026-01-03", "3 Jan 2026", "2026年1月3日"),
        ("2026-13-03", "2026-13-03", "2026-13-03"),
        (1200, "1200", "1200"),
        (0.25, "0.25", "0.25"),
        (Message("{x}", {"x": 3}), "3", "3"),
        (("A", "B", "C"), "A, B and C", "A、B和C"),
        ("Ada_of_rnd", "Ada_of_rnd", "Ada_of_rnd"),
    ],
)
def test_a_value_is_told_as_its_reader_writes_it(value, english, chinese):
    message = Message("{value}", {"value": value})
    assert (tell(message, "en"), tell(message, "zh_Hans")) == (english, chinese)


def test_a_count_has_its_thousands_apart_and_a_year_has_not():
    assert (
        tell(Message("{count} of {year}", {"count": 1200, "year": 2026}), "en") == "1,200 of 2026"
    )


def test_what_stands_behind_the_colon_is_pythons_own():
    values = {"share": 0.456, "typed": "2026-01-03"}
    assert tell(Message("{share:.0%}, {typed!r}", values), "en") == "46%, '2026-01-03'"


def test_a_value_named_like_a_list_is_told_by_it():
    values = {"function": "component_engineering", "their_level": "director", "name": "Director"}
    text = "{name}: {function}, {their_level}"
    assert tell(Message(text, values), "en") == "Director: component engineering, director"


def test_the_best_and_the_worst_that_are_said_of_us_are_stances():
    values = {"best_stance": "mentor", "worst_stance": "non_supporter"}
    said = Message("Some say {best_stance}, others {worst_stance}", values)
    assert tell(said, "en") == "Some say mentor, others non-supporter"


def test_a_label_stands_by_itself_and_a_word_inside_a_sentence():
    assert (
        label("function", "rnd", language="en") == word("function", "rnd", language="en") == "R&D"
    )
    assert label("level", "lead", language="en") == "Lead"
    assert word("level", "lead", language="en") == "lead"
    assert label("function", "key_accounts", language="en") == "Key accounts"
    assert tell(label_message("end_reason", "left_company"), "en") == "left the company"


def test_names_stand_apart_with_their_refs():
    assert [(one.text, one.ref) for one in pieces("{0} left", [LIN], {}, {LIN: "林"})] == [
        ("林", LIN),
        (" left", None),
    ]


def test_html_escapes_all_but_markup():
    link = Markup('<a href="/">R&amp;D</a>')
    message = Message("{name} & {others}", {"name": "<b>", "others": (link, "<i>")})
    assert html(message, "en") == '&lt;b&gt; &amp; <a href="/">R&amp;D</a> and &lt;i&gt;'


@pytest.mark.parametrize("count", [0, 1, 2, 17])
def test_every_count_is_told_in_chinese(count):
    people = Message("{count} person", {"count": count}, many="{count} people")
    assert tell(people, "zh_Hant") == f"{count} 人"
    assert tell(people, "en") == (f"{count} person" if count == 1 else f"{count} people")


def test_several_are_listed_as_a_reader_does():
    assert listed(["A", "B"], language="en") == "A and B"
    assert listed([], language="en") == ""


def test_a_moment_is_told_by_the_local_clock():
    now = datetime(2026, 1, 3, 14, 5, tzinfo=UTC).astimezone()
    assert moment(now, language="en") == f"3 Jan 2026, {now:%H:%M}"


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (["zh-TW"], "zh_Hant"),
        (["zh-HK", "en"], "zh_Hant"),
        (["zh-MO"], "zh_Hant"),
        (["zh-CN"], "zh_Hans"),
        (["zh-SG"], "zh_Hans"),
        (["zh"], "zh_Hans"),
        (["zh-Hant"], "zh_Hant"),
        (["ja", "en-GB"], "en"),
        (["ja"], None),
        (["*"], None),
        (["", "x" * 300], None),
    ],
)
def test_the_tags_of_a_browser_lead_to_a_language(tags, language):
    assert best_language(tags) == language


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("zh_Hans", "Ada 区文 王芳 曾强 张伟"),
        ("zh_Hant", "Ada 丁一 王芳 林志明 陳雅琴 龔平"),
        ("en", "Ada Émile Eve Zoë"),
    ],
)
def test_names_stand_where_a_reader_looks_for_them(language, order):
    names = order.split()
    names.reverse()
    assert sorted(names, key=lambda name: sort_key(name, language)) == order.split()


@given(st.lists(texts, max_size=5), st.sampled_from(["en", "zh_Hant", "zh_Hans"]))
def test_every_name_has_its_place(names, language):
    assert len(sorted(names, key=lambda name: sort_key(name, language))) == len(names)
