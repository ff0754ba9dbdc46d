"""What load generators print is read rightly."""

import json
import tempfile
import unittest
from pathlib import Path

from loads import Bench, Handshakes, Pgbench, RedisBenchmark, Wrk, WrkTls, half_rounded, percentiles

WRK = """Running 2s test @ http://127.0.0.1:1/small
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.27ms    0.50ms   9.10ms   80.00%
summary requests=120000 bytes=33000000 duration_us=2000000 p50_us=950 p99_us=2200 p99.9_us=5300 errors=3
"""
HANDSHAKES = "summary handshakes=9000 duration_us=2000000 errors=1 p50_us=20500 p99_us=41000\n"
PGBENCH = """pgbench (15.20 (Debian 15.20-0+deb12u1))
transaction type: <builtin: select only>
scaling factor: 10
query mode: prepared
number of clients: 64
number of threads: 1
maximum number of tries: 1
duration: 2 s
number of transactions actually processed: 30000
number of failed transactions: 2 (0.007%)
latency average = 4.200 ms
initial connection time = 51.222 ms
tps = 15000.500000 (without initial connection time)
"""
REDIS = """WARNING: Could not fetch server CONFIG
"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
"GET","50000.00","0.600","0.100","0.500","0.900","1.500","4.100"
"""


class LoadsTest(unittest.TestCase):
    def test_reads_the_summary_of_wrk(self):
        outcome = Wrk("/small", 64).outcome(WRK, 2, Path())

        self.assertEqual((outcome.requests, outcome.bytes, outcome.seconds, outcome.errors), (120000, 33000000, 2.0, 3))
        self.assertEqual(outcome.latency_ms, {"p50": 0.95, "p99": 2.2, "p99.9": 5.3})

    def test_reads_the_summary_of_handshakes(self):
        outcome = Handshakes(64, resumed=True).outcome(HANDSHAKES, 2, Path())

        self.assertEqual((outcome.requests, outcome.bytes, outcome.seconds, outcome.errors), (9000, 0, 2.0, 1))
        self.assertEqual(outcome.latency_ms, {"p50": 20.5, "p99": 41.0})

    def test_says_what_clients_over_tls_offer(self):
        for load in (WrkTls("/small", 64), Handshakes(64, resumed=False)):
            self.assertTrue(load.describe(3, 1).startswith("env OPENSSL_CONF=fixtures/openssl.cnf "), load)
        self.assertTrue(WrkTls("/small", 64).describe(3, 1).endswith(" https://127.0.0.1:0/small"))

    def test_reads_pgbench_and_its_log_and_removes_that(self):
        with tempfile.TemporaryDirectory() as name:
            log = Path(name, "transactions.123")
            log.write_text("".join(f"0 {index} {index * 1000} 0 1700000000 0\n" for index in range(1, 101)))

            outcome = Pgbench(64).outcome(PGBENCH, 2, Path(name))

            self.assertFalse(log.exists())
        self.assertEqual((outcome.requests, outcome.errors), (30000, 2))
        self.assertAlmostEqual(outcome.requests / outcome.seconds, 15000.5)
        self.assertEqual(outcome.latency_ms, {"p50": 50.0, "p99": 99.0})

    def test_reads_the_table_of_redis_benchmark_behind_its_warning(self):
        outcome = RedisBenchmark(64, 128).outcome(REDIS, 2, Path())

        self.assertEqual(outcome.requests, 100_000)
        self.assertEqual(outcome.seconds, 2.0)
        self.assertEqual(outcome.latency_ms, {"p50": 0.5, "p95": 0.9, "p99": 1.5})

    def test_reads_the_result_of_sluice_bench_and_counts_unsent_requests_as_errors(self):
        outcome = Bench("/small", 64, rate=1000).outcome(json.dumps({
            "answered": 3000, "bytes": 600000, "seconds": 3.0, "failed": 2, "unsent": 5,
            "latency_ms": {"min": 0.1, "p50": 0.2, "p90": 0.3, "p95": 0.4, "p99": 0.5, "p99.9": 0.8, "p99.99": 1.5}}),
            3, Path())

        self.assertEqual((outcome.requests, outcome.bytes, outcome.seconds, outcome.errors), (3000, 600000, 3.0, 7))
        self.assertEqual(outcome.latency_ms, {"p50": 0.2, "p90": 0.3, "p99": 0.5, "p99.9": 0.8, "p99.99": 1.5})

    def test_refuses_an_output_without_result(self):
        for load in (Wrk("/small", 1), Handshakes(1, False), Pgbench(1), RedisBenchmark(1, 1), Bench("/small", 1)):
            with self.subTest(load=load), self.assertRaises((StopIteration, TypeError, ValueError)):
                load.outcome("could not connect\n", 1, Path())

    def test_takes_percentiles_as_values_that_are_there(self):
        self.assertEqual(percentiles([3.0]), {"p50": 3.0, "p99": 3.0})
        self.assertEqual(percentiles([4.0, 1.0, 3.0, 2.0]), {"p50": 2.0, "p99": 4.0})
        self.assertEqual(percentiles([]), {})

    def test_halves_a_rate_downwards(self):
        self.assertEqual(half_rounded(50_399), 25_100)
        self.assertEqual(half_rounded(20), 100)

    def test_gives_wrk_no_more_threads_than_connections(self):
        self.assertIn("-t 1 -c 1 ", " ".join(Wrk("/small", 1).command(1, 1, 3, Path())))
