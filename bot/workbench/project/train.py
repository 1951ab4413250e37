"""`rightdoor train --project DIR`: learns what there is to learn, once for the same files, and says what it found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from bot.dialogue import Project


@dataclass(frozen=True, slots=True)
class Trained:
    """A project, compiled and trained, and how many seconds that took."""

    project: Project
    seconds: float

    def to_json(self) -> dict[str, object]:
        """What it found, in numbers."""
        project, domain = self.project, self.project.domain
        return {
            "rules": len({rule.name for rule in project.rules}),
            "intents": len(domain.intents),
            "slots": len(domain.slots.slots),
            "forms": len(domain.forms),
            "responses": len(domain.responses),
            "components": len(project.pipeline),
            "skipped": [str(finding) for finding in project.skipped],
            "seconds": round(self.seconds, 2),
        }


def train(folder: Path, cache: Path, out: Console, *, ignore_unsupported: bool) -> Trained:
    """Loads the project with a bar for each component that learns. Raises `ProjectFileError` with file and line."""
    began = perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("files", total=None)

        def progress(name: str, done: int, of: int) -> None:
            bar.update(task, description=name or "done", completed=done, total=of)

        project = Project.load(folder, ignore_unsupported=ignore_unsupported, cache=cache, progress=progress)
    return Trained(project, perf_counter() - began)


def show(trained: Trained, cache: Path, out: Console) -> None:
    """Two lines, and what was left out."""
    found = trained.to_json()
    counted = ", ".join(f"{found[name]} {name}" for name in ("rules", "intents", "slots", "forms", "responses"))
    out.print(f"{counted}: they agree with one another", highlight=False)
    out.print(f"{found['components']} components, {trained.seconds:.1f} s; kept in {cache}", highlight=False)
    for finding in trained.project.skipped:
        out.print(f"left out: {finding}", style="dim", markup=False, highlight=False, soft_wrap=True)
