"""What the commands about the directory work with: divisions, rules, and the files of the directory."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from bot.decisions import Policy
from bot.directory import Directory
from bot.directory.directory import rows as table_rows
from bot.errors import DirectoryError, InputError, Where
from bot.places import Gazetteer, Place
from bot.settings import Settings
from bot.workbench.directory.gaps import Gap, counties, gaps, needed, stale
from bot.workbench.directory.packages import PACKAGE, read_package, write_whole
from bot.workbench.directory.sheets import Mistake, Row, check_lines, read_table, written

MOST_SHOWN = 40  # lines of a table, mistakes of a file
NATIONAL = Path("data") / "directory" / "national.csv"


@dataclass(frozen=True, slots=True)
class Given:
    """What an HSDS file from elsewhere cannot say: whose matter its services are, whom they serve, a number for those without."""

    service: str = ""
    place: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """The directory of a project, and what it is read with."""

    gazetteer: Gazetteer
    policy: Policy
    directory: Directory
    folder: Path
    national: Path

    @classmethod
    def open(cls, project: Path, settings: Settings, policy: Policy) -> Book:
        """Reads everything. Raises `DirectoryError` for a directory that is not right."""
        gazetteer = Gazetteer.open(project / "data" / "divisions")
        folder, national = settings.directory_folder, project / NATIONAL
        directory = Directory.open(folder, national, gazetteer, policy.base.words.labels["services"])
        return cls(gazetteer, policy, directory, folder, national)

    @property
    def services(self) -> Mapping[str, Mapping[str, str]]:
        """Every service's word, with its name in both languages."""
        return self.policy.base.words.labels["services"]

    def place(self, said: str) -> Place:
        """The place of a code, also one of before, or of words. Raises `InputError` for none and for several."""
        if said.isdecimal():
            if place := self.gazetteer.today(said):
                return place
            raise InputError(f"no division has the code {said!r}")
        found = self.gazetteer.find(said)
        if len(found) == 1:
            return found[0]
        near = found or self.gazetteer.guess(said)
        which = f": {', '.join(f'{p.full_name} ({p.code})' for p in near[:6])}" if near else ""
        raise InputError(f"{said!r} {'could be several places' if found else 'is no place I know'}{which}")

    def check(self, within: str, at: datetime, out: Console, *, as_json: bool) -> bool:
        """Lists gaps and entries that do not hold; whether every county ends at a telephone and every entry holds."""
        services = needed(self.policy)
        found = [
            gap for gap in gaps(self.directory, self.gazetteer, services, at) if gap.county.code.startswith(within)
        ]
        worn = [(agency, why) for agency, why in stale(self.directory, at) if self._in(agency, within)]
        if as_json:
            for gap in found:
                line = {"county": gap.county.code, "service": gap.service, "instead": gap.instead, "phone": gap.phone}
                out.file.write(json.dumps(line, ensure_ascii=False) + "\n")
            for agency, why in worn:
                out.file.write(json.dumps({"agency": agency, "why": why}) + "\n")
        else:
            self._show(found, worn, sum(c.code.startswith(within) for c in counties(self.gazetteer)), services, out)
        return all(gap.phone for gap in found) and not any(why in ("expired", "ended") for _, why in worn)

    def who(self, service: str, said: str, at: datetime, out: Console, *, as_json: bool) -> None:
        """Whose matter it is there, who can be reached at that moment, and the chain behind."""
        if service not in self.services:
            raise DirectoryError(f"unknown service {service!r}; one of {', '.join(sorted(self.services))}")
        place = self.place(said)
        owner, reach = self.directory.serving(service, place, at), self.directory.reach(service, place, at)
        if as_json:
            line = {
                "place": place.code,
                "owner": owner.agency.id,
                "fell_back": list(owner.fell_back),
                "now": reach.door.agency.id,
                "phone": reach.phone,
                "on_duty": reach.duty.person if reach.duty else None,
                "passed": [{"agency": one.agency, "why": one.why} for one in reach.door.passed],
                "behind": [agency.id for agency in reach.behind],
            }
            out.file.write(json.dumps(line, ensure_ascii=False) + "\n")
            return
        table = Table(show_header=False, title=f"{self.services[service]['zh']} · {place.full_name}")
        table.add_row("whose matter", f"{owner.agency.name['zh']}  {owner.agency.phone}")
        if owner.fell_back:
            table.add_row("because nobody is", ", ".join(self.services[one]["zh"] for one in owner.fell_back))
        who = f"{reach.duty.person}, " if reach.duty else ""
        table.add_row("reached now", f"{who}{reach.door.agency.name['zh']}  {reach.phone}")
        for one in reach.door.passed:
            table.add_row(f"passed over: {one.why}", self.directory.agency(one.agency).name["zh"])
        for agency in reach.behind:
            table.add_row("behind them", f"{agency.name['zh']}  {agency.phone}")
        out.print(table)

    def bring_in(self, file: Path, given: Given, out: Console) -> Path:
        """Puts a table or an HSDS package into the directory's folder: the whole of it, or nothing.

        Raises `DirectoryError` after every mistake was shown with its cell.
        """
        rows, wrong = self._read(file, given)
        if wrong:
            for one in wrong[:MOST_SHOWN]:
                out.print(f"[bold]{one.cell}[/] {one.said}", highlight=False, soft_wrap=True)
            more = f", of which {MOST_SHOWN} are shown" if len(wrong) > MOST_SHOWN else ""
            raise DirectoryError(f"{len(wrong)} cells are not right{more}; nothing was taken in", Where(file))
        to = self.folder / f"{file.stem if file.name != PACKAGE else file.parent.name}.csv"
        self._try_out(to, rows)
        write_whole(to, written(rows))
        out.print(f"{len(rows)} agencies in {to.name}", style="green", highlight=False)
        return to

    def _read(self, file: Path, given: Given) -> tuple[list[Row], list[Mistake]]:
        national = {row["id"] for row, _ in table_rows(self.national)}
        if file.is_dir() or file.name == PACKAGE or file.suffix.lower() == ".json":
            place = self.place(given.place).code if given.place else ""
            rows = read_package(file, given.service, place, given.phone)
            lines = csv.reader(io.StringIO(written(rows), newline=""))
            return check_lines(lines, file, self.gazetteer, tuple(self.services), national)
        return read_table(file, self.gazetteer, tuple(self.services), national)

    def _try_out(self, to: Path, rows: Sequence[Row]) -> None:
        """The directory as it would be, opened from copies. Raises `DirectoryError` when that cannot be."""
        with tempfile.TemporaryDirectory(prefix="rightdoor-directory-") as folder:
            for other in self.folder.glob("*.csv"):
                shutil.copy(other, folder)
            (Path(folder) / to.name).write_text(written(rows), encoding="utf-8")
            Directory.open(Path(folder), self.national, self.gazetteer, self.services)

    def _in(self, agency: str, within: str) -> bool:
        return self.directory.by_id[agency].place.startswith(within)

    def _show(
        self, found: Sequence[Gap], worn: Sequence[tuple[str, str]], many: int, services: Sequence[str], out: Console
    ) -> None:
        lacking: dict[str, list[Gap]] = {}
        for gap in found:
            lacking.setdefault(gap.county.full_name, []).append(gap)
        fewest = sorted(lacking.items(), key=lambda item: (len(item[1]), item[0]))
        table = Table(
            *(Column(name, overflow="fold") for name in ("county", "nobody for", "there instead")), title="gaps"
        )
        for name, missing in fewest[:MOST_SHOWN]:
            words = "、".join(self.services[gap.service]["zh"] for gap in missing)
            instead = "、".join(dict.fromkeys(self.directory.agency(gap.instead).name["zh"] for gap in missing))
            table.add_row(name, words, instead)
        out.print(table)
        shown = f", {MOST_SHOWN} with the fewest gaps shown" if len(lacking) > MOST_SHOWN else ""
        out.print(f"{many} counties, {len(services)} services: {len(found)} gaps in {len(lacking)} counties{shown}")
        for agency, why in worn:
            out.print(f"{agency}: {why}", style="yellow", highlight=False)
