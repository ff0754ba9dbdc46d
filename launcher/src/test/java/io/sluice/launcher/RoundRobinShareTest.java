package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns are taken over all workers together, and so shares are exact. */
class RoundRobinShareTest {

    private NamedServer apple;
    private NamedServer banana;
    private NamedServer cherry;

    @BeforeEach
    void startServers() throws Exception {
        apple = NamedServer.start("apple");
        banana = NamedServer.start("banana");
        cherry = NamedServer.start("cherry");
    }

    @AfterEach
    void stopServers() throws Exception {
        apple.close();
        banana.close();
        cherry.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void givesEachOfThreeServers300Of900Connections(int workers) throws Exception {
        try (Sluice sluice = launch(workers, NamedServer.entries(apple, banana, cherry))) {
            assertEquals(Map.of("apple", 300L, "banana", 300L, "cherry", 300L), answersOfConnections(sluice, 900));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void givesSharesByWeight(int workers) throws Exception {
        String servers = "[%s, %s, %s]".formatted(apple.entry("weight: 3"), banana.entry("weight: 2"),
                cherry.entry("weight: 1"));
        try (Sluice sluice = launch(workers, servers)) {
            assertEquals(Map.of("apple", 300L, "banana", 200L, "cherry", 100L), answersOfConnections(sluice, 600));
        }
    }

    private static Sluice launch(int workers, String servers) throws Exception {
        return InProcess.launch("""
                workers: %d
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { balance: round-robin, servers: %s } }
                """.formatted(workers, servers));
    }

    private static Map<String, Long> answersOfConnections(Sluice sluice, int connections) throws Exception {
        int clients = 20;
        return Crowd.each(clients, connections / clients, () -> {
            try (TestClient client = TestClient.to(InProcess.address(sluice))) {
                return client.askForName();
            }
        }).stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
