package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes by server name are replaced while TLS sessions live and others begin. */
class TcpRoutesReloadTest {

    private static final String TO_ONE = "routes: [{ match: { sni: a.test }, pool: one }]";
    private static final String TO_TWO = "routes: [{ match: { sni: '*.test' }, pool: two }, { pool: one }]";

    private static TestTls tls;

    private NamedServer one;
    private NamedServer two;
    private ReloadFixture fixture;

    @BeforeAll
    static void makeKey(@TempDir Path keys) throws Exception {
        tls = TestTls.in(keys);
    }

    @BeforeEach
    void startServers() throws IOException {
        one = NamedServer.start("one", tls.over(Conversation.ANSWER_LINES));
        two = NamedServer.start("two", tls.over(Conversation.ANSWER_LINES));
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
        one.close();
        two.close();
    }

    @Test
    void leavesSessionsWhereTheyAreAndSendsNewOnesByTheNewRoutes() throws Exception {
        fixture = ReloadFixture.launch(config(TO_ONE));
        try (SSLSocket before = connect("a.test")) {
            assertEquals("one hi", ask(before));
            assertThrows(IOException.class, () -> askAnew("b.test"));
            fixture.reload(config(TO_TWO));
            assertEquals("two hi", askAnew("a.test"));
            assertEquals("two hi", askAnew("b.test"));
            assertEquals("one hi", askAnew(null));
            assertEquals("one hi", ask(before));
        }
    }

    @Test
    void looksIntoConnectionsOnceThereAreRoutesAndNoMoreOnceThereAreNone() throws Exception {
        fixture = ReloadFixture.launch(config("pool: one"));
        try (SSLSocket direct = connect("a.test")) {
            assertEquals("one hi", ask(direct));
            fixture.reload(config(TO_TWO));
            try (SSLSocket inspected = connect("a.test")) {
                assertEquals("two hi", ask(inspected));
                fixture.reload(config("pool: one"));
                assertEquals("two hi", ask(inspected));
            }
            assertEquals("one hi", askAnew("a.test"));
            assertEquals("one hi", ask(direct));
        }
    }

    @Test
    void routesAClientByTheRoutesOfWhenItCame() throws Exception {
        fixture = ReloadFixture.launch(config(TO_ONE));
        Socket interrupted = new Interrupted(fixture.address("in"), () -> {
            await().until(() -> fixture.sluice().connections() == 1);
            return fixture.reload(config(TO_TWO));
        });
        try (SSLSocket client =
                     (SSLSocket) tls.context().getSocketFactory().createSocket(interrupted, "a.test", 1, true)) {
            assertEquals("one hi", ask(client));
        }
        assertEquals(2, fixture.sluice().control().generations().size());
    }

    @Test
    void leavesSessionsOnAPoolThatIsGone() throws Exception {
        fixture = ReloadFixture.launch(config(TO_ONE));
        try (SSLSocket before = connect("a.test")) {
            assertEquals("one hi", ask(before));
            fixture.reload(config("routes: [{ pool: two }]").replaceAll("\n  one: .*", ""));
            assertFalse(fixture.sluice().pools().containsKey("one"));
            assertEquals("one hi", ask(before));
            assertEquals("two hi", askAnew("a.test"));
        }
    }

    private String askAnew(String serverName) throws IOException {
        try (SSLSocket client = connect(serverName)) {
            return ask(client);
        }
    }

    private SSLSocket connect(String serverName) throws IOException {
        // A resumed session would ask for the name of the one before.
        SSLSessionContext sessions = tls.context().getClientSessionContext();
        Collections.list(sessions.getIds()).stream().map(sessions::getSession).filter(Objects::nonNull)
                .forEach(SSLSession::invalidate);
        return tls.connect(fixture.address("in"), serverName);
    }

    private static String ask(SSLSocket client) throws IOException {
        client.getOutputStream().write("hi\n".getBytes(StandardCharsets.US_ASCII));
        String answer = new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        if (answer == null) {
            throw new SocketException("no answer");
        }
        return answer;
    }

    /** With one worker, so that what is counted as a connection has its session. */
    private String config(String routes) {
        return """
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, session-log: off, %s }]
                pools:
                  one: { servers: %s }
                  two: { servers: %s }
                """.formatted(routes, NamedServer.entries(one), NamedServer.entries(two));
    }

    /** A client's connection on which something is done after the first byte. */
    private static final class Interrupted extends Socket {

        private Callable<?> action;

        Interrupted(InetSocketAddress address, Callable<?> action) throws IOException {
            super(address.getAddress(), address.getPort());
            this.action = action;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream whole = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    whole.write(octet);
                    interrupt();
                }
            };
        }

        private void interrupt() throws IOException {
            Callable<?> due = action;
            action = null;
            try {
                if (due != null) {
                    due.call();
                }
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
