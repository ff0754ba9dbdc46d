package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that neither accepts nor refuses connections costs a client the connect timeout, and no more. */
class BlackHoleTest {

    /** Enough for loopback, where whoever can connect does so at once. */
    private static final int HOPELESS_MS = 300;

    private ServerSocket blackHole;
    private final List<Socket> fill = new ArrayList<>();

    /** Never accepts; once its queue is full, the kernel drops what else comes. */
    @BeforeEach
    void fillQueue() throws IOException {
        blackHole = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        for (;;) {
            Socket socket = new Socket();
            fill.add(socket);
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", blackHole.getLocalPort()), HOPELESS_MS);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : fill) {
            socket.close();
        }
        blackHole.close();
    }

    @Test
    void triesAnotherServerAfterTheConnectTimeout() throws Exception {
        try (NamedServer works = NamedServer.start("works");
             Sluice sluice = launch(", " + works.entry(""));
             TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertEquals("works", client.askForName());
            client.leave();
            await().until(() -> sluice.stats().sum(Counter.CONNECT_RETRIES) == 1);
        }
    }

    @Test
    void resetsTheClientIfThereIsNoOtherServer() throws Exception {
        try (Sluice sluice = launch(""); TestClient client = TestClient.to(InProcess.address(sluice))) {
            assertTrue(client.awaitEndByReset());
            await().until(() -> sluice.stats().sum(Counter.CONNECT_FAILURES) == 1);
        }
    }

    private Sluice launch(String furtherServers) throws Exception {
        return InProcess.launch("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    balance: first
                    servers: [{ name: black-hole, address: 127.0.0.1:%d }%s]
                    timeouts: { connect: 50ms }
                """.formatted(blackHole.getLocalPort(), furtherServers));
    }
}
