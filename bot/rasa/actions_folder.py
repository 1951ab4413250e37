"""A project's own `actions.py` or `actions/`, in this process, as `rasa run actions` would find it.

It is imported by its own name with the project's folder first on `sys.path`, so that `from actions.words import …` and
`import helpers` mean the project's files, whatever else is called so in this process.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.utils import all_subclasses

from bot.dialogue import InProcessActions
from bot.dialogue.actions import RunAction
from bot.errors import ProjectFileError, Where
from bot.rasa.timed import SECONDS, Timed

NAME = "actions"


def has_actions(folder: Path) -> bool:
    """Whether the project brings actions of its own."""
    return (folder / f"{NAME}.py").is_file() or any((folder / NAME).glob("**/*.py"))


def actions_in(folder: Path, seconds: float = SECONDS) -> RunAction:
    """The project's actions, each given some seconds to answer.

    Raises `ProjectFileError` when they cannot be imported, naming file and line.
    """
    executor = ActionExecutor()
    with _first_on_the_path(folder.resolve()):
        before = set(all_subclasses(Action))
        _import(folder)
        for action in all_subclasses(Action):  # also of modules of the project that its actions import
            if action not in before and not action.__module__.startswith("rasa_sdk."):
                _register(executor, action, folder)
    return Timed(InProcessActions(executor), seconds)


def _import(folder: Path) -> None:
    """Imports every module of the project's actions."""
    try:
        _with_all_below(importlib.import_module(NAME))
    except (Exception, SystemExit) as error:
        where, reason = _place(error, folder), f"{type(error).__name__}: {error}"
        hint = " (install it beside Rightdoor, or name an action server)" if isinstance(error, ImportError) else ""
        raise ProjectFileError(f"the project's actions cannot be imported: {reason}{hint}", where) from error


def _with_all_below(module: ModuleType) -> None:
    for _, name, _ in pkgutil.iter_modules(getattr(module, "__path__", ()), module.__name__ + "."):
        _with_all_below(importlib.import_module(name))


def _register(executor: ActionExecutor, action: type, folder: Path) -> None:
    """One action class. rasa_sdk by itself would take those of the whole process."""
    if inspect.isabstract(action):
        return
    try:
        executor.register_action(action)
    except Exception as error:
        file = inspect.getsourcefile(action)
        place = Where(file, inspect.getsourcelines(action)[1]) if file else Where(folder / NAME)
        raise ProjectFileError(f"{action.__name__}: {type(error).__name__}: {error}", place) from error


@contextmanager
def _first_on_the_path(folder: Path) -> Iterator[None]:
    """Strangers of the project's names step aside, and come back after it; the project stays on the path for later."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    names -= sys.stdlib_module_names
    there = {n: m for n, m in sys.modules.items() if n.split(".")[0] in names}
    strangers = {name: module for name, module in there.items() if not _below(module, folder)}
    for name in there:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.path.append(str(folder))
        taken = {name.split(".")[0] for name in strangers}
        for name in [name for name in sys.modules if name.split(".")[0] in taken]:
            del sys.modules[name]
        sys.modules.update(strangers)


def _below(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)


def _place(error: BaseException, folder: Path) -> Where:
    """The last line of the project that was on the way to the error."""
    if isinstance(error, SyntaxError) and error.filename:
        return Where(error.filename, error.lineno)
    trace, found = error.__traceback__, None
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        found = Where(file, trace.tb_lineno) if file.is_relative_to(folder.resolve()) else found
        trace = trace.tb_next
    return found or Where(folder / NAME)
