package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private NamedServer one;
    private Path file;
    private Sluice sluice;

    @BeforeEach
    void start() throws Exception {
        one = NamedServer.start("one");
        file = Files.writeString(directory.resolve("sluice.yaml"), """
                admin: { bind: 127.0.0.1:%d }
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s] } }
                """.formatted(LoopbackPorts.free(), one.entry("")));
        sluice = Sluice.launch(ConfigParser.load(file), file.toString());
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        one.close();
    }

    @Test
    void showsListenersPoolsAndServers() {
        assertEquals(ExitCode.OK, run("top", "--once"), err::toString);
        String shown = out.toString();
        assertTrue(shown.startsWith(" Sluice "), shown);
        assertTrue(shown.contains("generation 1 of " + file), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("in +tcp +0 .*")), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("pool +1/1 up .*")), shown);
        assertTrue(shown.lines().anyMatch(line -> line.matches("  one +up .*")), shown);
    }

    @Test
    void countsWhatClientsDo() throws Exception {
        try (TestClient client = TestClient.to(sluice.addresses("in").getFirst())) {
            client.send("x");
            await().untilAsserted(() -> {
                run("top", "--json");
                JsonNode listener = JsonMapper.shared().readTree(out.toString()).at("/listeners/0");
                assertEquals(1, listener.at("/connections/now").asInt());
            });
        }
    }

    @Test
    void saysWhenNoneRuns() {
        sluice.close();
        assertEquals(ExitCode.REFUSED, run("top"));
        assertTrue(err.toString().contains("cannot be reached"), err.toString());
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "-f";
        all[arguments.length + 1] = file.toString();
        return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all);
    }
}
