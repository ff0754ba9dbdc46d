"""The arithmetic of reports."""

import json
import tempfile
import unittest
from dataclasses import asdict
from pathlib import Path

from loads import Outcome
from samples import Contender, IdleSample, Result, Sample, Settings, Spread, number, ratio, spread

SETTINGS = Settings("2026-11-21 03:32 UTC", "run", "machine", "0.1", "cores", "load", "rounds",
                    "cubic, in a namespace of its own")


def sample(rate: float, **values) -> Sample:
    return Sample(**({"requests_per_second": rate, "bytes_per_second": 0, "errors": 0, "latency_ms": {},
                      "cpu_cores": None, "resident_mib": None} | values))


def contender(name: str, *rates: float) -> Contender:
    return Contender(name, "1.0", [sample(rate) for rate in rates])


def rate(one: Sample) -> float:
    return one.requests_per_second


class SamplesTest(unittest.TestCase):
    def test_takes_the_median_and_the_range(self):
        self.assertEqual(spread(contender("sluice", 30, 10, 20), rate), Spread(20, 10, 30))
        self.assertEqual(spread(contender("sluice", 30, 10), rate), Spread(20, 10, 30))

    def test_divides_round_by_round(self):
        found = ratio(contender("sluice", 10, 40, 90), contender("haproxy", 20, 20, 30), rate)

        self.assertEqual(found, Spread(2, 0.5, 3))

    def test_leaves_out_what_was_not_measured(self):
        self.assertIsNone(spread(contender("origin alone", 1, 2), lambda one: one.cpu_cores))
        self.assertIsNone(ratio(contender("sluice", 1), contender("origin alone", 1), lambda one: one.cpu_cores))

    def test_relates_cpu_to_what_was_done_meanwhile(self):
        found = Sample.of(Outcome(100_000, 50_000_000, 2.0, 0, {}), cpu_seconds=1.0, resident_bytes=3 * 2**20)

        self.assertEqual(found.cpu_us_per_unit(0), 10)
        self.assertEqual(found.cpu_us_per_unit(1e6), 20_000)
        self.assertEqual(found.cpu_ns_per_byte(), 20)
        self.assertEqual(found.units_per_second(1e6), 25)
        self.assertEqual(found.resident_mib, 3)

    def test_divides_the_cpu_of_a_warm_up_by_its_time_too(self):
        found = Sample.of(Outcome(3000, 0, 3.0, 0, {}, warm_up_seconds=2.0), cpu_seconds=1.0, resident_bytes=0)

        self.assertEqual(found.cpu_cores, 0.2)

    def test_knows_no_cpu_of_the_origin_and_none_for_unknown_bytes(self):
        self.assertIsNone(sample(10).cpu_us_per_unit(0))
        self.assertIsNone(sample(10, cpu_cores=0.5).cpu_ns_per_byte())

    def test_counts_growth_from_the_first_step_on(self):
        found = IdleSample({0: 10.0, 1000: 50.0, 4000: 56.0})

        self.assertEqual(found.kib_per_connection(), 2.048)
        self.assertEqual((found.at_rest(), found.loaded()), (10, 56))

    def test_knows_no_growth_of_who_had_no_connections(self):
        self.assertIsNone(IdleSample({0: 40.0}).kib_per_connection())
        self.assertIsNone(IdleSample({0: 40.0}).loaded())

    def test_writes_about_three_digits(self):
        self.assertEqual([number(value) for value in (63_143.6, 99.96, 12.34, 1.234, 0.1234)],
                         ["63,144", "100.0", "12.3", "1.23", "0.123"])

    def test_knows_of_old_files_that_the_network_was_the_hosts(self):
        value = asdict(Result("tcp-small", SETTINGS, []))
        del value["settings"]["network"]
        with tempfile.TemporaryDirectory() as name:
            Path(name, "data.json").write_text(json.dumps(value))
            self.assertEqual(Result.read(Path(name, "data.json")).settings.network, "the host's")

    def test_reads_what_it_has_written(self):
        for samples in ([sample(1.5, latency_ms={"p50": 0.2}, cpu_cores=0.9, resident_mib=4.0)],
                        [IdleSample({0: 1.0, 1000: 2.0}, 0.9)]):
            result = Result("tcp-small", SETTINGS, [Contender("sluice", "1.0", samples)])
            with self.subTest(samples=samples), tempfile.TemporaryDirectory() as name:
                result.write(Path(name, "data.json"))
                self.assertEqual(Result.read(Path(name, "data.json")), result)
