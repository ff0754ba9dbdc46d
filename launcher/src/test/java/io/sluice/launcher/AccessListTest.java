package io.sluice.launcher;

import static org.awaitility.Awaitility.await;

import io.sluice.core.stats.Counter;
import org.junit.jupiter.api.Test;

/** Who may connect is decided by the longest prefix. */
class AccessListTest {

    @Test
    void admitsWhoIsAllowedAndResetsEveryoneElse() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             Sluice sluice = InProcess.launch("""
                     listeners:
                       - name: in
                         bind: 127.0.0.1:0
                         protocol: tcp
                         pool: pool
                         session-log: off
                         allow: [127.0.1.0/24, 127.0.2.5]
                         deny: [127.0.1.7, 127.0.2.0/24]
                     pools: { pool: { servers: %s } }
                     """.formatted(NamedServer.entries(server)))) {
            TestClient.assertServed("127.0.1.1", sluice);
            TestClient.assertServed("127.0.2.5", sluice);
            TestClient.assertReset("127.0.1.7", sluice);
            TestClient.assertReset("127.0.2.6", sluice);
            TestClient.assertReset("127.0.3.1", sluice);
            await().until(() -> sluice.stats().sum(Counter.CONNECTIONS_DENIED) == 3);
        }
    }
}
