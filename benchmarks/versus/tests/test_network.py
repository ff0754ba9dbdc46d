"""A run has a network of its own, and says so where it has not."""

import errno
import os
import subprocess
import sys
import unittest
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

