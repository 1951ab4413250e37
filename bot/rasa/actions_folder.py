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
        names = _imported(folder)
        _register(executor, names, folder)
    return Timed(InProcessActions(executor), seconds)


def _imported(folder: Path) -> set[str]:
    """Imports every module of the project's actions: their names."""
    try:
        return set(_with_all_below(importlib.import_module(NAME)))
    except (Exception, SystemExit) as error:
        where, reason = _place(error, folder), f"{type(error).__name__}: {error}"
        hint = " (install it beside Rightdoor, or name an action server)" if isinstance(error, ImportError) else ""
        raise ProjectFileError(f"the project's actions cannot be imported: {reason}{hint}", where) from error


def _with_all_below(module: ModuleType) -> Iterator[str]:
    yield module.__name__
    for _, name, is_package in pkgutil.iter_modules(getattr(module, "__path__", ()), module.__name__ + "."):
        found = importlib.import_module(name)
        if is_package:
            yield from _with_all_below(found)
        yield name


def _register(executor: ActionExecutor, names: set[str], folder: Path) -> None:
    """Every action class the project wrote. rasa_sdk would take those of the whole process."""
    for action in all_subclasses(Action):
        if _is_of(action, names, folder) and not inspect.isabstract(action):
            try:
                executor.register_action(action)
            except Exception as error:
                place = Where(inspect.getsourcefile(action) or folder, inspect.getsourcelines(action)[1])
                raise ProjectFileError(f"{action.__name__}: {type(error).__name__}: {error}", place) from error


def _is_of(action: type, names: set[str], folder: Path) -> bool:
    """Whether a class is one of the modules just imported, or of a module of the project that they import."""
    module = sys.modules.get(action.__module__)
    if module is None or getattr(module, action.__name__, action) is not action:
        return False  # of another project that was here before
    file = getattr(module, "__file__", None)
    return action.__module__ in names or (file is not None and Path(file).is_relative_to(folder.resolve()))


@contextmanager
def _first_on_the_path(folder: Path) -> Iterator[None]:
    """Strangers of the project's names step aside, and come back after it; the project stays on the path for later."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    names -= sys.stdlib_module_names
    strangers = {n: m for n, m in sys.modules.items() if n.split(".")[0] in names and not _below(m, folder)}
    for name in strangers:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.path.append(str(folder))
        for name in [n for n in sys.modules if strangers and n.split(".")[0] in {s.split(".")[0] for s in strangers}]:
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
