"""The bare relay loses no byte, however slowly it is read, and carries ends through."""

import hashlib
import os
import random
import shutil
import socket
import tempfile
import threading
import unittest

import machine
from catalogue import RELAY
from programs import FIXTURES, Probe

GREETING = b"+"
LENGTH = 8_000_000


@unittest.skipIf(shutil.which("cc") is None, "no C compiler")
class RelayTest(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        directory = self.enterContext(tempfile.TemporaryDirectory())
        self.port = machine.free_port()
        values = {"DIRECTORY": directory, "PORT": self.port, "ORIGIN": self.listener.getsockname()[1]}
        threading.Thread(target=self.greet, daemon=True).start()
        self.enterContext(machine.running(RELAY, [min(os.sched_getaffinity(0))], values, FIXTURES,
                                          Probe(b"?", GREETING)))

    def greet(self):
        """Only the first connection, which asks whether the relay works."""
        accepted = False
        while not accepted:
            connection = self.listener.accept()[0]
            with connection:
                connection.sendall(GREETING)
                accepted = True

    def pair(self) -> tuple[socket.socket, socket.socket]:
        client = self.enterContext(socket.create_connection(("127.0.0.1", self.port), timeout=30))
        server = self.enterContext(self.listener.accept()[0])
        server.settimeout(30)
        return client, server

    def test_carries_both_directions_at_once_to_slow_readers(self):
        client, server = self.pair()
        bytes_sent = [random.Random(seed).randbytes(LENGTH) for seed in (1, 2)]
        threads = [threading.Thread(target=self.send, args=(end, data), daemon=True)
                   for end, data in zip((client, server), bytes_sent)]
        for thread in threads:
            thread.start()

        received = [self.digest_slowly(end) for end in (server, client)]

        self.assertEqual(received, [hashlib.sha256(data).digest() for data in bytes_sent])
        for thread in threads:
            thread.join(10)

    def send(self, end: socket.socket, data: bytes) -> None:
        end.sendall(data)
        end.shutdown(socket.SHUT_WR)

    def digest_slowly(self, end: socket.socket) -> bytes:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        digest = hashlib.sha256()
        while more := end.recv(10_000):
            digest.update(more)
        return digest.digest()

    def test_answers_after_the_client_has_ended_its_direction(self):
        client, server = self.pair()
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)

        self.assertEqual(machine.receive(server, 100), b"question")
        server.sendall(b"answer")
        server.close()

        self.assertEqual(machine.receive(client, 100), b"answer")

    def test_closes_the_other_side_when_one_is_reset(self):
        client, server = self.pair()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()

        self.assertEqual(server.recv(1), b"")
