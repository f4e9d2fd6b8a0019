"""What an import says of itself is kept as messages; what older ones kept stays readable."""

from relmap.contracts import Message
from relmap.imports.cautions import without_names
from relmap.imports.plan import Note, note_of_row, unread
from relmap.imports.report import held_because, kept_message
from relmap.languages import tell
from relmap.models import Import


def test_a_note_is_kept_with_its_values_and_read_back():
    note = note_of_row(5, "Row {row} repeats row {other_row}.", other_row=4)
    assert Note.from_json(note.to_json()) == note
    assert tell(note.message, "en") == "Row 5 repeats row 4."


def test_a_note_of_a_file_lists_its_columns():
    assert tell(unread(["Fax", "Pager"]).message, "en") == "Nothing was read from: Fax and Pager."


def test_notes_of_older_imports_are_sentences():
    assert tell(Note.from_json("One {of} old").message, "en") == "One {of} old"
    kept = {"row": 2, "text": "Row 2 is {odd}."}
    assert Note.from_json(kept) == Note(2, Message("Row 2 is {odd}."))


def test_accounts_alike_are_not_named_to_who_may_not_read_all():
    text = "Account {account} is new (alike: {alike})."
    note = note_of_row(2, text, account="Mingchuen", alike=["Mingchuan"])
    old = Note(2, Message("Account Mingchuen is new (alike: Mingchuan)."))
    for one in (note, old):
        assert tell(without_names(one).message, "en") == "Account Mingchuen is new."


def test_why_the_guard_holds_is_kept_as_a_message():
    why = Message("{gone} of {holders} holders would leave.", {"gone": 6, "holders": 10})
    assert held_because(Import(held_because=kept_message(why))) == why
    assert held_because(Import(held_because="6 of 10 left.")) == Message("6 of 10 left.")
    assert held_because(Import(held_because=None)) is None
