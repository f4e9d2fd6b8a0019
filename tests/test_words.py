"""script/words finds what is told in the sources, and what is wrong with it or its translation."""

import ast
import re
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
        ('draft.note(3, "Row {row} repeats.")', ["Row {row} repeats."]),
        ('line.refuse("day", "{heading} is empty.")', ["{heading} is empty."]),
        ('raise line.refusal("day", "is blank.", day=on)', ["is blank."]),
        ('draft.ask("Which of {rows}?", rows=rows)', ["Which of {rows}?"]),
        ('raise Refused(self.text or "Choose again.")', ["Choose again."]),
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


FOR_PROGRAMMERS = {
    "ValueError",
    "RuntimeError",
    "AssertionError",
    "exception",
    "warning",
    "execute",
}
ROOMS_OF_PROGRAMMERS = ("relmap/hub/engine/", "relmap/models/", "relmap/testing/")
"""What stands there is read by who writes a plug-in or relmap itself, in English."""
SENTENCE = re.compile(r'["{A-Z].*\s.*[.?!]|.*\{\w+\}.* \w+ .*', re.DOTALL)


def sentences_of(tree):
    """Literals that look like a sentence for people, with the name of what is called with them."""
    called = {}
    for node in ast.walk(tree):
        above = node.func if isinstance(node, ast.Call) else None
        for below in ast.iter_child_nodes(node):
            name = getattr(above, "attr", getattr(above, "id", "")) if above else None
            called[below] = name if name is not None else called.get(node, "")
            text = getattr(below, "value", None) if isinstance(below, ast.Constant) else None
            if isinstance(node, ast.Expr | ast.JoinedStr) or not isinstance(text, str):
                continue
            if re.search(r"%[sd]", text):  # for the log
                continue
            if text.count(" ") >= 2 and SENTENCE.fullmatch(text):
                yield below, called[below]


def test_no_sentence_in_the_sources_is_overlooked(words):
    overlooked = []
    for domain in words.CATALOGUES:
        found = words.extract(domain).many
        told = {text for _, text in found} | set(found.values())
        for path in sorted((ROOT / domain).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            if file.startswith(ROOMS_OF_PROGRAMMERS):
                continue
            for node, name in sentences_of(ast.parse(path.read_text(encoding="utf-8"))):
                if name not in FOR_PROGRAMMERS and node.value not in told:
                    overlooked.append(f"{file}:{node.lineno}: {node.value[:60]}")
    assert not overlooked
