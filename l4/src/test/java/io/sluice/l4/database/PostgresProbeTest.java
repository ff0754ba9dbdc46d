package io.sluice.l4.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.net.Loopback;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real PostgreSQL server does only in passing, or never. */
class PostgresProbeTest {

    private static final String ACCOUNT = "type: postgres, user: probe";
    private static final int TLS_REQUEST = 80877103;
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** The first login in a JVM takes longer, as the driver is loaded for it. */
    @BeforeAll
    static void loadDriver() throws Exception {
        try (Checked check = Checked.by(ACCOUNT, Loopback.refusing().getPort())) {
            check.failure();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            57P03 | the server is starting or stopping: words of the server (57P03)
            57P01 | the server is starting or stopping: words of the server (57P01)
            57P02 | the server is starting or stopping: words of the server (57P02)
            28000 | the server does not admit the account from here: words of the server (28000)
            XX000 | the server reports an error: words of the server (XX000)
            """)
    void namesWhyItIsTurnedAway(String state, String message) throws Exception {
        assertEquals(message, failure((in, out) -> {
            awaitStart(in, out);
            refuse(out, state, "words of the server");
        }));
    }

    @Test
    void namesAKindOfAuthenticationThatItDoesNotKnow() throws Exception {
        // Kerberos V5, which was dropped long ago.
        FakeServer.Manners asksForKerberos = (in, out) -> {
            awaitStart(in, out);
            out.write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 2});
            in.readAllBytes();
        };
        try (FakeServer server = FakeServer.start(asksForKerberos);
             Checked check = Checked.by(ACCOUNT + ", password-env: PATH", server)) {
            String failure = check.failure();
            assertTrue(failure.startsWith("the server wants a kind of authentication that the check does not know: "),
                    failure);
        }
    }

    @Test
    void repeatsTheServersWordsOnOneLineAndNotEndlessly() throws Exception {
        String failure = failure((in, out) -> {
            awaitStart(in, out);
            refuse(out, "57P03", "one\ntwo\u001b[0m" + "x".repeat(1000));
        });
        assertTrue(failure.startsWith("the server is starting or stopping: one two [0mxxx"), failure);
        assertTrue(failure.length() < 300, failure);
    }

    /** The driver would keep in memory whatever comes until the timeout. */
    @Test
    void doesNotReadWithoutEnd() throws Exception {
        assertEquals(BoundedSocket.TOO_MUCH, failure((in, out) -> {
            awaitStart(in, out);
            // Authenticated, and a notice of 2 MiB.
            out.write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 0, 'N', 0, 0x20, 0, 6, 'M'});
            out.write(new byte[2 << 20 | 1]);
            refuse(out, "57P03", "words of the server");
        }));
    }

    @Test
    void namesAServerThatTakesTheConnectionAndClosesIt() throws Exception {
        assertEquals("the server has closed the connection", failure((in, _) -> readStart(in)));
    }

    @Test
    void namesAServerThatIsNotThere() throws Exception {
        try (Checked check = Checked.by(ACCOUNT, Loopback.refusing().getPort())) {
            assertEquals("connection refused", check.failure());
        }
    }

    @Test
    void waitsNoLongerThanTheTimeoutForALogin() throws Exception {
        try (FakeServer server = FakeServer.silent(); Checked check = Checked.by(ACCOUNT, server)) {
            assertEquals("no login within 1000 ms", check.failure(SHORT));
        }
    }

    @Test
    void waitsNoLongerThanTheTimeoutForTls() throws Exception {
        FakeServer.Manners agreesAndIsSilent = (in, out) -> {
            readStart(in);
            out.write('S');
            in.readAllBytes();
        };
        try (FakeServer server = FakeServer.start(agreesAndIsSilent); Checked check = Checked.by(ACCOUNT, server)) {
            assertEquals("no TLS within 1000 ms", check.failure(SHORT));
        }
    }

    @Test
    void waitsNoLongerThanTheTimeoutForAConnection() throws Exception {
        try (Loopback.BlackHole hole = Loopback.blackHole();
             Checked check = Checked.by(ACCOUNT, hole.address().getPort())) {
            assertEquals("no connection within 1000 ms", check.failure(SHORT));
        }
    }

    private static String failure(FakeServer.Manners manners) throws Exception {
        try (FakeServer server = FakeServer.start(manners); Checked check = Checked.by(ACCOUNT, server)) {
            return check.failure();
        }
    }

    /** Declines TLS and reads what the client says of itself. */
    private static void awaitStart(InputStream in, OutputStream out) throws IOException {
        while (readStart(in) == TLS_REQUEST) {
            out.write('N');
        }
    }

    /** The version of the protocol, or what stands in its place. */
    private static int readStart(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int length = data.readInt();
        int version = data.readInt();
        data.skipNBytes(length - 8);
        return version;
    }

    private static void refuse(OutputStream out, String state, String message) throws IOException {
        byte[] fields = ("SFATAL\0VFATAL\0C" + state + "\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8);
        out.write('E');
        out.write(new byte[] {0, 0, (byte) (fields.length + 4 >> 8), (byte) (fields.length + 4)});
        out.write(fields);
    }
}
