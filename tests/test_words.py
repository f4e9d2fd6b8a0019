"""script/words finds what is told in the sources, and what is wrong with it or its translation."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def words():
    loader = SourceFileLoader("relmap_words", str(ROOT / "script/words"))
    module = module_from_spec(spec_from_loader("relmap_words", loader))
    sys.modules["relmap_words"] = module  # its dataclasses ask for it
    loader.exec_module(module)
    yield module
    del sys.modules["relmap_words"]


@pytest.fixture
def read(words):
    def read(source):
        found = words.Found()
        words.Reader("room.py", found).read(source)
        return found

    return read


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ('raise Refused("One " "two.")', ["One two."]),
        ('Message("{count} row", {"count": 2}, many="{count} rows")', ["{count} row"]),
        ('Evidence("A" if known else "B", 1.0)', ["A", "B"]),
        ('text = "A {0}"\nAction(text, refs)', ["A {0}"]),
        ('TEXTS = ("A", "B")\nEvidence(TEXTS[known])', ["A", "B"]),
        ('Alert(key="k", text="Gone", severity="note")', ["Gone"]),
        ('class Late(Refused):\n def __init__(self): super().__init__("Late.")', ["Late."]),
        ('setting(3, "People", help="So many.")', ["So many.", "People"]),
        ('class Rule:\n title: ClassVar[str] = "Breadth"', ["Breadth"]),
        ('@user.command("add")\ndef add():\n """Somebody."""', ["Somebody."]),
        ('@click.option("--on", help="The day.")\ndef add(): ...', ["The day."]),
        ('_n("{count} day", "{count} days", 3)', ["{count} day"]),
        ("raise Refused(message)", []),
        ('print("nothing to tell")', []),
    ],
)
def test_what_is_told_is_found(read, source, sentences):
    found = read(source)
    assert sorted(text for _, text in found.many) == sorted(sentences)
    assert found.faults == []


def test_a_context_keeps_two_words_apart(read):
    found = read('_c("stage", "Sample")\nMessage("Sample", context="touch")')
    assert sorted(found.many) == [("stage", "Sample"), ("touch", "Sample")]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('raise Refused(f"{name} left.")', "put together"),
        ('Message("Left: " + name)', "put together"),
        ('Evidence("{} left".format(name))', "put together"),
        ('text = f"{name} left"\nNote(3, text)', "put together"),
        ('Refused("{name} left on {day}.", name=name)', "{day} is not among"),
        ('Message("{name} left", {"nam": name})', "{name} is not among"),
        ('_("A")\n_n("A", "As", 2)', "with and without its plural"),
    ],
)
def test_a_sentence_that_no_catalogue_can_hold_is_a_fault(read, source, fault):
    assert any(fault in text for text in read(source).faults)


def catalogue(*entries: str) -> str:
    head = 'msgid ""\nmsgstr ""\n"Language: zh_Hant\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n'
    return "\n\n".join([head + '"Plural-Forms: nplurals=1; plural=0;\\n"', *entries])


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "{name} left."\nmsgstr "{name}已離任。"\n', None),
        ('msgid "{name} left."\nmsgstr ""\n', "missing"),
        ('#, fuzzy\nmsgid "{name} left."\nmsgstr "{name}已離任。"\n', "fuzzy"),
        ('msgid "{name} left."\nmsgstr "他已離任。"\n', "other placeholders"),
        ('msgid "{name} left."\nmsgstr "{name}已離任."\n', "English punctuation"),
        ('msgid "{name} left."\nmsgstr "{name}已離任, 交接中。"\n', "half-width"),
        ('msgid "Old"\nmsgstr "舊"\n\nmsgid "{name} left."\nmsgstr "{name}已離任。"\n', "stale"),
    ],
)
def test_a_wrong_translation_is_a_fault(words, read, tmp_path, monkeypatch, entry, fault):
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setitem(words.CATALOGUES, "relmap", "{}.po")
    (tmp_path / "zh_Hant.po").write_text(catalogue(entry), encoding="utf-8")
    found = read('Refused("{name} left.", name=name)')
    faults = list(words.faults_of("relmap", "zh_Hant", found))
    assert (faults == []) if fault is None else any(fault in text for text in faults)


def test_templates_are_read_as_well(words, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('{{ _("A") }}{% if x %}{{ _n("B", "Bs", 2) }}{{ _c("d", "C") }}{% endif %}')
    found = [one[1:] for one in words.in_template(page)]
    assert found == [("A", None, None), ("B", "Bs", None), ("C", None, "d")]


def test_every_sentence_is_said_in_every_language(words, capsys):
    assert words.main(["check"]) == 0, capsys.readouterr().out
