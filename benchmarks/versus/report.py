"""From samples to a page of Markdown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalogue import SCENARIOS, Scenario, Unit
from loads import Idle
from measurement import BARE_JVM
from samples import Contender, IdleSample, Result, Sample, Spread, Value, ratio, spread

PERCENTILES = ("p50", "p90", "p95", "p99", "p99.9", "p99.99")


@dataclass(frozen=True)
class Column:
    heading: str
    cell: Callable[[Contender], Spread | int | None]


def scenario_of(result: Result) -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.name == result.scenario)


def is_idle(result: Result) -> bool:
    return isinstance(scenario_of(result).load, Idle)


def page(result: Result) -> str:
    scenario = scenario_of(result)
    settings = result.settings
    tables = [idle_table(result)] if is_idle(result) else load_tables(result, scenario.unit)
    return "\n".join([
        f"# {scenario.name}",
        "",
        scenario.says,
        "Medians of the rounds, least and greatest in brackets. \"Against\" is Sluice's value divided by that of the",
        "line's contender in the same round.",
        "",
        f"![{scenario.name}]({scenario.name}.svg)",
        "",
        *(line for table in tables for line in (*table, "")),
        *(IDLE_NOTES if is_idle(result) else LOAD_NOTES),
        "",
        f"- Date: {settings.date}",
        f"- Machine: {settings.machine}; load average at the start {settings.load_average}",
        f"- Cores: {settings.cores}",
        f"- Congestion control: {settings.network}",
        f"- Load: {settings.load}",
        f"- Rounds: {settings.rounds}",
        *(f"- {contender.name}: {contender.version}" for contender in result.contenders),
        f"- Command: `{settings.command}`",
    ]) + "\n"


LOAD_NOTES = (
    "CPU is user and system time of the balancer's processes, on the one core that they have; memory is their resident",
    "set after a round. The origin alone, if it is there, shows what origin and load generator can do at most.",
)
IDLE_NOTES = (
    "Resident sets. \"Each connection\" is the growth from a quarter of the connections on, divided by their number: a",
    "client's and, through TCP, its server's. The live heap is what can be reached while all connections are open,",
    "less what can be reached without them. The bare JVM has no options. Sluice is measured 16 s after each step, when",
    "its JVM has given back what compiling took and Sluice has dropped the pages of files that are not in use; all",
    "others after 0.5 s. So Sluice's growth may be less than nothing; its live heap says what a connection takes.",
)


def table(result: Result, columns: list[Column], keep: Callable[[Contender], bool] = lambda _: True) -> Iterator[str]:
    yield "| | " + " | ".join(column.heading for column in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for contender in filter(keep, result.contenders):
        cells = (column.cell(contender) for column in columns)
        yield f"| {contender.name} | " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |"


def plain(heading: str, value: Callable) -> Column:
    return Column(heading, lambda contender: spread(contender, value))


def against(result: Result, value: Callable) -> Column:
    return Column("against", lambda contender: None if contender is result.sluice
                  else ratio(result.sluice, contender, value))


def load_tables(result: Result, unit: Unit) -> list[Iterator[str]]:
    rate, cost = rate_of(unit), cost_of(unit)
    throughput = [plain(unit.rate, rate), against(result, rate), plain("core busy %", busy_percent),
                  Column("errors", lambda contender: sum(sample.errors for sample in contender.samples))]
    costs = [plain(f"CPU µs a {unit.name}", cost), against(result, cost)]
    if any(sample.bytes_per_second for sample in result.sluice.samples):
        costs.append(plain("CPU ns a byte", Sample.cpu_ns_per_byte))
    costs.append(plain("memory MiB", lambda sample: sample.resident_mib))
    latencies = [column for name in percentiles_of(result)
                 for column in (plain(f"{name} ms", latency(name)), against(result, latency(name)))]
    return [table(result, throughput), table(result, costs, is_balancer), table(result, latencies)]


def percentiles_of(result: Result) -> list[str]:
    return [name for name in PERCENTILES if any(name in sample.latency_ms for sample in result.sluice.samples)]


def rate_of(unit: Unit) -> Value:
    return lambda sample: sample.units_per_second(unit.bytes)


def cost_of(unit: Unit) -> Value:
    return lambda sample: sample.cpu_us_per_unit(unit.bytes)


def latency(percentile: str) -> Value:
    return lambda sample: sample.latency_ms.get(percentile)


def busy_percent(sample: Sample) -> float | None:
    return None if sample.cpu_cores is None else sample.cpu_cores * 100


def is_balancer(contender: Contender) -> bool:
    return any(sample.cpu_cores is not None for sample in contender.samples)


def idle_table(result: Result) -> Iterator[str]:
    return table(result, [
        plain("MiB at rest", IdleSample.at_rest),
        plain(f"MiB with {result.sluice.samples[0].most:,}", IdleSample.loaded),
        against(result, IdleSample.loaded),
        Column("against it and a bare JVM", lambda contender: against_with_jvm(result, contender)),
        plain("KiB each connection", IdleSample.kib_per_connection),
        plain("live heap KiB each", lambda sample: sample.live_heap_kib),
    ])


def against_with_jvm(result: Result, peer: Contender) -> Spread | None:
    """Sluice's memory divided by the peer's and that of a JVM which does nothing."""
    jvm = result.contender(BARE_JVM)
    if peer is result.sluice or peer is jvm or jvm is None:
        return None
    rounds = zip(result.sluice.samples, peer.samples, jvm.samples)
    return Spread.of(own.loaded() / (other.loaded() + bare.at_rest()) for own, other, bare in rounds)
