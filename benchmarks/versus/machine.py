"""The machine: its cores, its programs, and processes on them that are always ended again."""

import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalogue import ROOT, Program

READY_SECONDS = 60
STOP_SECONDS = 10
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# The directories of daemons, which an ordinary user's PATH lacks.
SEARCH_PATH = os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Cores:
    """Who runs where. With two cores, origin and load share the one that the balancer does not have."""

    balancer: list[int]
    origin: list[int]
    load: list[int]

    @property
    def shared(self) -> bool:
        return self.origin == self.load


def plan_cores() -> Cores:
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        raise SystemExit("versus: one core is too few: the balancer needs one for itself")
    *others, balancer = available
    load = others[: max(1, len(others) // 3)]
    return Cores([balancer], others[len(load):] or others, load)


def describe_machine() -> str:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}"


def missing(program: Program) -> bool:
    found = shutil.which(program.executable, path=SEARCH_PATH)
    return not found or not all(Path(file).exists() for file in program.files)


def version(program: Program) -> str:
    """The first line that the program says about itself; for Sluice, with the commit."""
    executable = shutil.which(program.executable, path=SEARCH_PATH)
    done = subprocess.run([executable, *program.version], capture_output=True, text=True)
    line = next((line for line in (done.stdout + done.stderr).splitlines() if line.strip()), "unknown").strip()
    line = re.sub(r" (- )?(https://haproxy.org/|Copyright).*", "", line)
    return f"{line}, commit {commit()}" if program.name == "sluice" else line


def commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with local changes" if changed else "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(program: Program, arguments: list[str], cores: list[int]) -> list[str]:
    executable = shutil.which(program.executable, path=SEARCH_PATH)
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), executable, *arguments]


@contextmanager
def running(program: Program, config: Path, cores: list[int], url: str):
    """Runs a program on the given cores from when it answers until the block is left, then ends it by its pid."""
    arguments = [argument.replace("@CONFIG@", str(config)) for argument in program.command]
    log = config.with_name(config.name + ".log")
    with log.open("w") as output:
        # A session of its own makes a process group: what the program forks is measured and ended with it.
        process = subprocess.Popen(pinned(program, arguments, cores), stdout=output, stderr=output,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        await_answer(program, process, url, log)
        yield process.pid
    finally:
        stop(process)


def await_answer(program: Program, process: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise SystemExit(f"versus: {program.name} does not answer; its output:\n{log.read_text()}")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    for pid, _ in group(process.pid):
        os.kill(pid, signal.SIGKILL)
    process.wait()


def group(leader: int) -> list[tuple[int, list[str]]]:
    """The processes of a group: pid, and the fields of proc(5)'s stat file from the third on, the state."""
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue    # it has ended meanwhile
        if int(fields[2]) == leader and fields[0] != "Z":
            members.append((int(entry.name), fields))
    return members


def cpu_seconds(leader: int) -> float:
    """User and system time of a process and all that it has forked."""
    return sum(int(fields[11]) + int(fields[12]) for _, fields in group(leader)) / TICKS_PER_SECOND


def resident_bytes(leader: int) -> int:
    """VmRSS of a process and all that it has forked; pages that they share are counted for each."""
    total = 0
    for pid, _ in group(leader):
        found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        total += int(found[1]) * 1024 if found else 0
    return total
