"""The machine: its cores, and processes on them that are always ended again."""

import os
import platform
import pwd
import re
import signal
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from programs import FIXTURES, ROOT, Command, Probe, Program, fill, located

ENOUGH_CORES = 4
READY_SECONDS = 60
STOP_SECONDS = 10


@dataclass(frozen=True)
class Cores:
    """Who runs where. With two cores, origin and load share the one that the balancer does not have."""

    balancer: list[int]
    origin: list[int]
    load: list[int]

    def describe(self) -> str:
        text = f"balancer {self.balancer}, origin {self.origin}, load {self.load}"
        if self.origin == self.load:
            text += ", origin and load sharing theirs"
        count = len({*self.balancer, *self.origin, *self.load})
        if count < ENOUGH_CORES:
            text += f"; only {count}, where {ENOUGH_CORES} are wanted, so that origin or load may be the bound"
        return text

    def with_dear_load(self) -> "Cores":
        """One of the origin's cores for the load, if there are more, where a request is dear for clients only."""
        *given, kept = self.origin
        return replace(self, origin=[kept], load=sorted({*self.load, *given}))

    def with_idle_origin(self) -> "Cores":
        """The origin's cores for the load, too."""
        return replace(self, load=sorted({*self.load, *self.origin}))


def plan_cores() -> Cores:
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        raise SystemExit("versus: one core is too few: the balancer needs one for itself")
    *others, balancer = available
    load = others[: max(1, len(others) // 3)]
    return Cores([balancer], others[len(load):] or others, load)


def describe() -> str:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}"


def load_average() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def version(program: Program) -> str:
    """The first line that the program says about itself; for Sluice, with the commit."""
    done = subprocess.run(resolved(program.version, {}), capture_output=True, text=True)
    line = next((line for line in (done.stdout + done.stderr).splitlines() if line.strip()), "unknown").strip()
    line = re.sub(r" (- )?(https://haproxy.org/|Copyright).*", "", line)
    return f"{line}, commit {commit()}" if program.version[0] == "@ROOT@/sluice" else line


def commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!README.md", ":!benchmarks/results")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with local changes" if changed else "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resolved(command: Command, values: dict) -> list[str]:
    executable, *arguments = (fill(word, values | {"FIXTURES": FIXTURES, "ROOT": ROOT}) for word in command)
    return [located(executable) or executable, *arguments]


def on_cores(cores: list[int], command: list[str]) -> list[str]:
    """The command on those cores only, and ended by the kernel should the run itself be killed."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), located("setpriv"), "--pdeathsig", "TERM", *command]


@contextmanager
def running(program: Program, cores: list[int], values: dict, fixtures: Path, probe: Probe | None = None):
    """Runs a program on the given cores from when it answers until the block is left, then ends it by its pid."""
    own = Path(values["DIRECTORY"]) / f"{program.name.replace(' ', '-')}-{values['PORT']}"
    own.mkdir()
    config = own / "config"
    values = values | {"OWN": own, "CONFIG": config}
    if program.fixture:
        config.write_text(fill((fixtures / program.fixture).read_text(), values))
    user = demoted(own) if program.unprivileged else []
    for command in program.prepare:
        execute([*user, *resolved(command, values)], own)
    log = own / "log"
    with log.open("w") as output:
        # A session of its own makes a process group: what the program forks is measured and ended with it.
        process = subprocess.Popen(on_cores(cores, [*user, *resolved(program.command, values)]), stdout=output,
                                   stderr=output, stdin=subprocess.DEVNULL, start_new_session=True, cwd=own)
    try:
        await_answer(program, process, values["PORT"], probe, log)
        for command in program.populate:
            execute(resolved(command, values), own)
        yield process.pid
    finally:
        stop(process)


def demoted(own: Path) -> list[str]:
    """What makes a command an ordinary user's if the run is root's, with a directory of that user's own."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    os.chown(own, nobody.pw_uid, nobody.pw_gid)
    return [located("setpriv"), f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
            "--pdeathsig", "TERM"]


def execute(command: list[str], directory: Path) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=directory)
    if done.returncode != 0:
        raise SystemExit(f"versus: {command[0]} failed:\n{done.stdout}{done.stderr}")


def await_answer(program: Program, process: subprocess.Popen, port: int, probe: Probe | None, log: Path) -> None:
    """Without a probe, the program says something when it is ready."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers(port, probe) if probe else log.stat().st_size > 0:
            return
        time.sleep(0.05)
    raise SystemExit(f"versus: {program.name} does not answer; its output:\n{log.read_text()}")


def answers(port: int, probe: Probe) -> bool:
    try:
        with connect(port, probe.tls) as connection:
            connection.sendall(probe.sent)
            return receive(connection, len(probe.answer)) == probe.answer
    except OSError:
        return False


def connect(port: int, tls: bool) -> socket.socket:
    """Whatever certificate the server has."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=1)
    if not tls:
        return connection
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection, server_hostname="localhost")


def receive(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length and (more := connection.recv(length - len(received))):
        received += more
    return received


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    process.send_signal(signal.SIGCONT)     # it may have been stopped
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
    """User and system time of a process and all that it has forked, threads that have ended among it."""
    return sum(time.clock_gettime(cpu_clock(pid)) for pid, _ in group(leader))


def cpu_clock(pid: int) -> int:
    """As clock_getcpuclockid(3) has it: nanoseconds, where /proc has hundredths of a second, 1 % of a short turn."""
    return ~pid << 3 | 2


def resident_bytes(leader: int) -> int:
    """VmRSS of a process and all that it has forked; pages that they share are counted for each."""
    total = 0
    for pid, _ in group(leader):
        found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        total += int(found[1]) * 1024 if found else 0
    return total
