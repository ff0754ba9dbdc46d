"""What a program is, to a run: how it is started, how one sees that it works, what to install when it is missing."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

VERSUS = Path(__file__).resolve().parent
ROOT = VERSUS.parent.parent
FIXTURES = VERSUS / "fixtures"
# The directories of daemons, which an ordinary user's PATH lacks, and those of PostgreSQL's, newest first.
SEARCH_PATH = os.pathsep.join([
    os.environ["PATH"], "/usr/sbin", "/usr/local/sbin",
    *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), key=lambda path: int(Path(path).parent.name),
            reverse=True)])

Command = tuple[str, ...]


@dataclass(frozen=True)
class Probe:
    """What is sent to see whether a server works, and how its answer then begins."""

    sent: bytes
    answer: bytes
    tls: bool = False


@dataclass(frozen=True)
class Program:
    """Something installed on this machine. Words between two @ in commands and fixtures are filled in by the run:

    PORT, its own; ORIGIN, the origin's port; CONFIG, the filled-in fixture; OWN, a directory for this program alone;
    DIRECTORY, one for all; WORKERS, cores of the origin; DIRECT, the origin's port for the load itself; FIXTURES; ROOT,
    the project's directory.
    """

    name: str
    command: Command = ()
    version: Command = ()
    install: str = ""                   # what to type when it is missing
    fixture: str = ""
    files: tuple[str, ...] = ()         # what it needs besides executables
    needs: tuple[str, ...] = ()         # executables besides the first of command and version
    prepare: tuple[Command, ...] = ()   # what to run before it starts
    populate: tuple[Command, ...] = ()  # what to run once it answers
    unprivileged: bool = False          # it refuses to run as root
    polls: bool = False                 # it takes its core with nothing to do, so it is stopped between its turns

    def missing(self) -> bool:
        executables = {*self.needs, *(command[0] for command in (self.command, self.version) if command)}
        return (any(not located(fill(name, {"ROOT": ROOT})) for name in executables if not name.startswith("@OWN@"))
                or not all(Path(file).exists() for file in self.files))


def located(executable: str) -> str | None:
    return shutil.which(executable, path=SEARCH_PATH)


def fill(text: str, values: dict[str, object]) -> str:
    return re.sub("@([A-Z]+)@", lambda match: str(values[match[1]]), text)
