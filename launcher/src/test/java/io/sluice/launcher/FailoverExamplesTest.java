package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ListenerConfig;
import io.sluice.core.pool.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped example whose checks log in runs, if only to hold clients: its servers here know no protocol. */
class FailoverExamplesTest {

    static final Predicate<String> IS_OF_FAILOVER =
            name -> name.startsWith("failover-") || List.of("galera.yaml", "mysql.yaml").contains(name);

    static List<String> examples() throws IOException {
        return LoopbackExample.names(IS_OF_FAILOVER);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void holdsClientsOfEachListener(String name, @TempDir Path directory) throws Exception {
        try (LoopbackExample example = LoopbackExample.start(name, (server, client) -> { }, directory);
             Sluice sluice = example.launch()) {
            assertEquals(2, example.config().listeners().size());
            for (ListenerConfig listener : example.config().listeners()) {
                Pool pool = sluice.pools().get(listener.poolNames().getFirst());
                assertTrue(pool.config().retries() > 0, "whoever is refused before the server is DOWN is not held");
                int waiting = pool.queueLength();
                try (TestClient client = TestClient.to(sluice.addresses(listener.name()).getFirst())) {
                    // Some listeners want to know first what a client says.
                    client.send("anything");
                    await().atMost(20, SECONDS).until(() -> pool.queueLength() == waiting + 1);
                }
                await().atMost(20, SECONDS).until(() -> pool.queueLength() == waiting);
            }
        }
    }

    @Test
    void hasAnExampleForEachKindOfDatabase() throws Exception {
        assertEquals(List.of("failover-mysql.yaml", "failover-patroni-api.yaml", "failover-patroni.yaml",
                "failover-postgresql.yaml", "failover-redis.yaml", "galera.yaml", "mysql.yaml"), examples());
    }
}
