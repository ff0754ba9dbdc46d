"""Which plot a result gets."""

import math

import plot
import report
from loads import Bench
from plot import Axis, Line, Panel, Ratio
from samples import Contender, IdleSample, Result, Sample, Spread, Value, ratio, spread


def figure(result: Result) -> str:
    scenario = report.scenario_of(result)
    if report.is_idle(result):
        return memory(result)
    if isinstance(scenario.load, Bench):
        return latencies(result)
    unit = scenario.unit
    return plot.bars(result.scenario, [
        Panel(f"{result.scenario}: {unit.rate} (more is better)", bars(result, report.rate_of(unit))),
        Panel(f"CPU µs a {unit.name} (less is better)", bars(result, report.cost_of(unit))),
        *(Panel(f"{name} of latency, ms (less is better)", bars(result, report.latency(name)))
          for name in ("p50", "p99")),
    ])


def bars(result: Result, value: Value) -> dict[str, Spread]:
    found = {contender.name: spread(contender, value) for contender in result.contenders}
    return {name: one for name, one in found.items() if one}


def latencies(result: Result) -> str:
    percentiles = Bench.PERCENTILES
    values = [sample.latency_ms[name] for contender in result.contenders for sample in contender.samples
              for name in percentiles]
    low, high = min(values) * 0.8, max(values) * 1.2
    first, last = plot.nines(percentiles[0]), plot.nines(percentiles[-1])

    def x_of(name: str) -> float:
        return (plot.nines(name) - first) / (last - first)

    def y_of(value: float) -> float:
        return math.log(value / low) / math.log(high / low)

    def line(contender: Contender) -> Line:
        spreads = {name: spread(contender, report.latency(name)) for name in percentiles}
        return Line(contender.name, [(x_of(name), y_of(one.median), y_of(one.least), y_of(one.greatest))
                                     for name, one in spreads.items()])

    rate = spread(result.sluice, lambda sample: sample.requests_per_second).median
    return plot.lines(f"{result.scenario}: {rate:,.0f} requests/s for each (less is better)",
                      Axis("percentile", {name: x_of(name) for name in percentiles}),
                      Axis("ms", plot.log_ticks(low, high)), [line(contender) for contender in result.contenders])


def memory(result: Result) -> str:
    most = result.sluice.samples[0].most
    high = 1.1 * max(mib for contender in result.contenders for sample in contender.samples
                     for mib in sample.resident_mib.values())

    def line(contender: Contender) -> Line:
        # Who has no connections gets a level line.
        steps = sorted(contender.samples[0].resident_mib)
        points = {connections: spread(contender, lambda sample: sample.resident_mib[connections])
                  for connections in steps}
        if steps == [0]:
            points[most] = points[0]
        return Line(contender.name, [(connections / most, one.median / high, one.least / high, one.greatest / high)
                                     for connections, one in points.items()])

    ticks = {f"{count:,}": count / most for count in result.sluice.samples[0].resident_mib}
    return plot.lines(f"{result.scenario}: resident memory (less is better)", Axis("idle connections", ticks),
                      Axis("MiB", plot.linear_ticks(high)), [line(contender) for contender in result.contenders])


def overview(results: list[Result]) -> str:
    """Throughput of all scenarios that have it as their aim."""
    rows = []
    for result in results:
        scenario = report.scenario_of(result)
        if not report.is_idle(result) and not isinstance(scenario.load, Bench):
            rate = report.rate_of(scenario.unit)
            peers = {peer.name: ratio(result.sluice, peer, rate) for peer in peers_of(result)}
            rows.append(Ratio(result.scenario, {name: one for name, one in peers.items() if one}))
    return plot.overview("Throughput of Sluice, divided by that of each peer",
                         "Right of the line, Sluice is ahead. Medians of the rounds, with their range.", rows)


def peers_of(result: Result) -> list[Contender]:
    return [contender for contender in result.contenders[1:] if report.is_balancer(contender)]
