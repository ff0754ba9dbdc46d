"""Load generators: the command of each, and what its output says."""

import csv
import io
import json
import re
import shlex
import socket
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import machine
from programs import FIXTURES, ROOT, Program

WRK = Program("wrk", ("wrk",), ("wrk", "-v"), "apt-get install wrk")
PGBENCH = Program("pgbench", ("pgbench",), ("pgbench", "--version"), "apt-get install postgresql")
REDIS_BENCHMARK = Program("redis-benchmark", ("redis-benchmark",), ("redis-benchmark", "--version"),
                          "apt-get install redis-tools")
HANDSHAKES = Program("handshakes", version=("cc", "--version"), install="apt-get install gcc libc6-dev libssl-dev",
                     files=("/usr/include/openssl/ssl.h",),
                     prepare=(("cc", "-O2", "-o", "@DIRECTORY@/handshakes", "@FIXTURES@/handshakes.c", "-lssl",
                               "-lcrypto", "-lpthread"),))
# What clients with OpenSSL offer.
OFFERED = ("env", f"OPENSSL_CONF={FIXTURES / 'openssl.cnf'}")
SLUICE_BENCH = Program("sluice bench", ("@ROOT@/sluice",), ("@ROOT@/sluice", "--version"),
                       "a JDK 25 and Maven: see README.md")


@dataclass(frozen=True)
class Outcome:
    """What a load generator says after a turn. Bytes are those that it has received, 0 if it does not tell."""

    requests: int
    bytes: int
    seconds: float
    errors: int
    latency_ms: dict[str, float]    # by percentile, "p99"
    warm_up_seconds: float = 0      # of the same load, before what is counted


@dataclass(frozen=True)
class Load:
    """A load generator and its settings. Its command is complete but for what differs from turn to turn."""

    program: ClassVar[Program]
    reaches_origin: ClassVar[bool] = True   # or ends at the balancer
    tls: ClassVar[bool] = False

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        raise NotImplementedError

    def outcome(self, output: str, seconds: int, directory: Path) -> Outcome:
        raise NotImplementedError

    def for_warm_up(self) -> "Load":
        """What runs before the rounds."""
        return self

    def tuned(self, slowest_per_second: float) -> "Load":
        """What runs in the rounds, once the warm-up has shown what the slowest balancer can do."""
        return self

    def run(self, port: int, seconds: int, cores: list[int], directory: Path) -> Outcome:
        command = machine.on_cores(cores, machine.resolved(
            tuple(self.command(port, seconds, len(cores), directory)), {}))
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=directory)
        try:
            return self.outcome(done.stdout, seconds, directory)
        except (ValueError, KeyError, TypeError, StopIteration):
            raise SystemExit(f"versus: {self.program.name} failed:\n{done.stdout}{done.stderr}") from None

    def describe(self, seconds: int, threads: int) -> str:
        command = shlex.join(self.command(0, seconds, threads, Path()))
        return command.replace(f"{FIXTURES}/", "fixtures/").replace(f"{ROOT}/", "./")


@dataclass(frozen=True)
class Wrk(Load):
    """HTTP/1.1, closed loop."""

    path: str
    connections: int
    headers: tuple[str, ...] = ()
    program: ClassVar[Program] = WRK

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        headers = [argument for header in self.headers for argument in ("-H", header)]
        return ["wrk", "-t", str(min(threads, self.connections)), "-c", str(self.connections), "-d", f"{seconds}s",
                "--timeout", "10s", "-s", str(FIXTURES / "summary.lua"), *headers,
                f"http://127.0.0.1:{port}{self.path}"]

    def outcome(self, output: str, seconds: int, directory: Path) -> Outcome:
        summary = summary_of(output)
        return Outcome(summary["requests"], summary["bytes"], summary["duration_us"] / 1e6, summary["errors"],
                       latency_of(summary))


@dataclass(frozen=True)
class WrkTls(Wrk):
    """HTTP/1.1 over TLS, closed loop."""

    tls: ClassVar[bool] = True

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        *options, url = super().command(port, seconds, threads, directory)
        return [*OFFERED, *options, url.replace("http:", "https:")]


@dataclass(frozen=True)
class Handshakes(Load):
    """Connections over TLS that are closed as soon as both sides have finished their handshake."""

    clients: int
    resumed: bool
    program: ClassVar[Program] = HANDSHAKES
    reaches_origin: ClassVar[bool] = False
    tls: ClassVar[bool] = True

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        return [*OFFERED, str(directory / "handshakes"), str(port), str(seconds), str(self.clients),
                "resumed" if self.resumed else "full"]

    def outcome(self, output: str, seconds: int, directory: Path) -> Outcome:
        summary = summary_of(output)
        return Outcome(summary["handshakes"], 0, summary["duration_us"] / 1e6, summary["errors"], latency_of(summary))


def summary_of(output: str) -> dict[str, int]:
    line = next(line for line in output.splitlines() if line.startswith("summary "))
    return {name: int(value) for name, value in (pair.split("=") for pair in line.split()[1:])}


def latency_of(summary: dict[str, int]) -> dict[str, float]:
    return {name.removesuffix("_us"): value / 1e3 for name, value in summary.items() if name.startswith("p")}


@dataclass(frozen=True)
class Pgbench(Load):
    """PostgreSQL's own: selects by key, prepared."""

    clients: int
    program: ClassVar[Program] = PGBENCH

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        return ["pgbench", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-S", "-M", "prepared",
                "-c", str(self.clients), "-j", str(threads), "-T", str(seconds), "--no-vacuum",
                "--log", "--sampling-rate=0.1", f"--log-prefix={directory / 'transactions'}", "postgres"]

    def outcome(self, output: str, seconds: int, directory: Path) -> Outcome:
        def value(pattern: str) -> str:
            return re.search(pattern, output)[1]

        count = int(value(r"number of transactions actually processed: (\d+)"))
        return Outcome(count, 0, count / float(value(r"tps = ([\d.]+)")),
                       int(value(r"number of failed transactions: (\d+)")), percentiles(times_ms(directory)))


def times_ms(directory: Path) -> list[float]:
    """The third column of pgbench's logs, which are removed: microseconds that a transaction took."""
    times = []
    for log in directory.glob("transactions.*"):
        times += [int(line.split()[2]) / 1e3 for line in log.read_text().splitlines()]
        log.unlink()
    return times


def percentiles(values: list[float]) -> dict[str, float]:
    """The least value that so many percent of all do not exceed."""
    values = sorted(values)
    return {f"p{percent}": values[-(-len(values) * percent // 100) - 1] for percent in (50, 99)} if values else {}


@dataclass(frozen=True)
class RedisBenchmark(Load):
    """Redis' own: GET. It counts requests rather than seconds, so a turn is as many as a balancer does about then."""

    clients: int
    value_bytes: int
    program: ClassVar[Program] = REDIS_BENCHMARK

    REQUESTS_A_SECOND: ClassVar[int] = 50_000

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        return ["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "-t", "get", "-c", str(self.clients),
                "-n", str(self.REQUESTS_A_SECOND * seconds), "-d", str(self.value_bytes), "--csv"]

    def outcome(self, output: str, seconds: int, directory: Path) -> Outcome:
        start = output.index('"test"')
        row = next(csv.DictReader(io.StringIO(output[start:])))
        rate = float(row["rps"])
        count = self.REQUESTS_A_SECOND * seconds
        latency = {name: float(row[f"{name}_latency_ms"]) for name in ("p50", "p95", "p99")}
        return Outcome(count, 0, count / rate, 0, latency)


@dataclass(frozen=True)
class Idle(Load):
    """Connections that have had one answer each and then stay open, made by the run itself."""

    connections: int
    program: ClassVar[Program] = Program("the run itself")

    REQUEST: ClassVar[bytes] = b"GET /small HTTP/1.1\r\nHost: versus\r\n\r\n"
    BODY_BYTES: ClassVar[int] = 128

    def connect(self, port: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.sendall(self.REQUEST)
        received = b""
        while len(received.partition(b"\r\n\r\n")[2]) < self.BODY_BYTES:
            more = connection.recv(4096)
            if not more:
                raise SystemExit("versus: a connection was closed that should stay open")
            received += more
        return connection

    def describe(self, seconds: int, threads: int) -> str:
        return f"{self.connections:,} connections made one after the other"


@dataclass(frozen=True)
class Bench(Load):
    """Sluice's own: HTTP/1.1, open loop, so that the wait of requests that could not be sent in time counts."""

    path: str
    connections: int
    rate: int = 0       # requests a second over all connections, once the warm-up has shown what is possible
    program: ClassVar[Program] = SLUICE_BENCH

    WARM_UP_SECONDS: ClassVar[int] = 2
    PERCENTILES: ClassVar[tuple[str, ...]] = ("p50", "p90", "p99", "p99.9", "p99.99")

    def command(self, port: int, seconds: int, threads: int, directory: Path) -> list[str]:
        return [str(ROOT / "sluice"), "bench", "-t", str(threads), "-c", str(self.connections), "-R", str(self.rate),
                "--warm-up", f"{self.WARM_UP_SECONDS}s", "-d", f"{seconds}s", "--json", "-",
                f"http://127.0.0.1:{port}{self.path}"]

    def outcome(self, output: str, seconds: int, directory: Path) -> Outcome:
        found = json.loads(output)
        latency = {name: found["latency_ms"][name] for name in self.PERCENTILES}
        return Outcome(found["answered"], found["bytes"], found["seconds"], found["failed"] + found["unsent"], latency,
                       self.WARM_UP_SECONDS)

    def for_warm_up(self) -> Load:
        return Wrk(self.path, self.connections)

    def tuned(self, slowest_per_second: float) -> Load:
        return replace(self, rate=half_rounded(slowest_per_second))


def half_rounded(rate: float) -> int:
    """Half of a rate, down to a whole hundred."""
    return max(100, int(rate / 2) // 100 * 100)
