"""Measures one scenario: starts everything, loads one contender after the other, ends everything."""

import datetime
import math
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import machine
from catalogue import FILES, SLUICE, SLUICE_SLEEPING, Scenario
from loads import Bench, Idle, Load
from machine import Cores
from programs import FIXTURES, Program
from samples import Contender, IdleSample, Result, Sample, Settings

ORIGIN_ALONE = "origin alone"
# A JVM has to compile what it runs often, most of all with TLS, and on the core that also does the work. It compiles
# for what it has seen, so it has turns as in the rounds, with new connections each: after a single long one, the first
# rounds would find it compiling again. All others need only their caches filled, by one turn.
SLUICE_WARM_UP_SECONDS = 12
SLUICE_TLS_WARM_UP_SECONDS = 16
# Parts of the connections: after the first one, what is made once has been made.
IDLE_STEPS = (1 / 4, 1)
# A JVM keeps what its compilers have needed for up to five seconds; ten seconds later Sluice's has given it back.
IDLE_SETTLE_SECONDS = {SLUICE.name: 16}
LEAST_IDLE_SETTLE_SECONDS = 0.5
BARE_JVM = "bare JVM"


@dataclass(frozen=True)
class Turns:
    """How often and how long."""

    rounds: int
    seconds: int


@dataclass(frozen=True)
class Site:
    """Where it is measured."""

    cores: Cores
    network: str


@dataclass
class Running:
    """A contender while it runs."""

    contender: Contender
    port: int
    pid: int | None     # None for the origin alone
    polls: bool = False

    @contextmanager
    def awake(self):
        """As long as the block lasts, what polls may do so: in other turns it would take the core from the others."""
        self.signal(signal.SIGCONT)
        try:
            yield
        finally:
            self.rest()

    def rest(self) -> None:
        self.signal(signal.SIGSTOP)

    def signal(self, number: int) -> None:
        if self.polls:
            os.killpg(self.pid, number)

    @property
    def name(self) -> str:
        return self.contender.name


def estimate_seconds(scenario: Scenario, peers: list[Program], turns: Turns) -> int:
    """About how long measure() takes."""
    contenders = len(peers) + 2
    if isinstance(scenario.load, Idle):
        settling = (1 + len(IDLE_STEPS)) * IDLE_SETTLE_SECONDS[SLUICE.name]
        return round(turns.rounds * (contenders * 1.5 + 3 + settling))
    overhead = Bench.WARM_UP_SECONDS + 1 if isinstance(scenario.load, Bench) else 0.1
    warm_up_turns = sluice_warm_up_turns(scenario, turns) + contenders - 1
    return round(contenders * turns.rounds * (turns.seconds + overhead) + warm_up_turns * turns.seconds + 5)


def sluice_warm_up_turns(scenario: Scenario, turns: Turns) -> int:
    seconds = SLUICE_TLS_WARM_UP_SECONDS if scenario.load.tls else SLUICE_WARM_UP_SECONDS
    return math.ceil(seconds / turns.seconds)


def measure(scenario: Scenario, peers: list[Program], turns: Turns, site: Site) -> Result:
    run = IdleRun if isinstance(scenario.load, Idle) else LoadRun
    return run(scenario, peers, turns, site).result()


class Run:
    """What all kinds of measurement share."""

    def __init__(self, scenario: Scenario, peers: list[Program], turns: Turns, site: Site):
        self.scenario = scenario
        self.peers = peers
        self.turns = turns
        self.cores = scenario.cores(site.cores)
        self.network = site.network
        self.load_average = machine.load_average()
        self.load: Load = scenario.load
        self.directory = Path()

    def result(self) -> Result:
        contenders = self.measured()
        return Result(self.scenario.name, self.settings(), contenders)

    def measured(self) -> list[Contender]:
        raise NotImplementedError

    def rounds(self) -> str:
        raise NotImplementedError

    @contextmanager
    def started(self):
        """Everything, as long as the block lasts: Sluice first, then its peers, the origin alone, if at all, last."""
        with ExitStack() as stack:
            self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="versus-")))
            self.directory.chmod(0o755)     # some programs run as another user if this one is root
            for name, size in FILES.items():
                (self.directory / name).write_bytes(bytes(size))
            values = {"DIRECTORY": self.directory, "WORKERS": len(self.cores.origin), "ORIGIN": machine.free_port(),
                      "DIRECT": machine.free_port()}
            for command in (command for tool in self.scenario.tools() for command in tool.prepare):
                machine.execute(machine.resolved(command, values), self.directory)
            origin = self.scenario.origin
            stack.enter_context(machine.running(origin, self.cores.origin, values | {"PORT": values["ORIGIN"]},
                                                FIXTURES, self.scenario.probe))
            contenders = []
            for program in (self.scenario.sluice, *self.peers):
                port = machine.free_port()
                pid = stack.enter_context(machine.running(
                    program, self.cores.balancer, values | {"PORT": port}, FIXTURES / self.scenario.protocol,
                    self.scenario.balancer_probe()))
                contenders.append(Running(Contender(program.name, machine.version(program)), port, pid, program.polls))
                contenders[-1].rest()
            if self.load.reaches_origin:
                port = values["DIRECT" if self.load.tls else "ORIGIN"]
                contenders.append(Running(Contender(ORIGIN_ALONE, machine.version(origin)), port, None))
            yield contenders

    def settings(self) -> Settings:
        return Settings(
            date=f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
            command=shlex.join(["benchmarks/versus/run", *sys.argv[1:]]),
            machine=machine.describe(),
            load_average=self.load_average,
            cores=self.cores.describe(),
            network=self.network,
            load=self.load.describe(self.turns.seconds, len(self.cores.load)),
            rounds=self.rounds())


class LoadRun(Run):
    """Rounds in which each contender is loaded, in an order that rotates, after a round that does not count."""

    def measured(self) -> list[Contender]:
        with self.started() as contenders:
            self.warm_up(contenders)
            for turn in range(self.turns.rounds):
                first = turn % len(contenders)
                for running in contenders[first:] + contenders[:first]:
                    sample = self.sample(running)
                    running.contender.samples.append(sample)
                    say(f"round {turn + 1}/{self.turns.rounds}: {running.name}: {self.told(sample)}")
        return [running.contender for running in contenders]

    def warm_up(self, contenders: list[Running]) -> None:
        rates = []
        for running in contenders:
            say(f"warm-up: {running.name}")
            with running.awake():
                for _ in range(self.warm_up_turns(running.name)):
                    outcome = self.load.for_warm_up().run(
                        running.port, self.turns.seconds, self.cores.load, self.directory)
            if running.pid:
                rates.append(outcome.requests / outcome.seconds)
        self.load = self.load.tuned(min(rates))

    def warm_up_turns(self, name: str) -> int:
        is_sluice = name in (SLUICE.name, SLUICE_SLEEPING.name)
        return sluice_warm_up_turns(self.scenario, self.turns) if is_sluice else 1

    def sample(self, running: Running) -> Sample:
        if running.pid is None:
            return Sample.of(self.outcome(running), None, None)
        before = machine.cpu_seconds(running.pid)
        outcome = self.outcome(running)
        return Sample.of(outcome, machine.cpu_seconds(running.pid) - before, machine.resident_bytes(running.pid))

    def outcome(self, running: Running):
        with running.awake():
            outcome = self.load.run(running.port, self.turns.seconds, self.cores.load, self.directory)
        if outcome.requests == 0:
            raise SystemExit(f"versus: {running.name} has answered nothing in {self.scenario.name}")
        return outcome

    def told(self, sample: Sample) -> str:
        unit = self.scenario.unit
        text = f"{sample.units_per_second(unit.bytes):,.0f} {unit.rate}"
        return text + (f", {sample.errors} errors" if sample.errors else "")

    def rounds(self) -> str:
        return (f"{self.turns.rounds} of {self.turns.seconds} s for each, after a warm-up of "
                f"{self.warm_up_turns(SLUICE.name)} turns for Sluice and one for each other; "
                "order rotated every round")


class IdleRun(Run):
    """Rounds in which all are started anew, and each is given its idle connections in a few steps."""

    def measured(self) -> list[Contender]:
        found: dict[str, Contender] = {}
        for turn in range(self.turns.rounds):
            with self.started() as contenders:
                for running in contenders[:-1]:
                    contender = found.setdefault(running.name, running.contender)
                    contender.samples.append(self.sample(running))
                    say(f"round {turn + 1}/{self.turns.rounds}: {running.name}: "
                        f"{contender.samples[-1].loaded():.0f} MiB")
                reference = found.setdefault(BARE_JVM, Contender(BARE_JVM, "Sluice's JVM, no options, doing nothing"))
                reference.samples.append(self.bare_jvm(contenders[0].pid))
        return list(found.values())

    def sample(self, running: Running) -> IdleSample:
        resident = {0: settled(running.pid, running.name)}
        with ExitStack() as connections:
            for part in IDLE_STEPS:
                wanted = int(self.load.connections * part)
                for _ in range(wanted - max(resident)):
                    connections.enter_context(closing(self.load.connect(running.port)))
                resident[wanted] = settled(running.pid, running.name)
            if running.name != SLUICE.name:
                return IdleSample(resident)
            with_connections = live_heap_bytes(running.pid)
        time.sleep(LEAST_IDLE_SETTLE_SECONDS)
        return IdleSample(resident, (with_connections - live_heap_bytes(running.pid)) / self.load.connections / 1024)

    def bare_jvm(self, sluice_pid: int) -> IdleSample:
        """Without Sluice's options, which are its own choice: huge pages, for one, take several MiB."""
        java = os.readlink(f"/proc/{sluice_pid}/exe")
        program = Program(BARE_JVM, (java, "-cp", "@OWN@", "Bare"),
                          prepare=((str(Path(java).with_name("javac")), "-d", "@OWN@", "@FIXTURES@/Bare.java"),))
        values = {"DIRECTORY": self.directory, "PORT": 0}
        with machine.running(program, self.cores.balancer, values, FIXTURES) as pid:
            return IdleSample({0: settled(pid, BARE_JVM)})

    def rounds(self) -> str:
        return f"{self.turns.rounds}, all started anew in each"


def settled(pid: int, name: str) -> float:
    """The resident MiB of what has nothing to do, once it has had the time that it needs to notice."""
    time.sleep(IDLE_SETTLE_SECONDS.get(name, LEAST_IDLE_SETTLE_SECONDS))
    return machine.resident_bytes(pid) / 2**20


def live_heap_bytes(pid: int) -> int:
    """What is reachable in the heap of a JVM."""
    jcmd = os.path.join(os.path.dirname(os.readlink(f"/proc/{pid}/exe")), "jcmd")
    histogram = [jcmd, str(pid), "GC.class_histogram"]
    return reachable_bytes(subprocess.run(histogram, capture_output=True, text=True, check=True).stdout)


def reachable_bytes(histogram: str) -> int:
    """The sum of all classes, but for what a collector puts into gaps that it does not close."""
    rows = re.findall(r"^ *\d+: +\d+ +(\d+) +(\S+)", histogram, re.MULTILINE)
    return sum(int(size) for size, name in rows if "FillerElement" not in name and "FillerArray" not in name)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
