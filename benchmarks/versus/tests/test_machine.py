"""Cores, processes and what is read of them."""

import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import machine
import measurement
from catalogue import PEERS, SCENARIOS
from loads import Idle
from measurement import Turns
from programs import FIXTURES, Program, fill

HISTOGRAM = """1234:
 num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:          1734        1830256  [Ljdk.internal.vm.FillerElement; (java.base@25.0.3)
   2:         17694        1266304  [B (java.base@25.0.3)
   3:             2             64  jdk.internal.vm.FillerArray (java.base@25.0.3)
 100:            57          51024  io.sluice.l4.tcp.TcpSession
Total        157340        3147648
"""


class MachineTest(unittest.TestCase):
    def cores(self, *available: int) -> machine.Cores:
        with mock.patch.object(os, "sched_getaffinity", return_value=set(available)):
            return machine.plan_cores()

    def test_gives_the_balancer_a_core_of_its_own(self):
        self.assertEqual(self.cores(0, 1, 2, 3), machine.Cores([3], [1, 2], [0]))
        self.assertEqual(self.cores(4, 5, 6), machine.Cores([6], [5], [4]))
        self.assertEqual(self.cores(0, 1), machine.Cores([1], [0], [0]))

    def test_gives_dear_load_a_core_of_the_origin_that_it_can_spare(self):
        self.assertEqual(self.cores(0, 1, 2, 3).with_dear_load(), machine.Cores([3], [2], [0, 1]))
        self.assertEqual(self.cores(0, 1, 2).with_dear_load(), machine.Cores([2], [1], [0]))

    def test_gives_the_load_the_cores_of_an_origin_that_has_nothing_to_do(self):
        self.assertEqual(self.cores(0, 1, 2, 3).with_idle_origin(), machine.Cores([3], [1, 2], [0, 1, 2]))

    def test_says_when_there_are_few_cores(self):
        self.assertNotIn("only", self.cores(0, 1, 2, 3).describe())
        self.assertIn("only 3, where 4 are wanted", self.cores(0, 1, 2).describe())
        self.assertIn("origin and load sharing theirs", self.cores(0, 1).describe())

    def test_refuses_a_single_core(self):
        with self.assertRaises(SystemExit):
            self.cores(0)

    def test_ends_a_program_and_what_it_has_forked(self):
        forking = Program("forking", ("sh", "-c", "trap '' TERM; sleep 1000 & echo ready; wait"))
        cores = sorted(os.sched_getaffinity(0))[:1]
        with tempfile.TemporaryDirectory() as name, mock.patch.object(machine, "STOP_SECONDS", 0.2):
            with machine.running(forking, cores, {"DIRECTORY": name, "PORT": 0}, FIXTURES) as pid:
                self.await_members(pid, 2)
            self.await_members(pid, 0)

    def await_members(self, pid: int, count: int) -> None:
        deadline = time.monotonic() + 10
        while len(machine.group(pid)) != count and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(len(machine.group(pid)), count)

    def test_tells_what_a_program_said_that_ends_at_once(self):
        failing = Program("failing", ("sh", "-c", "echo no such port >&2; sleep 0.1; exit 1"))
        probe = SCENARIOS[0].probe
        with tempfile.TemporaryDirectory() as name, self.assertRaisesRegex(SystemExit, "no such port"):
            with machine.running(failing, [min(os.sched_getaffinity(0))],
                                 {"DIRECTORY": name, "PORT": machine.free_port()}, FIXTURES, probe):
                self.fail("it does not answer")

    def test_counts_cpu_time_of_a_process(self):
        before = machine.cpu_seconds(os.getpgrp())
        deadline = time.process_time() + 0.05
        while time.process_time() < deadline:
            pass

        self.assertGreater(machine.cpu_seconds(os.getpgrp()), before)

    def test_counts_what_is_reachable_without_fillers(self):
        self.assertEqual(measurement.reachable_bytes(HISTOGRAM), 1266304 + 51024)

    def test_misses_a_program_that_is_not_installed(self):
        self.assertTrue(Program("none", ("no-such-program",)).missing())
        self.assertTrue(Program("none", ("sh",), needs=("no-such-program",)).missing())
        self.assertTrue(Program("none", ("sh",), files=("/no/such/file",)).missing())
        self.assertFalse(Program("sh", ("sh",), prepare=(("@OWN@/x",),)).missing())

    def test_has_a_fixture_for_every_contender(self):
        for scenario in SCENARIOS:
            for program in (scenario.sluice, *scenario.peers):
                if program.fixture:
                    self.assertTrue((FIXTURES / scenario.protocol / program.fixture).exists(), scenario.name)
            self.assertTrue((FIXTURES / scenario.origin.fixture).exists(), scenario.name)

    def test_fills_words_in(self):
        self.assertEqual(fill("bind @HOST@:@PORT@", {"HOST": "::1", "PORT": 80}), "bind ::1:80")

    def test_counts_cpu_time_finer_than_the_clock_tick(self):
        used = {machine.cpu_seconds(os.getpgrp()) * os.sysconf("SC_CLK_TCK") % 1 for _ in range(10)}

        self.assertGreater(len(used), 1)

    def test_all_of_it_takes_about_half_an_hour(self):
        seconds = sum(measurement.estimate_seconds(scenario, list(scenario.peers),
                                                   Turns(scenario.rounds, scenario.seconds))
                      for scenario in SCENARIOS)

        self.assertLess(seconds, 35 * 60)
