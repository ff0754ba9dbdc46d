"""The bare proxy mixes up no exchanges, loses no byte, and refuses what it does not understand."""

import os
import random
import shutil
import socket
import tempfile
import threading
import unittest

import machine
from catalogue import PROXY
from programs import FIXTURES, Probe

BODY = random.Random(1).randbytes(8_000_000)


def request(path: str, *fields: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: versus", *fields, "", ""]).encode()


def read_head(connection: socket.socket) -> list[str]:
    """The lines of a head, byte by byte, as what follows is somebody else's; [] at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = connection.recv(1)
        if not more:
            return []
        head += more
    return head.decode().split("\r\n")[:-2]


@unittest.skipIf(shutil.which("cc") is None, "no C compiler")
class ProxyTest(unittest.TestCase):
    def setUp(self):
        self.seen = []      # (number of the connection to the origin, lines of the request's head)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()
        self.port = machine.free_port()
        values = {"DIRECTORY": self.enterContext(tempfile.TemporaryDirectory()), "PORT": self.port,
                  "ORIGIN": self.listener.getsockname()[1]}
        self.enterContext(machine.running(PROXY, [min(os.sched_getaffinity(0))], values, FIXTURES,
                                          Probe(request("/0", "Connection: close"), b"HTTP/1.1 200")))
        self.seen.clear()

    def accept(self):
        number = 0
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:     # the test is over
                return
            threading.Thread(target=self.answer, args=(connection, number), daemon=True).start()
            number += 1

    def answer(self, connection: socket.socket, number: int) -> None:
        """/N gets the first N bytes, their head and body cut; anything else a head that no proxy can accept."""
        with connection:
            while lines := read_head(connection):
                self.seen.append((number, lines))
                path = lines[0].split(" ")[1]
                if not path[1:].isdigit():
                    connection.sendall(b"HTTP/1.1 200 OK\r\nBad Name: 1\r\nContent-Length: 0\r\n\r\n")
                    continue
                length = int(path[1:])
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Kept: 1\r\n")
                connection.sendall(b"connection: keep-alive\r\nContent-Length: %d\r\n\r\n" % length + BODY[:length])

    def client(self) -> socket.socket:
        return self.enterContext(socket.create_connection(("127.0.0.1", self.port), timeout=30))

    def expect(self, client: socket.socket, length: int) -> list[str]:
        head = read_head(client)
        self.assertEqual(machine.receive(client, length), BODY[:length])
        return head

    def test_writes_heads_anew(self):
        client = self.client()
        client.sendall(request("/5", "Connection: keep-alive", "Accept: */*"))

        self.assertEqual(self.expect(client, 5), ["HTTP/1.1 200 OK", "X-Kept: 1", "Content-Length: 5"])
        self.assertEqual(self.seen[0][1], ["GET /5 HTTP/1.1", "Host: versus", "Accept: */*",
                                           "X-Forwarded-For: 127.0.0.1"])

    def test_answers_pipelined_requests_in_order_however_they_are_cut(self):
        client = self.client()
        lengths = [7, 0, 300, 1]
        for byte in b"".join(request(f"/{length}") for length in lengths):
            client.sendall(bytes([byte]))

        for length in lengths:
            self.assertEqual(self.expect(client, length)[-1], f"Content-Length: {length}")

    def test_passes_a_large_body_to_a_slow_reader_and_goes_on(self):
        client = self.client()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.sendall(request(f"/{len(BODY)}") + request("/3"))
        read_head(client)
        received = bytearray()
        while len(received) < len(BODY):
            received += client.recv(min(10_000, len(BODY) - len(received)))

        self.assertEqual(bytes(received), BODY)
        self.expect(client, 3)

    def test_takes_the_server_connection_that_was_idle_last(self):
        first, second = self.client(), self.client()
        first.sendall(request(f"/{len(BODY)}"))
        read_head(first)
        second.sendall(request("/1"))
        self.expect(second, 1)
        machine.receive(first, len(BODY))
        first.sendall(request("/2"))
        self.expect(first, 2)

        numbers = [number for number, _ in self.seen]
        self.assertEqual(len(set(numbers)), 2)
        self.assertEqual(numbers[2], numbers[0])

    def test_closes_when_the_client_wants_it(self):
        client = self.client()
        client.sendall(request("/4", "Connection: close"))

        self.assertEqual(self.expect(client, 4)[-1], "Connection: close")
        self.assertEqual(client.recv(1), b"")

    def test_ends_the_connection_of_what_it_does_not_understand(self):
        for bad in (b"POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 1\r\n\r\n1", request("/1", "Bad Name: 1"),
                    request("/1", "X: \x01"), request("/1", "Transfer-Encoding: chunked"), request("/bad-response"),
                    b"GET /1 HTTP/1.1\nHost: v\r\n\r\n"):
            with self.subTest(bad):
                client = self.client()
                client.sendall(bad)
                try:
                    self.assertEqual(client.recv(1), b"")
                except ConnectionResetError:
                    pass
        client = self.client()
        client.sendall(request("/6"))
        self.expect(client, 6)
