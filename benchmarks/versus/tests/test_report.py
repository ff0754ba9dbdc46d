"""Pages, plots and README say what the data says."""

import re
import tempfile
import unittest
import xml.etree.ElementTree as xml
from dataclasses import replace
from pathlib import Path

import figures
import plot
import readme
import report
from measurement import BARE_JVM, ORIGIN_ALONE
from samples import Contender, IdleSample, Result, Spread
from tests.test_samples import SETTINGS, sample


def loaded(scenario: str) -> Result:
    """Two rounds, in which Sluice does twice what HAProxy does for half of its CPU."""
    def samples(rate: float, cores: float | None) -> list:
        latency = {"p50": 100 / rate, "p90": 150 / rate, "p99": 200 / rate, "p99.9": 300 / rate, "p99.99": 500 / rate}
        return [sample(rate * part, bytes_per_second=rate * part * 1000, latency_ms=latency, cpu_cores=cores,
                       resident_mib=None if cores is None else 20.0, errors=1) for part in (1.0, 1.5)]

    return Result(scenario, SETTINGS, [
        Contender("sluice", "S 1", samples(200, 0.5)), Contender("haproxy", "H 2", samples(100, 0.5)),
        Contender(ORIGIN_ALONE, "N 3", samples(400, None))])


def idle(scenario: str) -> Result:
    return Result(scenario, SETTINGS, [
        Contender("sluice", "S 1", [IdleSample({0: 60.0, 1000: 62.0, 4000: 65.0}, 0.9)]),
        Contender("haproxy", "H 2", [IdleSample({0: 10.0, 1000: 12.0, 4000: 20.0})]),
        Contender(BARE_JVM, "", [IdleSample({0: 30.0})])])


def cells(page: str, start: str) -> list[str]:
    line = next(line for line in page.splitlines() if line.startswith(start))
    return [cell.strip() for cell in line.split("|")[1:-1]]


class ReportTest(unittest.TestCase):
    def test_a_page_has_throughput_and_cost_against_each_contender(self):
        page = report.page(loaded("tcp-small"))

        self.assertEqual(cells(page, "| haproxy"), ["haproxy", "125 (100 .. 150)", "2.00 (2.00 .. 2.00)",
                                                    "50.0 (50.0 .. 50.0)", "2"])
        self.assertIn("| haproxy | 4,167 (3,333 .. 5,000) | 0.500 (0.500 .. 0.500) |", page)
        self.assertIn("- Date: 2026-11-21 03:32 UTC", page)
        self.assertIn("- Congestion control: cubic, in a namespace of its own", page)

    def test_a_page_of_idle_connections_compares_with_peer_and_bare_jvm(self):
        page = report.page(idle("tcp-idle"))

        self.assertEqual(cells(page, "| haproxy")[3:5], ["3.25 (3.25 .. 3.25)", "1.30 (1.30 .. 1.30)"])
        self.assertEqual(cells(page, "| sluice")[5], "1.02 (1.02 .. 1.02)")
        self.assertEqual(cells(page, "| bare JVM")[2:], ["", "", "", "", ""])

    def test_every_plot_is_well_formed_and_names_everybody(self):
        for result in (loaded("tcp-small"), loaded("tcp-bulk"), loaded("http-latency"), idle("tcp-idle")):
            with self.subTest(scenario=result.scenario):
                text = "".join(xml.fromstring(figures.figure(result)).itertext())
                for contender in result.contenders:
                    self.assertIn(contender.name, text)

    def test_bars_are_as_long_as_their_medians(self):
        spreads = {"sluice": Spread(50, 40, 100), "nginx": Spread(25, 20, 30)}
        drawn = plot.bars("title", [plot.Panel("heading", spreads)])

        widths = [float(width) for width in re.findall(r'<rect x="130"[^>]* width="([\d.]+)"', drawn)]
        self.assertAlmostEqual(widths[0], 2 * widths[1], places=0)

    def test_each_further_nine_is_as_wide_as_the_one_before(self):
        places = [plot.nines(name) for name in ("p90", "p99", "p99.9", "p99.99")]

        for place, wanted in zip(places, (1, 2, 3, 4)):
            self.assertAlmostEqual(place, wanted)

    def test_ticks_lie_where_their_values_do(self):
        self.assertEqual(plot.linear_ticks(100), {"0": 0, "20": 0.2, "40": 0.4, "60": 0.6, "80": 0.8, "100": 1})
        ticks = plot.log_ticks(0.1, 10)
        self.assertEqual(list(ticks), ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
        self.assertAlmostEqual(ticks["1"], 0.5)

    def test_labels_do_not_overlap(self):
        self.assertEqual(plot.spaced([50.0, 10.0, 52.0], least=16), [50.0, 10.0, 66.0])

    def test_readme_is_changed_between_its_marks_only(self):
        with tempfile.TemporaryDirectory() as name:
            file, results = Path(name, "README.md"), Path(name)
            file.write_text(f"# Before\n\n{readme.BEGIN}\nold\n{readme.END}\n\n# After\n")
            for result in (loaded("tcp-small"), loaded("http-latency"), idle("tcp-idle")):
                result.write(results / f"{result.scenario}.json")

            readme.update(file, results)

            text = file.read_text()
            self.assertTrue((results / "overview.svg").exists())
        self.assertTrue(text.startswith("# Before\n\n<!-- measured") and text.endswith(f"{readme.END}\n\n# After\n"))
        self.assertNotIn("old", text)
        self.assertEqual(cells(text, "| [tcp-small]")[1:], ["250 requests/s", "2.00", "0.500"])
        self.assertIn("| [tcp-idle](benchmarks/results/tcp-idle.md) | HAProxy | 10.0 | 20.0 | 1.30 |  |", text)

    def test_bare_peers_share_a_column_of_readme(self):
        def with_peer(scenario: str, name: str) -> Result:
            result = loaded(scenario)
            return replace(result, contenders=[*result.contenders, replace(result.contenders[1], name=name)])

        table = list(readme.throughput_table([with_peer("tcp-small", "relay"), with_peer("http-small", "proxy")]))

        self.assertEqual(cells(table[0], "|")[2:], ["throughput against HAProxy", "bare C",
                                                    "CPU each unit against HAProxy", "bare C"])
        self.assertEqual([cells(line, "|")[2:] for line in table[2:]], [["2.00", "2.00", "0.500", "0.500"]] * 2)

    def test_readme_tells_of_which_runs_its_results_are(self):
        one = loaded("tcp-small")
        other = replace(one, settings=replace(one.settings, date="2100-01-01 00:00 UTC", machine="another"))

        self.assertTrue(readme.provenance([one]).startswith(f"{one.settings.date}, {one.settings.machine}. "))
        self.assertTrue(readme.provenance([other, one]).startswith(
            f"{one.settings.date} to 2100-01-01 00:00 UTC, another and {one.settings.machine}. "))

    def test_the_readme_of_the_project_has_the_marks(self):
        text = readme.README.read_text()

        self.assertEqual((text.count(readme.BEGIN), text.count(readme.END)), (1, 1))
