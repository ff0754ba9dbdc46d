"""A run has a network of its own, and says so where it has not."""

import contextlib
import errno
import io
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import network
from programs import VERSUS

# Which namespace this is cannot be undone, so a process of its own enters it.
ENTER = """
import network, socket, sys
told = network.enter(sys.argv[1])
server = socket.create_server(("127.0.0.1", 0))
connection = socket.create_connection(server.getsockname())
print(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16).rstrip(bytes(1)).decode() + "|" + told)
"""


def entered(wanted: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-B", "-c", ENTER, wanted], cwd=VERSUS, capture_output=True, text=True)


class NetworkTest(unittest.TestCase):
    @unittest.skipIf(network.tried_by_a_child(), "no namespace can be made here")
    def test_connects_over_loopback_with_the_congestion_control_that_is_wanted(self):
        before = network.congestion_control()

        self.assertEqual(entered("reno").stdout, "reno|reno, in a namespace of its own\n")
        self.assertEqual(network.congestion_control(), before)

    @unittest.skipIf(network.tried_by_a_child(), "no namespace can be made here")
    def test_names_what_there_is_instead_of_an_unknown_one(self):
        done = entered("renno")

        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "no congestion control is named renno; there are .*reno.*, host")

    def test_leaves_the_hosts_network_as_it_is_if_told_to(self):
        there = network.congestion_control()

        self.assertEqual(entered("host").stdout, f"{there}|{there}, the host's\n")

    def test_stays_on_the_host_and_says_why_where_no_namespace_can_be_made(self):
        before = os.readlink("/proc/self/ns/net")
        with mock.patch.object(network, "isolate", side_effect=PermissionError(errno.EPERM, "no")):
            told = network.enter("reno")

        self.assertEqual(told, f"{network.congestion_control()}, the host's, as no namespace could be made: "
                               "Operation not permitted")
        self.assertEqual(os.readlink("/proc/self/ns/net"), before)

    def test_says_how_the_host_allows_what_it_refuses_to_a_namespace(self):
        advice = self.advice(errno.EPERM)

        self.assertIn("The host does not allow cubic in a network namespace, so this run has bbr", advice)
        self.assertIn('\n  sysctl -w net.ipv4.tcp_allowed_congestion_control="reno bbr cubic"\n', advice)

    def test_says_so_when_a_run_begins(self):
        said = io.StringIO()
        with (mock.patch.object(network, "tried_by_a_child", return_value=0), mock.patch.object(network, "isolate"),
              mock.patch.object(network, "choose", side_effect=PermissionError(errno.EPERM, "no")),
              mock.patch.object(network, "advice", return_value="allow it"), contextlib.redirect_stderr(said)):
            told = network.enter("cubic")

        self.assertEqual(said.getvalue(), "allow it")
        self.assertRegex(told, ", as the host has it, in a namespace of its own: no$")

    def test_says_nothing_of_it_where_that_is_not_the_reason(self):
        self.assertEqual(self.advice(errno.EROFS), "")
        self.assertEqual(self.advice(errno.EPERM, "reno bbr cubic"), "")

    def advice(self, number: int, allowed: str = "reno bbr") -> str:
        with tempfile.TemporaryDirectory() as directory:
            (Path(directory) / "tcp_allowed_congestion_control").write_text(f"{allowed}\n")
            (Path(directory) / "tcp_congestion_control").write_text("bbr\n")
            with mock.patch.object(network, "SETTINGS", Path(directory)):
                return network.advice("cubic", OSError(number, os.strerror(number)))
