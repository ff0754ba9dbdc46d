"""README's tables of what was measured, from the results; no number of them is typed by hand."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import figures
import report
from catalogue import SCENARIOS
from loads import Bench
from measurement import BARE_JVM
from programs import ROOT
from samples import Contender, Result, number, ratio, spread

README = ROOT / "README.md"
RESULTS = ROOT / "benchmarks" / "results"
BEGIN = "<!-- measured: benchmarks/versus/run writes what follows -->"
END = "<!-- measured: until here -->"
NAMES = {"haproxy": "HAProxy", "haproxy-splice": "HAProxy with splice", "haproxy-polling": "HAProxy, polling",
         "nginx": "nginx", "relay": "bare C relay", "proxy": "bare C proxy",
         "sluice-sleeping": "Sluice, `busy-poll: off`"}
# No scenario has both, so they share a column.
BARE = {"relay": "bare C", "proxy": "bare C"}
PROGRAMS = ("sluice", "haproxy", "nginx")


def update(readme: Path = README, results: Path = RESULTS) -> None:
    """Writes the overview's plot and README's section anew, from all results that are there."""
    found = read(results)
    (results / "overview.svg").write_text(figures.overview(found))
    text = readme.read_text()
    section = f"{BEGIN}\n\n" + "\n".join(lines(found)) + f"\n{END}"
    readme.write_text(re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: section, text, flags=re.DOTALL))


def read(results: Path) -> list[Result]:
    files = [results / f"{scenario.name}.json" for scenario in SCENARIOS]
    return [Result.read(file) for file in files if file.exists()]


def lines(results: list[Result]) -> Iterator[str]:
    idle = [result for result in results if report.is_idle(result)]
    latency = [result for result in results if isinstance(report.scenario_of(result).load, Bench)]
    throughput = [result for result in results if result not in idle and result not in latency]
    if throughput:
        yield from (provenance(throughput), "", "![Overview](benchmarks/results/overview.svg)", "")
        yield from (*throughput_table(throughput), "")
    if latency:
        yield from ("Latency at a fixed rate, half of what the slowest balancer can do (open loop), in ms. By "
                    "default Sluice polls for up to 10 µs before it sleeps where that pays "
                    "([busy-poll](config/SERVICE.md#the-host)); where it says polling, always for 50 µs, which may "
                    "take a whole core:", "")
        yield from (*latency_table(latency), "")
        yield from (plot for result in latency for plot in (image(result), ""))
    if idle:
        yield from ("Memory with idle connections:", "", *idle_table(idle), "")


def provenance(results: list[Result]) -> str:
    """Results may be of several runs; then all dates, machines and versions are told."""
    settings = [result.settings for result in results]
    dates = sorted(setting.date for setting in settings)
    machines = " and ".join(distinct(setting.machine for setting in settings))
    networks = " and ".join(distinct(setting.network for setting in settings))
    versions = "; ".join(filter(None, (" and ".join(versions_of(results, name)) for name in PROGRAMS)))
    return (f"{' to '.join(distinct([dates[0], dates[-1]]))}, {machines}. {versions}. Congestion control: {networks}. "
            "Medians; the pages have the ranges, how many rounds of which length there were, and what was measured "
            "when.")


def versions_of(results: list[Result], name: str) -> list[str]:
    return distinct(contender.version for result in results for contender in result.contenders
                    if contender.name == name)


def distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def columns(results: list[Result]) -> dict[str, list[str]]:
    """Headings of the peers that there are, and whose values are below each."""
    present = {peer.name for result in results for peer in figures.peers_of(result)}
    found = {}
    for name in NAMES:
        if name in present:
            found.setdefault(BARE.get(name, NAMES[name]), []).append(name)
    return found


def throughput_table(results: list[Result]) -> Iterator[str]:
    peers = columns(results)
    headings = " | ".join(peers)
    yield f"| Scenario | Sluice | throughput against {headings} | CPU each unit against {headings} |"
    yield "|---" * (2 + 2 * len(peers)) + "|"
    for result in results:
        unit = report.scenario_of(result).unit
        rate, cost = report.rate_of(unit), report.cost_of(unit)
        yield row([link(result), f"{number(spread(result.sluice, rate).median)} {unit.rate}",
                   *(against(result, names, rate) for names in peers.values()),
                   *(against(result, names, cost) for names in peers.values())])


def latency_table(results: list[Result]) -> Iterator[str]:
    percentiles = Bench.PERCENTILES
    yield "| Scenario | | requests/s | " + " | ".join(percentiles) + " |"
    yield "|---" * (3 + len(percentiles)) + "|"
    for result in results:
        for contender in [result.sluice, *figures.peers_of(result)]:
            yield row([link(result), label(contender), median(contender, lambda sample: sample.requests_per_second),
                       *(median(contender, report.latency(name)) for name in percentiles)])


def idle_table(results: list[Result]) -> Iterator[str]:
    most = results[0].sluice.samples[0].most
    yield f"| Scenario | | MiB at rest | MiB with {most:,} | Sluice against it and a bare JVM | live heap, KiB each |"
    yield "|---|---|---|---|---|---|"
    for result in results:
        for contender in result.contenders:
            yield row([link(result), label(contender), median(contender, lambda sample: sample.at_rest()),
                       median(contender, lambda sample: sample.loaded()), against_with_jvm(result, contender),
                       median(contender, lambda sample: sample.live_heap_kib)])


def against_with_jvm(result: Result, peer: Contender) -> str:
    found = report.against_with_jvm(result, peer)
    return number(found.median) if found else ""


def against(result: Result, names: list[str], value) -> str:
    peer = next(filter(None, map(result.contender, names)), None)
    found = ratio(result.sluice, peer, value) if peer else None
    return number(found.median) if found else ""


def median(contender: Contender, value) -> str:
    found = spread(contender, value)
    return number(found.median) if found else ""


def label(contender: Contender) -> str:
    return {"sluice": "Sluice", BARE_JVM: "a bare JVM"}.get(contender.name) or NAMES[contender.name]


def link(result: Result) -> str:
    return f"[{result.scenario}](benchmarks/results/{result.scenario}.md)"


def image(result: Result) -> str:
    return f"![{result.scenario}](benchmarks/results/{result.scenario}.svg)"


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
