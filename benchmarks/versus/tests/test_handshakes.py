"""Handshakes are full or resumed as they are said to be, and what is neither is an error."""

import os
import socket
import ssl
import tempfile
import threading
import unittest
from pathlib import Path

import machine
from catalogue import CERTIFICATE
from loads import HANDSHAKES, Handshakes, Outcome

MISSING = HANDSHAKES.missing() or CERTIFICATE.missing()


@unittest.skipIf(MISSING, "no openssl, no C compiler or no headers of OpenSSL")
class HandshakesTest(unittest.TestCase):
    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for command in (*HANDSHAKES.prepare, *CERTIFICATE.prepare):
            machine.execute(machine.resolved(command, {"DIRECTORY": self.directory}), self.directory)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.connections = []

    def serve(self, tickets: int, says: bytes = b"") -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.directory / "certificate.pem", self.directory / "certificate.pem.key")
        context.num_tickets = tickets
        threading.Thread(target=self.accept, args=(context, says), daemon=True).start()

    def accept(self, context: ssl.SSLContext, says: bytes) -> None:
        while True:
            try:
                plain = self.listener.accept()[0]
            except OSError:
                return      # the test is over
            with plain, context.wrap_socket(plain, server_side=True) as connection:
                self.connections.append((connection.session_reused, connection.version(), connection.cipher()[0]))
                connection.sendall(says)
                connection.recv(1)

    def outcome(self, resumed: bool) -> Outcome:
        load = Handshakes(2, resumed)
        return load.run(self.listener.getsockname()[1], 1, [min(os.sched_getaffinity(0))],
                        self.directory)

    def test_shakes_hands_in_full_although_there_are_tickets(self):
        self.serve(tickets=2)

        outcome = self.outcome(resumed=False)

        self.assertEqual(outcome.errors, 0)
        self.assertEqual(set(self.connections), {(False, "TLSv1.3", "TLS_AES_128_GCM_SHA256")})
        self.assertEqual(outcome.requests, len(self.connections))

    def test_resumes_but_for_the_first_connection_of_each_client_which_does_not_count(self):
        self.serve(tickets=2)

        outcome = self.outcome(resumed=True)

        self.assertEqual(outcome.errors, 0)
        self.assertEqual([reused for reused, *_ in self.connections].count(False), 2)
        self.assertEqual(outcome.requests, len(self.connections) - 2)

    def test_fails_when_it_can_never_resume(self):
        self.serve(tickets=0)

        with self.assertRaisesRegex(SystemExit, "none succeeded"):
            self.outcome(resumed=True)

    def test_takes_an_answer_that_it_has_not_asked_for_as_an_error(self):
        self.serve(tickets=2, says=b"400")

        with self.assertRaisesRegex(SystemExit, "none succeeded"):
            self.outcome(resumed=False)
