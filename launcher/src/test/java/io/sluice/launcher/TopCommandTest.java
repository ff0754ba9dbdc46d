package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code top} says of a Sluice that runs. Tests have no terminal, so it shows all of it once. */
class TopCommandTest {

    @TempDir
    private Path directory;
    private CommandFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = CommandFixture.launch(directory);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void showsListenersPoolsAndServers() {
        assertEquals(ExitCode.OK, fixture.run("top", "--once"), fixture::err);
        String shown = fixture.out();
        assertTrue(shown.startsWith(" Sluice "), shown);
        assertTrue(shown.contains("generation 1 of " + fixture.file()), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("in +tcp +0 .*")), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("pool +1/1 up .*")), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("  one +up .*")), shown);
    }

    @Test
    void countsWhatClientsDo() throws Exception {
        try (TestClient client = TestClient.to(fixture.sluice().addresses("in").getFirst())) {
            client.send("x");
            await().untilAsserted(() -> {
                fixture.run("top", "--json");
                JsonNode listener = JsonMapper.shared().readTree(fixture.out()).at("/listeners/0");
                assertEquals(1, listener.at("/connections/now").asInt());
            });
        }
    }

    @Test
    void saysWhenNoneRuns() {
        fixture.sluice().close();
        assertEquals(ExitCode.REFUSED, fixture.run("top"));
        assertTrue(fixture.err().contains("cannot be reached"), fixture.err());
    }
}
