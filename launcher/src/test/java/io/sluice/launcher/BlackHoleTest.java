package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Counter;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that neither accepts nor refuses connections costs a client the connect timeout, and no more. */
class BlackHoleTest {

    private BlackHole blackHole;

    @BeforeEach
    void open() throws IOException {
        blackHole = BlackHole.open();
    }

    @AfterEach
    void close() throws IOException {
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
                    servers: [%s%s]
                    timeouts: { connect: 50ms }
                """.formatted(blackHole.entry(), furtherServers));
    }
}
