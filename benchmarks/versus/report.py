"""From samples to a page of Markdown."""

import datetime
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

from catalogue import Scenario


@dataclass(frozen=True)
class Sample:
    """One peer's part of one round. The units are those of the scenario."""

    per_second: float
    cpu_us_per_unit: float
    resident_mib: float
    p50_ms: float
    p99_ms: float
    errors: int


@dataclass
class Contender:
    """Who is measured: a balancer, or the origin alone. Samples are in the order of the rounds."""

    name: str
    url: str
    pid: int | None
    version: str
    samples: list[Sample] = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    command: str
    machine: str
    cores: str
    load: str
    rounds: str
    load_average: str


def spread(values: Iterable[float]) -> str:
    values = sorted(values)
    return f"{number(median(values))} ({number(values[0])} .. {number(values[-1])})"


def number(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def page(scenario: Scenario, contenders: list[Contender], settings: Settings) -> str:
    unit = scenario.unit
    lines = [
        f"# {scenario.name}",
        "",
        scenario.says,
        "Medians of the rounds, least and greatest in brackets. The origin alone shows what origin and load generator",
        "can do at most.",
        "",
        f"| | {unit.rate} | Sluice against it | CPU µs a {unit.name} | p50 ms | p99 ms | memory MiB | errors |",
        "|---|---|---|---|---|---|---|---|",
        *(row(contender, contenders[0]) for contender in contenders),
        "",
        f"- Date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        f"- Machine: {settings.machine}; load average at the start {settings.load_average}",
        f"- Cores: {settings.cores}",
        f"- Load: {settings.load}",
        f"- Rounds: {settings.rounds}",
        *(f"- {contender.name}: {contender.version}" for contender in contenders),
        f"- Command: `{settings.command}`",
        "",
        "\"Sluice against it\" is Sluice's throughput divided by the peer's of the same round. CPU is user and system",
        "time of the balancer's processes, memory their resident set after a round.",
    ]
    return "\n".join(lines) + "\n"


def row(contender: Contender, sluice: Contender) -> str:
    def column(value: Callable[[Sample], float]) -> str:
        return spread(map(value, contender.samples))

    is_balancer = contender.pid is not None
    ratio = "" if contender is sluice else spread(
        own.per_second / other.per_second for own, other in zip(sluice.samples, contender.samples))
    cells = [
        contender.name,
        column(lambda sample: sample.per_second),
        ratio,
        column(lambda sample: sample.cpu_us_per_unit) if is_balancer else "",
        column(lambda sample: sample.p50_ms),
        column(lambda sample: sample.p99_ms),
        column(lambda sample: sample.resident_mib) if is_balancer else "",
        str(sum(sample.errors for sample in contender.samples)),
    ]
    return "| " + " | ".join(cells) + " |"


def load_average() -> str:
    return f"{os.getloadavg()[0]:.1f}"
