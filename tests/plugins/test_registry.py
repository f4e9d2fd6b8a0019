"""Finding plug-ins: one that cannot be used is inactive with its reason, and harms nobody."""

import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from relmap.contracts import Message
from relmap.errors import NotFound, PluginError
from relmap.hub.registry import Registry, changed_since_start, discovery, find_plugins, rules
from relmap.hub.registry.rules import build
from relmap.languages import tell

SOUND = """
    from dataclasses import dataclass
    from relmap.api import Evidence, Score, hookimpl, setting

    @dataclass(frozen=True)
    class Settings:
        people: int = setting(3, "People", low=1)

    @dataclass(frozen=True)
    class Rule:
        settings: object = None
        key = "NAME.people"
        version = 1
        title = "People"

        def score(self, view):
            return Score((Evidence("people", 1.0),), 1.0)

    @hookimpl
    def settings():
        return Settings

    @hookimpl
    def scoring_rules(settings):
        return [Rule(settings)]
"""
HOOK = "from relmap.api import hookimpl\n    @hookimpl\n    "


def module_of(source: str, name: str = "mine") -> ModuleType:
    module = ModuleType(name)
    exec(textwrap.dedent(source).replace("NAME", name), vars(module))
    return module


def test_bundled_plug_ins_come_first_then_others_by_name(install):
    install("zebra", SOUND)
    install("aardvark", SOUND)
    names = [plugin.name for plugin in find_plugins().plugins]
    bundled = ["breadth", "depth", "freshness", "lint", "outlook", "rotation"]
    assert names == [*bundled, "aardvark", "zebra"]


def test_a_plug_in_shows_its_version_hooks_and_settings(install):
    install("mine", SOUND, version="3.4")
    plugin = find_plugins().plugin("mine")
    assert (plugin.version, plugin.is_bundled, plugin.reason) == ("3.4", False, None)
    assert plugin.hooks == ("settings", "scoring_rules")
    assert plugin.settings.__name__ == "Settings"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no licence')", "It could not be loaded: RuntimeError: no licence"),
        ("import sys; sys.exit(3)", "It could not be loaded: SystemExit: 3"),
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("def broken(:", "It could not be loaded: SyntaxError"),
        (SOUND + "\n    api_version = 2", "It asks for version 2 of relmap.api; this is 1."),
        (SOUND + "\n    api_version = '1'", "It asks for version '1' of relmap.api"),
        ("x = 1", "It implements no hook."),
        (
            HOOK + "def score_rules(): return []",
            "It implements 'score_rules', which is no hook: settings, scoring_rules, alert_rules",
        ),
        (
            HOOK + "def scoring_rules(view): return []",
            "Argument(s) {'view'} are declared in the hookimpl but can not be found in",
        ),
        (SOUND + "\n    Settings = 7", "Its settings cannot be used: 7 is not a dataclass."),
    ],
)
def test_a_plug_in_that_cannot_be_used_is_inactive_with_the_reason(install, source, reason):
    install("mine", "\n    " + source.lstrip())
    install("other", SOUND)
    registry = find_plugins()
    plugin = registry.plugin("mine")
    assert reason in str(plugin.reason)
    assert "\n" not in str(plugin.reason)
    assert plugin.hooks == ()
    assert registry.plugin("other").reason is None


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import time; time.sleep(600)",
        "import threading; threading.Event().wait()",
        "import socket\n    a, b = socket.socketpair()\n    with a, b: a.recv(1)",
        "import time\n    try: time.sleep(600)\n    except Exception: time.sleep(600)",
    ],
)
def test_a_plug_in_that_hangs_when_it_is_imported_is_inactive(install, monkeypatch, body):
    monkeypatch.setattr(discovery, "IMPORT_SECONDS", 0.3)
    install("mine", "\n    " + body)
    install("other", SOUND)
    registry = find_plugins()
    assert str(registry.plugin("mine").reason) == "It took longer than 0.3 s to import."
    assert registry.plugin("other").reason is None
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


HANGS = "\n    import time; time.sleep(600)"


def beside(call):
    """What ``call`` returns in a thread, as where pages are served."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result(30)


def test_a_plug_in_that_hangs_is_inactive_off_the_main_thread_too(install, monkeypatch):
    monkeypatch.setattr(discovery, "IMPORT_SECONDS", 0.3)
    install("hung", HANGS)
    install("other", SOUND)
    registry = beside(find_plugins)
    assert str(registry.plugin("hung").reason) == "It took longer than 0.3 s to import."
    assert registry.plugin("other").reason is None


@pytest.mark.parametrize("where", [lambda call: call(), beside], ids=["main", "thread"])
@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(600)"])
def test_a_hook_that_hangs_costs_that_hook_alone(install, monkeypatch, where, body):
    monkeypatch.setattr(rules, "HOOK_SECONDS", 2.0)
    install("mine", SOUND + f"\n    @hookimpl\n    def alert_rules():\n        {body}")
    built = where(lambda: build([find_plugins().plugin("mine")], {}))
    assert [rule.key for rule in built.rules] == ["mine.people"]
    assert [str(line) for _, line in built.problems] == [
        "Its hook alert_rules failed: It took longer than 2 s."
    ]


def test_what_a_plug_in_prints_is_not_on_standard_output(install, capfd):
    install(
        "mine",
        """
        import subprocess, sys
        print("imported")
        subprocess.run([sys.executable, "-c", "print('started')"], check=True)
        """
        + textwrap.indent(SOUND.replace("return [Rule", "print('asked'); return [Rule"), " " * 4),
    )
    build([find_plugins().plugin("mine")], {})
    out, err = capfd.readouterr()
    assert out == ""
    assert err.split() == ["imported", "started", "asked"]


@pytest.mark.parametrize("where", [lambda call: call(), beside], ids=["main", "thread"])
def test_a_plug_in_that_ends_the_process_when_it_is_imported_is_named(install, where):
    install("mine", "import os; os._exit(3)")
    install("other", SOUND)
    registry = where(find_plugins)
    reason = str(registry.plugin("mine").reason)
    assert reason.startswith("It could not be loaded: SystemExit: os._exit(3)")
    assert registry.plugin("other").reason is None


FORKS = """
import os
from relmap.hub.supervision import supervised

def fork():
    number = os.fork()
    if not number:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])

print(supervised(fork, 20))
"""


def test_a_fork_that_a_plug_in_makes_still_ends():
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True)
    assert done.stdout == "7\n"


@pytest.mark.parametrize("name", ["relmap", "My_Rules", "my-rules", "1st", "规则"])
def test_a_name_that_no_plug_in_may_have(name):
    registry = Registry()
    registry.register(name, lambda: module_of(SOUND, name), version="1")
    assert "A plug-in's name is small letters" in str(registry.plugin(name).reason)


def test_of_two_plug_ins_with_one_name_the_first_works_and_both_name_the_other(install):
    install("mine", SOUND, dist="first-dist")
    install("mine", SOUND, dist="second-dist")
    registry = find_plugins()
    first, second = registry.plugin("mine"), registry.plugin("mine of second-dist")
    assert (first.reason, first.package) == (None, "first-dist")
    assert "second-dist has one of the same name, which is not loaded" in str(first.notice)
    assert str(second.reason) == (
        "The package first-dist has a plug-in named mine as well, and that one is loaded. Take one "
        "of the two away."
    )


def test_a_package_that_is_half_removed_costs_itself_alone(install, tmp_path):
    install("mine", SOUND)
    install("other", SOUND)
    (tmp_path / "mine-1.2.dist-info" / "METADATA").unlink()
    registry = find_plugins()
    assert registry.plugin("mine").version == "?"
    assert registry.plugin("other").reason is None
    assert changed_since_start(registry) == ()


@pytest.mark.parametrize("line", [b"no entry at all", b"\xff\xfe = mine", b"mine =", b"= mine"])
def test_a_list_of_entry_points_that_cannot_be_read_costs_that_package_alone(
    install, tmp_path, line
):
    install("mine", SOUND)
    install("other", SOUND)
    (tmp_path / "mine-1.2.dist-info" / "entry_points.txt").write_bytes(
        b"[relmap.plugins]\n" + line + b"\n"
    )
    registry = find_plugins()
    assert registry.plugin("other").reason is None
    assert registry.plugin("breadth").reason is None


def test_one_package_that_names_a_plug_in_twice_has_one(install, tmp_path):
    install("mine", SOUND)
    file = tmp_path / "mine-1.2.dist-info" / "entry_points.txt"
    file.write_text(file.read_text() + "mine = elsewhere\nmine = somewhere\n")
    registry = find_plugins()
    assert registry.plugin("mine").reason is None
    names = [plugin.name for plugin in registry.plugins if not plugin.is_bundled]
    assert names == ["mine", "mine of mine", "mine of mine (3)"]
    assert changed_since_start(registry) == ()


def test_rules_of_another_package_are_other_rules(install):
    def made_with(package: str) -> str:
        registry = Registry()
        registry.register("mine", lambda: module_of(SOUND), version="1", package=package)
        return build(registry.plugins, {}).rules[0].settings_digest

    assert made_with("first-dist") == made_with("first-dist") != made_with("second-dist")


def test_nobody_can_take_the_place_of_a_bundled_plug_in(install):
    install("breadth", SOUND, dist="aaa")
    registry = find_plugins()
    assert registry.plugin("breadth").is_bundled
    assert "The package relmap has a plug-in named" in str(registry.plugin("breadth of aaa").reason)


def test_safe_mode_does_not_even_import_what_is_not_bundled(install, tmp_path):
    install("mine", f"open({str(tmp_path / 'trace')!r}, 'w').close()\n")
    registry = find_plugins(safe_mode=True)
    assert str(registry.plugin("mine").reason) == "Not loaded: safe mode."
    assert registry.plugin("breadth").reason is None
    assert not Path(tmp_path / "trace").exists()


def test_registration_after_the_start_is_refused():
    with pytest.raises(PluginError, match="mine: It was registered after relmap had started"):
        find_plugins().register("mine", lambda: module_of(SOUND), version="1")


def test_a_plug_in_that_is_not_there_is_not_found():
    with pytest.raises(NotFound, match="There is no plug-in 'mine'"):
        find_plugins().plugin("mine")


# --- the rules they give


def built(source: str, stored: dict | None = None):
    registry = Registry()
    plugin = registry.register("mine", lambda: module_of(source), version="1")
    assert plugin.reason is None
    return build([plugin], {"mine": stored or {}})


def test_rules_are_made_with_the_stored_settings():
    default, changed = built(SOUND), built(SOUND, {"people": 5})
    assert (default.rules[0].rule.settings.people, changed.rules[0].rule.settings.people) == (3, 5)
    assert default.rules[0].settings_digest != changed.rules[0].settings_digest


def test_a_stored_setting_that_no_longer_fits_is_reported():
    found = built(SOUND, {"people": 0})
    assert found.rules[0].rule.settings.people == 3
    assert str(found.problems[0][1]).startswith("people cannot be 0.")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("Rule.key = 'other.people'", "The key of 'other.people' must read 'mine.noun'"),
        ("Rule.key = None", "The key of a Rule must read 'mine.noun'"),
        ("Rule.version = 0", "The version of 'mine.people' must be a whole number"),
        ("Rule.version = '1'", "The version of 'mine.people' must be a whole number"),
        ("Rule.title = ' '", "'mine.people' has no title."),
        ("Rule.weight = -1", "The weight of 'mine.people' must be a number from 0 up."),
        ("del Rule.score", "'mine.people' must be an object with a method 'score'."),
        ("Rule.version = 10**30", "The version of 'mine.people' must be a whole number"),
        ("Rule.key = 'mine.' + 'p' * 300", "is too long."),
        ("Rule.title = 'a' * 300", "The title of 'mine.people' is too long"),
        ("Rule.title = 'a\\0'", "or holds signs that cannot be shown."),
        ("Rule.title = 'a\\ud800'", "or holds signs that cannot be shown."),
        ("Rule.weight = float('nan')", "The weight of 'mine.people' must be a number from 0 up."),
        ("Rule.weight = property(lambda self: 1 / 0)", "ZeroDivisionError: division by zero"),
        ("Rule.key = type('Key', (str,), {})('mine.people')", "The key of a Rule must read"),
    ],
)
def test_what_is_no_rule_is_left_out_with_a_line(change, problem):
    found = built(f"{SOUND}\n    {change}")
    assert found.rules == ()
    assert problem in str(found.problems[0][1])
    assert found.problems[0][0] == "mine"


def test_a_rule_that_cannot_say_what_it_is_leaves_its_neighbour_alone():
    source = (
        SOUND.replace("[Rule(settings)]", "[Mute(), Rule(settings)]")
        + """
    class Mute:
        def __getattr__(self, name):
            raise RuntimeError(name)
"""
    )
    found = built(source)
    assert [rule.key for rule in found.rules] == ["mine.people"]
    assert "A rule is left out. RuntimeError: " in str(found.problems[0][1])


def test_what_a_rule_says_of_itself_is_read_once():
    source = (
        SOUND
        + """
    names = iter(["mine.people", "other.people", "other.people"])
    Rule.key = property(lambda self: next(names))
"""
    )
    (rule,) = built(source).rules
    assert (rule.key, rule.key) == ("mine.people", "mine.people")


FIELD = SOUND.replace('people: int = setting(3, "People", low=1)', "FIELD")


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("people: float = setting(float('nan'), 'People')", "cannot be nan. It must be a number."),
        ("people: float = setting(float('inf'), 'People')", "cannot be inf. It must be a number."),
        ("people: int = setting(10**400, 'People')", "The default of Settings.people does not fit"),
        ("people: int = setting('3', 'People')", "people cannot be '3'."),
        ("people: int = 3", "must be made with setting(default, label)."),
        ("people: int = setting(3, None)", "Settings.people has a label that no form can show."),
        ("people: int = setting(3, 'P', help=7)", "has a help that no form can show."),
        ("people: int = setting(3, 'P', low='1')", "has a low that no form can show."),
        ("people: int = setting(3, 'P', high=10**400)", "has a high that no form can show."),
        ("people: int = setting(3, 'P', choices=(3, 'a'))", "has a choice that no form can show."),
        (
            "people: int = setting(3, 'P', choices=range(3000))",
            "has a choice that no form can show.",
        ),
        (
            "people: str = setting('a\\0', 'People')",
            "people cannot be 'a\\x00'. It must be a text.",
        ),
        ("people: str = setting('a' * 2000, 'People')", "The default of Settings.people does not"),
        ("people: object = setting(3, 'People')", "must be a bool, int, float or str."),
    ],
)
def test_a_setting_that_no_form_could_show_makes_the_plug_in_inactive(field, reason):
    source = FIELD.replace("FIELD", field)
    plugin = Registry().register("mine", lambda: module_of(source), version="1")
    assert reason in str(plugin.reason)


def test_more_settings_than_a_form_holds_make_the_plug_in_inactive():
    many = "\n        ".join(f"s{n}: int = setting(3, 'People')" for n in range(101))
    source = FIELD.replace("FIELD", many)
    plugin = Registry().register("mine", lambda: module_of(source), version="1")
    assert "Settings has more than 100 settings." in str(plugin.reason)


@pytest.mark.parametrize(
    ("method", "problem"),
    [
        ("__getattribute__(self, name): raise ValueError('never')", "never"),
        (
            "__post_init__(self): object.__setattr__(self, 'people', 'some')",
            "people cannot be 'some'. It must be a whole number from 1.",
        ),
        ("__init__(self): pass", "TypeError: "),
        ("__post_init__(self): raise ValueError('a\\ud800\\x1b' + 'b' * 5000)", "a\ufffd\ufffdb"),
    ],
)
def test_settings_that_hold_other_than_they_were_made_with_cost_that_plug_in_alone(method, problem):
    field = 'people: int = setting(3, "People", low=1)'
    source = FIELD.replace("FIELD", f"{field}\n        def {method}")
    found = built(source)
    assert found.rules == ()
    said = str(found.problems[0][1])
    assert said.startswith(f"Its settings cannot be used: {problem}")
    assert len(said) < 400


def test_a_repeated_key_is_left_out_with_a_line():
    source = SOUND.replace("[Rule(settings)]", "[Rule(settings), Rule(settings)]")
    found = built(source)
    assert [rule.key for rule in found.rules] == ["mine.people"]
    assert "The key 'mine.people' is taken by another rule" in str(found.problems[0][1])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("raise ValueError('not today')", "Its hook scoring_rules failed: ValueError: not today"),
        ("raise SystemExit", "Its hook scoring_rules failed: SystemExit"),
        ("return None", "Its hook scoring_rules failed: TypeError: 'NoneType' object"),
        ("return 7", "Its hook scoring_rules failed: TypeError"),
        ("while True: yield Rule(settings)", "Its hook scoring_rules failed: ValueError: It gives"),
    ],
)
def test_a_hook_that_fails_is_a_line_and_no_more(body, problem):
    found = built(SOUND.replace("return [Rule(settings)]", body))
    assert found.rules == ()
    assert str(found.problems[0][1]).startswith(problem)


def test_a_hook_may_take_no_argument():
    source = SOUND.replace("def scoring_rules(settings):\n        return [Rule(settings)]",
                           "def scoring_rules():\n        return [Rule()]")  # fmt: skip
    assert [rule.key for rule in built(source).rules] == ["mine.people"]


TELLING = """
    from pathlib import Path
    from relmap.api import hookimpl

    @hookimpl
    def translations():
        return Path("FOLDER")
"""


def test_hook_translations(tmp_path, app):
    place = tmp_path / "zh_Hant" / "LC_MESSAGES"
    place.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    entry = 'msgid "{name} is one of a kind"\nmsgstr "{name}獨一無二"\n'
    (place / "mine.po").write_text(head + entry, encoding="utf-8")
    registry = Registry()
    source = TELLING.replace("FOLDER", str(tmp_path))
    assert registry.register("mine", lambda: module_of(source), version="1").reason is None
    app.extensions["relmap.registry"] = registry
    with app.app_context():
        message = Message("{name} is one of a kind", {"name": "林"})
        assert tell(message, "zh_Hant") == "林獨一無二"
        assert tell(message, "zh_Hans") == "林 is one of a kind"


HEAD = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD + b'msgid "a"\nmsgstr "{nothing}"\n', "asks for what its text does not have"),
        (HEAD + b'msgid "a"\nmsgstr "b {"\n', "asks for what its text does not have: b {"),
        (HEAD.replace(b"utf-8", b"nonsense"), "cannot be read: LookupError"),
        (HEAD + b'msgid "a"\nmsgstr "\xff"\n', "cannot be read: UnicodeDecodeError"),
        (None, "cannot be read: IsADirectoryError"),
    ],
)
def test_translations_that_no_page_could_tell_are_a_reason(tmp_path, content, reason):
    place = tmp_path / "zh_Hant" / "LC_MESSAGES" / "mine.po"
    place.parent.mkdir(parents=True)
    if content is None:
        place.mkdir()
    else:
        place.write_bytes(content)
    source = TELLING.replace("FOLDER", str(tmp_path))
    plugin = Registry().register("mine", lambda: module_of(source), version="1")
    assert reason in str(plugin.reason)


def test_translations_that_are_nowhere_are_a_reason():
    plugin = Registry().register("mine", lambda: module_of(TELLING), version="1")
    assert "Its translations are 'FOLDER', which is no folder." in str(plugin.reason)


def test_the_bundled_plug_ins_bring_their_catalogues():
    (folder,) = find_plugins(safe_mode=True).translations
    assert sorted(path.name for path in folder.iterdir()) == ["zh_Hans", "zh_Hant"]
