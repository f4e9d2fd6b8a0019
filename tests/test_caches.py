"""What a process keeps from one request to the next is bounded, and safe for threads.

Pages are served by several threads. ``lru_cache`` and ``cache`` of Python may be asked by many at
once; a dictionary of our own that somebody clears while another reads may not.
"""

import ast
import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from threading import Barrier

from relmap.facts.users import add_user, find_user
from relmap.insight.cache import _answers, once_a_view
from relmap.languages.choice import _likely
from relmap.models import writing
from relmap.testing import AccountBuilder
from relmap.web.accounts import page
from relmap.web.security.login import begin_session

ROOT = Path(__file__).parents[1]
CONTAINERS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
MAKERS = {"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"}
MAKERS |= {"WeakKeyDictionary", "WeakValueDictionary", "WeakSet"}
CHANGES = {"add", "append", "appendleft", "clear", "discard", "extend", "insert", "move_to_end"}
CHANGES |= {"pop", "popitem", "popleft", "remove", "setdefault", "update"}
OWN = {"relmap.insight.cache._answers": "by view, for as long as it lives; tried by threads below"}
FEW = {
    "relmap.contracts.codec._reader": "the types of contracts",
    "relmap.contracts.codec._writer": "the types of contracts",
    "relmap.hub.settings._fields_of": "the settings of plug-ins",
    "relmap.imports.sheets.headings.vocabulary": "five kinds of lists",
    "relmap.imports.sheets.spellings._by_key": "the columns that have words",
    "relmap.languages.catalogues._catalogue": "files of ours and of plug-ins",
    "relmap.languages.catalogues._merged": "three languages",
    "relmap.languages.choice.locale_of": "three languages",
    "relmap.names.folding.converter": "two directions",
    "relmap.names.readings._taiwanese": "the syllables of Mandarin",
    "relmap.names.titles._table": "files of ours",
}
"""Of what there are so few that all may be kept."""


@cache
def modules() -> list[tuple[str, ast.Module]]:
    return [
        (".".join(path.relative_to(ROOT).with_suffix("").parts), ast.parse(path.read_bytes()))
        for folder in ("relmap", "plugins")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def made_here(module: ast.Module) -> set[str]:
    """The names of a module, and of its classes, that are bound to something that can change."""
    bodies = [module.body, *(node.body for node in module.body if isinstance(node, ast.ClassDef))]
    found = set()
    for statement in (node for body in bodies for node in body):
        if isinstance(statement, ast.Assign | ast.AnnAssign) and can_change(statement.value):
            targets = getattr(statement, "targets", None) or [statement.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def can_change(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else value.func
        return (name.id if isinstance(name, ast.Name) else name) in MAKERS
    return isinstance(value, CONTAINERS)


def named(node: ast.expr) -> str | None:
    """The name at the root of what is changed: ``x`` of ``x[1]``, ``cls`` of ``cls.x`` is ``x``."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def changed_in(function: ast.AST) -> Iterator[str | None]:
    """The names that a function writes into, or has another write into."""
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield from node.names
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            yield named(node)
        if isinstance(node, ast.Attribute) and node.attr in CHANGES:
            yield named(node.value)


def functions_of(module: ast.Module) -> list[ast.FunctionDef | ast.Lambda]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.Lambda)]


def grows_with_what_is_asked(function: ast.AST) -> bool:
    """Whether it keeps an answer for each question, however many there are."""
    if not isinstance(function, ast.FunctionDef) or not ast.unparse(function.args):
        return False
    decorators = {ast.unparse(node) for node in function.decorator_list}
    return bool(decorators & {"cache", "functools.cache", "lru_cache(maxsize=None)"})


def test_a_module_keeps_nothing_in_a_container_that_functions_change():
    found = set()
    for name, module in modules():
        changed = {one for function in functions_of(module) for one in changed_in(function)}
        found |= {f"{name}.{one}" for one in made_here(module) & changed}
    assert found == set(OWN)


def test_what_is_kept_by_question_is_bounded():
    found = {
        f"{name}.{function.name}"
        for name, module in modules()
        for function in functions_of(module)
        if grows_with_what_is_asked(function)
    }
    assert found == set(FEW)


class Polite(int):
    """A number that lets the other threads go first whenever it is looked up."""

    def __hash__(self) -> int:
        time.sleep(0)
        return super().__hash__()


def test_four_threads_share_the_kept_statements_of_the_list_of_accounts(app):
    with app.app_context(), writing():
        add_user("mia", role="member", password="seven boats in a row")

    def ask(first: int) -> bool:
        with app.test_request_context():
            begin_session(find_user("mia"))
            return all(
                page._kept(int, Polite(number)) == number
                for number in range(first, first + 2 * page.STATEMENTS_KEPT)
            )

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(ask, (0, 100, 200, 300)))


def test_threads_that_ask_at_once_get_one_answer_about_a_view_and_it_goes_with_the_view():
    together = Barrier(4)

    @once_a_view
    def answer(_view):
        together.wait()  # nobody finds an answer of another
        return object()

    view = AccountBuilder("Jingfeng").view(date(2026, 6, 1))
    number = id(view)
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(answer, [view] * 4))) == 1
    assert number in _answers
    del view
    gc.collect()
    assert number not in _answers


def test_a_stranger_who_names_ever_other_languages_leaves_nothing_behind(client):
    most = _likely.cache_info().maxsize
    for first in range(0, most + 100, 100):
        tags = ",".join(f"zz-{number:08}" for number in range(first, first + 100))
        client.get("/login", headers={"Accept-Language": tags})
    assert _likely.cache_info().currsize == most
