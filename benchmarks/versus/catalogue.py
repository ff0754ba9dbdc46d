"""What is measured, and against whom. A further scenario or peer is a further entry here and a file in fixtures/."""

from dataclasses import dataclass, replace
from pathlib import Path

from loads import Bench, Handshakes, Idle, Load, Pgbench, RedisBenchmark, Wrk, WrkTls
from machine import Cores
from programs import FIXTURES, ROOT, Probe, Program

HTTP_PROBE = Probe(b"GET /small HTTP/1.1\r\nHost: versus\r\nConnection: close\r\n\r\n", b"HTTP/1.1 200")
REDIS_PROBE = Probe(b"PING\r\n", b"+PONG")
# Protocol 3.0, user and database postgres; R is the first byte of "you are in".
POSTGRES_PROBE = Probe(b"\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0", b"R")


@dataclass(frozen=True)
class Unit:
    """What throughput is counted in."""

    name: str
    rate: str
    bytes: float = 0    # of one unit; 0 if it is a request, of whatever size


REQUEST = Unit("request", "requests/s")
HANDSHAKE = Unit("handshake", "handshakes/s")
TRANSACTION = Unit("transaction", "transactions/s")
MEGABYTE = Unit("MB", "MB/s", 1e6)

SLUICE = Program("sluice", ("@ROOT@/sluice", "run", "-f", "@CONFIG@"), ("@ROOT@/sluice", "--version"),
                 "a JDK 25 and Maven: see README.md", fixture="sluice.yaml")
SLUICE_POLLING = replace(SLUICE, fixture="sluice-polling.yaml")
SLUICE_SLEEPING = replace(SLUICE, name="sluice-sleeping", fixture="sluice-sleeping.yaml")
HAPROXY = Program("haproxy", ("haproxy", "-db", "-f", "@CONFIG@"), ("haproxy", "-v"),
                  "apt-get install haproxy", fixture="haproxy.cfg")
HAPROXY_SPLICE = Program("haproxy-splice", ("haproxy", "-db", "-f", "@CONFIG@"), ("haproxy", "-v"),
                         "apt-get install haproxy", fixture="haproxy-splice.cfg")
HAPROXY_POLLING = replace(HAPROXY, name="haproxy-polling", fixture="haproxy-polling.cfg", polls=True)
NGINX = Program("nginx", ("nginx", "-c", "@CONFIG@"), ("nginx", "-v"),
                "apt-get install nginx libnginx-mod-stream", fixture="nginx.conf",
                files=("/usr/lib/nginx/modules/ngx_stream_module.so",))
RELAY = Program("relay", ("@OWN@/relay", "@PORT@", "@ORIGIN@"), ("cc", "--version"), "apt-get install gcc libc6-dev",
                needs=("cc",), prepare=(("cc", "-O2", "-o", "@OWN@/relay", "@FIXTURES@/relay.c"),))
PROXY = replace(RELAY, name="proxy", command=("@OWN@/proxy", "@PORT@", "@ORIGIN@"),
                prepare=(("cc", "-O2", "-o", "@OWN@/proxy", "@FIXTURES@/proxy.c"),))
PEERS = (HAPROXY, HAPROXY_SPLICE, HAPROXY_POLLING, NGINX, RELAY, PROXY, SLUICE_SLEEPING)

WEB = Program("nginx as the origin", ("nginx", "-c", "@CONFIG@"), ("nginx", "-v"), "apt-get install nginx",
              fixture="origin.conf")
WEB_TLS = replace(WEB, fixture="origin-tls.conf")
# As HAProxy wants it: a key beside its certificate, named alike.
CERTIFICATE = Program(
    "openssl", version=("openssl", "version"), install="apt-get install openssl",
    prepare=(("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
              "-sha256", "-days", "365", "-subj", "/CN=localhost",
              "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
              "-keyout", "@DIRECTORY@/certificate.pem.key", "-out", "@DIRECTORY@/certificate.pem"),))
POSTGRES = Program(
    "PostgreSQL", ("postgres", "-D", "@OWN@/data", "-c", "config_file=@CONFIG@"), ("postgres", "--version"),
    "apt-get install postgresql", fixture="postgresql.conf", unprivileged=True, needs=("initdb", "pgbench"),
    prepare=(("initdb", "--auth=trust", "--username=postgres", "--no-sync", "-D", "@OWN@/data"),),
    populate=(("pgbench", "-h", "127.0.0.1", "-p", "@PORT@", "-U", "postgres", "-i", "-q", "-s", "10", "postgres"),))
REDIS = Program("Redis", ("redis-server", "@CONFIG@"), ("redis-server", "--version"),
                "apt-get install redis-server redis-tools", fixture="redis.conf", needs=("redis-benchmark",),
                populate=(("redis-benchmark", "-p", "@PORT@", "-t", "set", "-n", "1", "-d", "128", "-q"),))


@dataclass(frozen=True)
class Scenario:
    name: str
    says: str               # in one sentence, what the load is
    protocol: str           # the directory of the balancers' fixtures
    load: Load
    unit: Unit = REQUEST
    peers: tuple[Program, ...] = (HAPROXY, NGINX)
    origin: Program = WEB
    probe: Probe = HTTP_PROBE
    rounds: int = 9        # many short ones, as machines drift: what meets one round meets all contenders
    seconds: int = 1        # of load, each turn; more where it takes a while to connect
    dear_load: bool = False     # a request costs clients more than balancers, the origin least
    sluice: Program = SLUICE

    def cores(self, planned: Cores) -> Cores:
        if not self.load.reaches_origin:
            return planned.with_idle_origin()
        return planned.with_dear_load() if self.dear_load else planned

    def tools(self) -> list[Program]:
        """What it needs besides balancers and the origin, each to be prepared before they start."""
        return [*([CERTIFICATE] if self.load.tls else []), self.load.program, self.load.for_warm_up().program]

    def balancer_probe(self) -> Probe:
        return replace(self.probe, tls=self.load.tls)


TCP_PEERS = (HAPROXY, NGINX, RELAY)
HTTP_PEERS = (HAPROXY, NGINX, PROXY)
BULK_PEERS = (HAPROXY, HAPROXY_SPLICE, NGINX)
POLLING = {"sluice": SLUICE_POLLING, "peers": (HAPROXY, HAPROXY_POLLING)}
CLOSE = ("Connection: close",)
# Its turns begin with a warm-up of the generator, and a tail takes many requests.
OPEN_LOOP = {"rounds": 5, "seconds": 3}
IDLE = {"rounds": 2}

SCENARIOS = (
    Scenario("tcp-small-1", "One keep-alive connection, asking again as soon as it has its answer of 128 bytes.",
             "tcp", Wrk("/small", 1), peers=TCP_PEERS),
    Scenario("tcp-small", "64 keep-alive connections, each asking again as soon as it has its answer of 128 bytes.",
             "tcp", Wrk("/small", 64), peers=TCP_PEERS),
    Scenario("tcp-small-1000",
             "1,000 keep-alive connections, each asking again as soon as it has its answer of 128 bytes.",
             "tcp", Wrk("/small", 1000), peers=TCP_PEERS, seconds=2),
    Scenario("tcp-bulk", "8 keep-alive connections, each fetching a file of 10 MB again and again.",
             "tcp", Wrk("/bulk", 8), MEGABYTE, peers=(*BULK_PEERS, RELAY)),
    Scenario("tcp-connect", "64 clients, each opening a connection for every request; answers of 128 bytes.",
             "tcp", Wrk("/small", 64, CLOSE), peers=TCP_PEERS),
    Scenario("tcp-latency", "64 keep-alive connections, asking at a fixed rate for answers of 128 bytes: half of what "
             "the slowest balancer can do.", "tcp", Bench("/small", 64), peers=(*TCP_PEERS, SLUICE_SLEEPING),
             **OPEN_LOOP),
    Scenario("tcp-latency-polling", "As tcp-latency, but Sluice always polls for 50 µs before it sleeps.",
             "tcp", Bench("/small", 64), **OPEN_LOOP, **POLLING),
    Scenario("tcp-idle", "4,000 connections that have had one answer each and stay open.",
             "tcp", Idle(4000), peers=TCP_PEERS, **IDLE),
    Scenario("http-small", "64 keep-alive connections, each asking again as soon as it has its answer of 128 bytes.",
             "http", Wrk("/small", 64), peers=HTTP_PEERS),
    Scenario("http-16k", "64 keep-alive connections, each fetching a file of 16 KiB again and again.",
             "http", Wrk("/16k", 64), peers=HTTP_PEERS),
    Scenario("http-bulk", "8 keep-alive connections, each fetching a file of 10 MB again and again.",
             "http", Wrk("/bulk", 8), MEGABYTE, peers=BULK_PEERS),
    Scenario("http-connect", "64 clients, each opening a connection for every request; answers of 128 bytes.",
             "http", Wrk("/small", 64, CLOSE), peers=HTTP_PEERS, dear_load=True),
    Scenario("http-latency", "64 keep-alive connections, asking at a fixed rate for answers of 128 bytes: half of "
             "what the slowest balancer can do.", "http", Bench("/small", 64),
             peers=(HAPROXY, NGINX, SLUICE_SLEEPING), **OPEN_LOOP),
    Scenario("http-latency-polling", "As http-latency, but Sluice always polls for 50 µs before it sleeps.",
             "http", Bench("/small", 64), **OPEN_LOOP, **POLLING),
    Scenario("http-idle", "4,000 keep-alive connections that have had one answer each and stay open.",
             "http", Idle(4000), **IDLE),
    Scenario("tls-full", "64 clients over TLS, each shaking hands again and again, every time in full.",
             "https", Handshakes(64, resumed=False), HANDSHAKE),
    Scenario("tls-resumed", "64 clients over TLS, each shaking hands again and again with its newest ticket.",
             "https", Handshakes(64, resumed=True), HANDSHAKE),
    Scenario("https-small", "64 keep-alive connections over TLS, each asking again as soon as it has its answer of 128 "
             "bytes.", "https", WrkTls("/small", 64), origin=WEB_TLS),
    Scenario("https-bulk", "8 keep-alive connections over TLS, each fetching a file of 10 MB again and again.",
             "https", WrkTls("/bulk", 8), MEGABYTE, origin=WEB_TLS),
    Scenario("pgbench", "PostgreSQL: 64 clients, each selecting one row by its key with a prepared statement.",
             "tcp", Pgbench(64), TRANSACTION, TCP_PEERS, POSTGRES, POSTGRES_PROBE, seconds=2),
    Scenario("redis", "Redis: 64 clients, each getting a value of 128 bytes again and again.",
             "tcp", RedisBenchmark(64, 128), REQUEST, TCP_PEERS, REDIS, REDIS_PROBE),
)

# What the web origin serves as files: names in its directory, and their sizes.
FILES = {"bulk": 10_000_000, "16k": 16 * 1024}
