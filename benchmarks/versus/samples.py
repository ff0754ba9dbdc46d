"""What a run has found, as it is kept in a file beside each page, and the arithmetic on it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from loads import Outcome


@dataclass(frozen=True)
class Sample:
    """One contender's part of one round. CPU and memory are the balancer's; None for the origin alone."""

    requests_per_second: float
    bytes_per_second: float         # 0 if the load generator does not tell
    errors: int
    latency_ms: dict[str, float]    # by percentile, "p99"
    cpu_cores: float | None         # CPU seconds in a second
    resident_mib: float | None

    @staticmethod
    def of(outcome: Outcome, cpu_seconds: float | None, resident_bytes: int | None) -> "Sample":
        return Sample(
            outcome.requests / outcome.seconds, outcome.bytes / outcome.seconds, outcome.errors, outcome.latency_ms,
            None if cpu_seconds is None else cpu_seconds / (outcome.seconds + outcome.warm_up_seconds),
            None if resident_bytes is None else resident_bytes / 2**20)

    def units_per_second(self, unit_bytes: float) -> float:
        return self.bytes_per_second / unit_bytes if unit_bytes else self.requests_per_second

    def cpu_us_per_unit(self, unit_bytes: float) -> float | None:
        return None if self.cpu_cores is None else self.cpu_cores / self.units_per_second(unit_bytes) * 1e6

    def cpu_ns_per_byte(self) -> float | None:
        return self.cpu_cores / self.bytes_per_second * 1e9 if self.cpu_cores and self.bytes_per_second else None


@dataclass(frozen=True)
class IdleSample:
    """One contender's part of one round of idle connections: its memory at each number of them, 0 among them."""

    resident_mib: dict[int, float]
    live_heap_kib: float | None = None      # per connection; of Sluice only

    @property
    def most(self) -> int:
        return max(self.resident_mib)

    def at_rest(self) -> float:
        return self.resident_mib[0]

    def loaded(self) -> float | None:
        return self.resident_mib[self.most] if self.most else None

    def kib_per_connection(self) -> float | None:
        """From the first step on, when what is made once has been made."""
        if not self.most:
            return None
        first = sorted(self.resident_mib)[1]
        return (self.resident_mib[self.most] - self.resident_mib[first]) * 1024 / (self.most - first)


@dataclass
class Contender:
    """Who is measured: a balancer, or the origin alone. Samples are in the order of the rounds."""

    name: str
    version: str
    samples: list = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    date: str
    command: str
    machine: str
    load_average: str
    cores: str
    load: str
    rounds: str
    network: str = "the host's"     # which was all there was when the first samples were kept


@dataclass(frozen=True)
class Result:
    """All of one scenario. The first contender is Sluice."""

    scenario: str
    settings: Settings
    contenders: list[Contender]

    @property
    def sluice(self) -> Contender:
        return self.contenders[0]

    def contender(self, name: str) -> Contender | None:
        return next((contender for contender in self.contenders if contender.name == name), None)

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @staticmethod
    def read(file: Path) -> "Result":
        value = json.loads(file.read_text())
        contenders = [Contender(one["name"], one["version"], [sample_of(sample) for sample in one["samples"]])
                      for one in value["contenders"]]
        return Result(value["scenario"], Settings(**value["settings"]), contenders)


def sample_of(value: dict) -> Sample | IdleSample:
    if "requests_per_second" in value:
        return Sample(**value)
    # JSON's keys are strings.
    resident = {int(connections): mib for connections, mib in value["resident_mib"].items()}
    return IdleSample(resident, value["live_heap_kib"])


@dataclass(frozen=True)
class Spread:
    """Median, least and greatest of the rounds."""

    median: float
    least: float
    greatest: float

    @staticmethod
    def of(values: Iterable[float | None]) -> "Spread | None":
        known = [value for value in values if value is not None]
        return Spread(median(known), min(known), max(known)) if known else None

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.least)} .. {number(self.greatest)})"


Value = Callable[[Sample], float | None]


def spread(contender: Contender, value: Value) -> Spread | None:
    return Spread.of(map(value, contender.samples))


def ratio(sluice: Contender, peer: Contender, value: Value) -> Spread | None:
    """Sluice's value divided by the peer's of the same round."""
    pairs = [(value(own), value(other)) for own, other in zip(sluice.samples, peer.samples)]
    return Spread.of(own / other for own, other in pairs if own is not None and other)


def number(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f}"
