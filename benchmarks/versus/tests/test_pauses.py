"""What a JVM logs of its pauses is read rightly."""

import importlib.machinery
import importlib.util
import unittest

from programs import VERSUS

LOG = """[0.003s][info][gc       ] Using Serial
[0.953s][info][gc       ] GC(45) Pause Young (Allocation Failure) 15M->9M(377M) 0.150ms
[0.953s][info][safepoint] Safepoint "SerialCollectForAllocation", Time since last: 715802 ns, \
Reaching safepoint: 1181 ns, At safepoint: 166217 ns, Leaving safepoint: 1001 ns, Total: 168399 ns, Threads: 0 runnable
[0.954s][info][gc       ] GC(46) Pause Young (Allocation Failure) 15M->9M(377M) 2.250ms
[0.967s][info][gc       ] GC(48) Pause Full (System.gc()) 14M->9M(377M) 12.463ms
""".splitlines()


def script():
    """A program without the ending that makes it importable by name."""
    loader = importlib.machinery.SourceFileLoader("pauses", str(VERSUS / "pauses"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("pauses", loader))
    loader.exec_module(module)
    return module


class PausesTest(unittest.TestCase):
    def test_tells_the_collectors_pauses_from_safepoints(self):
        self.assertEqual(script().pauses(LOG), {
            "collector: Pause Young (Allocation Failure)": [0.15, 2.25],
            "collector: Pause Full (System.gc())": [12.463],
            "safepoint: SerialCollectForAllocation": [0.168399]})

    def test_figures_are_counts_median_tail_and_longest(self):
        self.assertEqual(script().figures([0.5] * 98 + [1.5, 3.0]), "| 100 | 1 | 0.500 | 1.50 | 3.00 |")

    def test_a_load_without_pauses_has_a_row(self):
        pauses = script()
        self.assertEqual(pauses.rows(pauses.Phase("half load", 600, {}, {}, [])),
                         ["| half load | 10.0 | none | 0 | 0 | | | |"])
