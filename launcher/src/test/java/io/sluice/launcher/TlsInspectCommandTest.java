package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What {@code tls inspect} says of a server of the JDK's. */
class TlsInspectCommandTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhatAListenerOffers() throws Exception {
        TestCertificate certificate = TestCertificate.create(directory, "ip:127.0.0.1");
        try (ServerSocket server = certificate.serverSocket()) {
            Thread.startVirtualThread(() -> serve(server));
            String address = "127.0.0.1:" + server.getLocalPort();
            String report = inspect(0, address, "--ca", certificate.certificate().toString());
            assertTrue(report.matches("(?s).*versions +TLSv1.3, TLSv1.2; not TLSv1.1, TLSv1\n.*"), report);
            assertTrue(report.matches("(?s).*TLSv1.3 +TLS_AES_256_GCM_SHA384, .*"), report);
            assertTrue(report.matches("(?s).*sessions +TLSv1.3 taken up again, TLSv1.2 taken up again\n.*"), report);
            assertTrue(report.contains("are not asked for a certificate"), report);
            assertTrue(report.matches(
                    "(?s).*certificate 1 +CN=test \\(127.0.0.1\\), EC of .* signed by CN=test, until .*"), report);
            assertTrue(report.matches("(?s).*verified +yes\n"), report);
            String named = inspect(0, address, "--servername", "other.test");
            assertTrue(named.matches("(?s).*verified +no: .*"), named);
        }
    }

    @Test
    void saysWhatSluiceOffers() throws Exception {
        Conversation answer = (name, client) -> {
            client.getInputStream().read();
            client.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(
                    StandardCharsets.US_ASCII));
        };
        try (NamedServer server = NamedServer.start("s", answer); Sluice sluice = InProcess.launch(
                "listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: p, tls: { unknown-sni: reject, "
                + "certificates: [{ chain: db.pem, key: db.key }] } }]\npools: { p: { servers: "
                + NamedServer.entries(server) + " } }\n", ShippedTls.CERTIFICATES.toAbsolutePath())) {
            String report = inspect(0, "127.0.0.1:" + InProcess.address(sluice).getPort(), "--servername",
                    "db.example.com", "--ca", ShippedTls.CERTIFICATES.resolve("test-ca.pem").toString());
            assertTrue(report.matches("(?s).*versions +TLSv1.3, TLSv1.2; not TLSv1.1, TLSv1\n.*"), report);
            assertTrue(report.matches("(?s).*sessions +TLSv1.3 taken up again, TLSv1.2 taken up again\n.*"), report);
            assertTrue(report.matches("(?s).*protocol +http/1.1\n.*verified +yes\n"), report);
        }
    }

    @Test
    void saysWhyNothingIsThere() throws Exception {
        String nobody = "127.0.0.1:" + LoopbackPorts.free();
        assertTrue(inspect(ExitCode.NOTHING_ANSWERED, nobody).contains("Connection refused"));
        assertEquals("the host nobody.invalid is not known\n",
                inspect(ExitCode.NOTHING_ANSWERED, "nobody.invalid:443"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:65536", "127.0.0.1:1 --timeout 0", "127.0.0.1:1 --timeout -1",
        "127.0.0.1:1 --servername a..b", "127.0.0.1:1 --servername a.example.", "under_score:1"})
    void refusesWhatCannotBeAskedFor(String arguments) {
        String output = inspect(ExitCode.USAGE, arguments.split(" "));
        assertTrue(output.contains("Usage: sluice tls inspect"), output);
    }

    @Test
    void saysThatItCannotReadWhomToTrust() throws Exception {
        TestCertificate certificate = TestCertificate.create(directory, "ip:127.0.0.1");
        try (ServerSocket server = certificate.serverSocket()) {
            Thread.startVirtualThread(() -> serve(server));
            String output = inspect(ExitCode.CANNOT_START, "127.0.0.1:" + server.getLocalPort(), "--servername",
                    "other.test", "--ca", directory.resolve("absent").toString());
            assertEquals("no such file: " + directory.resolve("absent") + "\n", output);
        }
    }

    /** The JDK reports a cut message of a handshake so. */
    @Test
    void tellsAReasonEvenIfTheInnermostCauseHasNone() {
        Exception cut = new SSLException("Illegal handshake message: 11", new BufferUnderflowException());
        assertEquals("Illegal handshake message: 11", TlsInspection.reason(cut));
        assertEquals("wrong", TlsInspection.reason(new SSLException("outer", new IOException("wrong"))));
        assertEquals("java.nio.BufferUnderflowException", TlsInspection.reason(new BufferUnderflowException()));
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.setSoTimeout(5000);
                client.getInputStream().read();
            } catch (SSLException | SocketException e) {
                // What a handshake that is meant to fail looks like from here.
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String inspect(int expected, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = SluiceCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        String[] all = new String[arguments.length + 2];
        all[0] = "tls";
        all[1] = "inspect";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        assertEquals(expected, command.execute(all), out.toString());
        return out.toString();
    }
}
