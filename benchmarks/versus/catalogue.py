"""What is measured, and against whom. A further scenario or peer is a further entry here and a file in fixtures/."""

from dataclasses import dataclass
from pathlib import Path

VERSUS = Path(__file__).resolve().parent
ROOT = VERSUS.parent.parent
FIXTURES = VERSUS / "fixtures"


@dataclass(frozen=True)
class Unit:
    """What throughput is counted in."""

    name: str
    rate: str
    field: str      # of wrk's summary
    size: float     # of one unit, in that field


REQUEST = Unit("request", "requests/s", "requests", 1)
MEGABYTE = Unit("MB", "MB/s", "bytes", 1e6)


@dataclass(frozen=True)
class Scenario:
    name: str
    says: str               # in one sentence, what the load is
    protocol: str           # the directory of the balancers' fixtures
    path: str               # what is asked of the origin
    connections: int
    unit: Unit
    headers: tuple[str, ...] = ()
    peers: tuple[str, ...] = ("haproxy", "nginx")


@dataclass(frozen=True)
class Program:
    """Something installed on this machine. @CONFIG@ in a command stands for the filled-in fixture."""

    name: str
    executable: str
    version: tuple[str, ...]
    install: str                    # what to type when it is missing
    command: tuple[str, ...] = ()
    fixture: str = ""
    files: tuple[str, ...] = ()     # what it needs besides the executable


SCENARIOS = (
    Scenario("tcp-small", "64 keep-alive connections, each asking again as soon as it has its answer of 128 bytes.",
             "tcp", "/small", 64, REQUEST),
    Scenario("tcp-connect", "64 clients, each opening a connection for every request; answers of 128 bytes.",
             "tcp", "/small", 64, REQUEST, headers=("Connection: close",)),
    Scenario("tcp-bulk", "8 keep-alive connections, each fetching a file of 10 MB again and again.",
             "tcp", "/bulk", 8, MEGABYTE, peers=("haproxy", "haproxy-splice", "nginx")),
    Scenario("http-small", "64 keep-alive connections, each asking again as soon as it has its answer of 128 bytes.",
             "http", "/small", 64, REQUEST),
    Scenario("http-16k", "64 keep-alive connections, each fetching a file of 16 KiB again and again.",
             "http", "/16k", 64, REQUEST),
    Scenario("http-connect", "64 clients, each opening a connection for every request; answers of 128 bytes.",
             "http", "/small", 64, REQUEST, headers=("Connection: close",)),
)

SLUICE = Program("sluice", str(ROOT / "sluice"), ("--version",), "a JDK 25 and Maven: see README.md",
                 ("run", "-f", "@CONFIG@"), "sluice.yaml")

PEERS = (
    Program("haproxy", "haproxy", ("-v",), "apt-get install haproxy", ("-db", "-f", "@CONFIG@"), "haproxy.cfg"),
    Program("haproxy-splice", "haproxy", ("-v",), "apt-get install haproxy", ("-db", "-f", "@CONFIG@"),
            "haproxy-splice.cfg"),
    Program("nginx", "nginx", ("-v",), "apt-get install nginx libnginx-mod-stream", ("-c", "@CONFIG@"), "nginx.conf",
            files=("/usr/lib/nginx/modules/ngx_stream_module.so",)),
)

ORIGIN = Program("origin", "nginx", ("-v",), "apt-get install nginx", ("-c", "@CONFIG@"), "origin.conf")

LOAD = Program("wrk", "wrk", ("-v",), "apt-get install wrk")

# What the origin serves as files: names in its directory, and their sizes.
FILES = {"bulk": 10_000_000, "16k": 16 * 1024}
