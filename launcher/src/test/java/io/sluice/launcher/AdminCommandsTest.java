package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import io.sluice.core.pool.ServerState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say that ask a running Sluice, which they find by its configuration file. */
class AdminCommandsTest {

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
        file = Files.writeString(directory.resolve("sluice.yaml"), config(LoopbackPorts.free(), "8"));
        sluice = Sluice.launch(ConfigParser.load(file), file.toString());
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        one.close();
    }

    private String config(int port, String mostConnections) {
        return """
                admin: { bind: 127.0.0.1:%d }
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s] } }
                max-connections: %s
                """.formatted(port, one.entry(""), mostConnections);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-f", file.toString()));
        return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private void replaceInFile(String old, String now) throws Exception {
        Files.writeString(file, Files.readString(file).replace(old, now));
    }

    @Test
    void reloads() throws Exception {
        replaceInFile("max-connections: 8", "max-connections: 9");
        assertEquals(ExitCode.OK, run("reload"), err::toString);
        assertEquals("max-connections: 8 -> 9\ngeneration 2 is in force\n", out.toString());
        assertEquals(ExitCode.OK, run("reload"));
        assertEquals("nothing has changed\ngeneration 2 is in force\n", out.toString());
    }

    @Test
    void tellsWhyItDoesNotReload() throws Exception {
        replaceInFile("max-connections: 8", "max-connections: many");
        assertEquals(ExitCode.INVALID_CONFIG, run("reload"));
        assertTrue(err.toString().contains("sluice.yaml:5:18: max-connections"), err::toString);
        assertEquals(ExitCode.OK, run("ctl", "server", "drain", "pool/one"), "a file at work on is no obstacle");
    }

    @Test
    void setsStateAndWeightOfAServer() {
        assertEquals(ExitCode.OK, run("ctl", "server", "drain", "pool/one"));
        assertEquals("server pool/one is wanted drain, weight 1\n", out.toString());
        assertEquals(ServerState.DRAINING, InProcess.state(sluice, "one"));
        run("ctl", "server", "weight", "pool/one", "5");
        assertEquals("server pool/one is wanted drain, weight 5\n", out.toString());
        run("ctl", "server", "reset", "pool/one");
        assertEquals("server pool/one is wanted ready, weight 1\n", out.toString());
        assertEquals(ServerState.UP, InProcess.state(sluice, "one"));
        assertEquals(ExitCode.USAGE, run("ctl", "server", "weight", "pool/one"));
        assertEquals(ExitCode.REFUSED, run("ctl", "server", "drain", "pool/two"));
        assertEquals("no server of pool pool is named two\n", err.toString());
    }

    @Test
    void addsAndRemovesAServer() throws Exception {
        try (NamedServer two = NamedServer.start("two")) {
            assertEquals(ExitCode.OK, run("ctl", "server", "add", "pool/two", "address=127.0.0.1:" + two.port(),
                    "weight=7"), err::toString);
            assertEquals("pool pool:\n  server two added\ngeneration 2 is in force\n", out.toString());
            assertEquals(7, InProcess.server(sluice, "two").weight());
            assertEquals(ExitCode.OK, run("ctl", "server", "remove", "pool/one"), err::toString);
            try (TestClient client = TestClient.to(sluice.addresses("in").getFirst())) {
                assertEquals("two", client.askForName());
            }
        }
    }

    @Test
    void addsAndRemovesAPoolAndAListener() throws Exception {
        assertEquals(ExitCode.OK, run("ctl", "pool", "add", "more", "balance=first",
                "servers=[" + one.entry("") + "]"), err::toString);
        assertEquals(ExitCode.OK, run("ctl", "listener", "add", "second", "bind=127.0.0.1:0", "protocol=tcp",
                "pool=more", "session-log=off"), err::toString);
        try (TestClient client = TestClient.to(sluice.addresses("second").getFirst())) {
            assertEquals("one", client.askForName());
        }
        assertEquals(ExitCode.INVALID_CONFIG, run("ctl", "pool", "remove", "more"));
        assertTrue(err.toString().contains("no pool is named \"more\""), err::toString);
        assertEquals(ExitCode.OK, run("ctl", "listener", "remove", "second"), err::toString);
        assertTrue(out.toString().endsWith("listener second removed\ngeneration 4 is in force\n"), out::toString);
        assertEquals(ExitCode.OK, run("ctl", "pool", "remove", "more"), err::toString);
    }

    @Test
    void tellsWhyItAddsOrRemovesNothing() {
        assertEquals(ExitCode.INVALID_CONFIG, run("ctl", "server", "add", "pool/two", "addres=127.0.0.1:1"));
        assertTrue(err.toString().contains("did you mean \"address\"?"), err::toString);
        assertEquals(ExitCode.REFUSED, run("ctl", "server", "add", "none/two", "address=127.0.0.1:1"));
        assertEquals("no pool is named none\n", err.toString());
        assertEquals(ExitCode.REFUSED, run("ctl", "listener", "remove", "none"));
        assertEquals("no listener is named none\n", err.toString());
        assertEquals(ExitCode.USAGE, run("ctl", "server", "remove", "one"));
        assertTrue(err.toString().contains("expected POOL/SERVER, not one"), err::toString);
        assertEquals(ExitCode.USAGE, run("ctl", "server"));
        assertEquals(1, sluice.control().generations().size());
    }

    @Test
    void changesOnlyTheVersionThatTheOperatorHasSeen() {
        run("ctl", "show");
        String version = out.toString().lines().findFirst().orElseThrow().replaceFirst(".* version ", "");
        assertEquals(ExitCode.OK, run("ctl", "server", "add", "pool/two", "address=127.0.0.1:1",
                "--if-version", version), err::toString);
        assertEquals(ExitCode.REFUSED, run("ctl", "server", "remove", "pool/two", "--if-version", version));
        assertEquals("someone else has changed it meanwhile: get it anew\n", err.toString());
        assertEquals(ExitCode.REFUSED, run("ctl", "rollback", "1", "--if-version", version));
        assertEquals(ExitCode.OK, run("ctl", "rollback", "1"));
    }

    @Test
    void showsAndReplacesTheConfiguration() throws Exception {
        assertEquals(ExitCode.OK, run("ctl", "config", "show"));
        assertEquals(Files.readString(file), out.toString());
        Path other = Files.writeString(directory.resolve("other.yaml"),
                Files.readString(file).replace("max-connections: 8", "max-connections: 9"));
        assertEquals(ExitCode.OK, run("ctl", "config", "diff", other.toString()));
        assertEquals("max-connections: 8 -> 9\n", out.toString());
        assertEquals(ExitCode.OK, run("ctl", "config", "put", other.toString()));
        assertEquals(9, sluice.control().config().maxConnections());
        assertEquals(ExitCode.OK, run("ctl", "rollback", "1"));
        assertEquals(8, sluice.control().config().maxConnections());
        assertEquals(ExitCode.OK, run("ctl", "generations"));
        assertTrue(out.toString().contains("rollback to generation 1  (in force)"), out::toString);
    }

    @Test
    void comparesAFileWithWhatRuns() throws Exception {
        replaceInFile("max-connections: 8", "max-connections: 9");
        assertEquals(ExitCode.OK, run("diff"), err::toString);
        assertEquals("max-connections: 8 -> 9\n", out.toString());
        assertEquals(8, sluice.control().config().maxConnections());
    }

    @Test
    void listsSessionsAndEndsOne() throws Exception {
        try (TestClient client = TestClient.to(sluice.addresses("in").getFirst())) {
            client.askForName();
            assertEquals(ExitCode.OK, run("sessions", "--server", "one"));
            String line = out.toString().lines().toList().get(1);
            assertTrue(line.contains("  pool/one  relaying  "), line);
            assertEquals(ExitCode.OK, run("sessions", "--end", line.substring(0, line.indexOf(' '))), err::toString);
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void marksTheByteAtFaultOfARefusedRequest() throws Exception {
        replaceInFile("pools:",
                "  - { name: web, bind: 127.0.0.1:0, protocol: http, pool: pool, access-log: off }\npools:");
        replaceInFile("listeners: [{", "listeners:\n  - {");
        replaceInFile("session-log: off }]", "session-log: off }");
        assertEquals(ExitCode.OK, run("reload"), err::toString);
        try (HttpPeer client = HttpPeer.to(sluice.addresses("web").getFirst())) {
            client.send("GET / HTTP/1.1\r\nX : y\r\n\r\n");
            client.response();
        }
        assertEquals(ExitCode.OK, run("errors"), err::toString);
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).endsWith("space-before-colon, byte 17 of the head"), lines::toString);
        assertEquals("    GET / HTTP/1.1\\r\\nX : y\\r\\n\\r\\n", lines.get(1));
        assertEquals(" ".repeat(4 + 19) + "^", lines.get(2));
    }

    @Test
    void saysThatNothingRuns() {
        sluice.close();
        assertEquals(ExitCode.REFUSED, run("reload"));
        assertTrue(err.toString().contains("cannot be reached"), err::toString);
    }

    @Test
    void saysThatThereIsNoAdminAddress() throws Exception {
        replaceInFile("admin:", "# admin:");
        assertEquals(ExitCode.REFUSED, run("reload"));
        assertTrue(err.toString().contains("has no section admin:"), err::toString);
    }
}
