package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What the commands say that ask a running Sluice, which they find by its configuration file. */
class AdminCommandsTest {

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
    void tellsWhatOfAReloadTakesARestart() throws Exception {
        fixture.replaceInFile("workers: 1", "workers: 2");
        for (int i = 0; i < 2; i++) {
            assertEquals(ExitCode.OK, fixture.run("reload"), fixture::err);
            assertTrue(fixture.out().contains(":2:10: workers: takes a restart; until then the value before "
                    + "holds\n"), fixture::out);
        }
    }

    @Test
    void reloads() throws Exception {
        fixture.replaceInFile("max-connections: 8", "max-connections: 9");
        assertEquals(ExitCode.OK, fixture.run("reload"), fixture::err);
        assertEquals("max-connections: 8 -> 9\ngeneration 2 is in force\n", fixture.out());
        assertEquals(ExitCode.OK, fixture.run("reload"));
        assertEquals("nothing has changed in " + fixture.file() + "\ngeneration 2 is in force\n", fixture.out());
    }

    @Test
    void tellsWhichFileAReloadHasReadIfItIsNotTheOneNamed() throws Exception {
        Path other = Files.writeString(directory.resolve("other.yaml"),
                Files.readString(fixture.file()).replace("max-connections: 8", "max-connections: 9"));
        assertEquals(ExitCode.OK, fixture.runWith(other, "reload"), fixture::err);
        assertEquals("Sluice runs with " + fixture.file() + " and reads that; " + other + " only says where to ask "
                + "it, and ctl config put would put it in force\nnothing has changed in " + fixture.file()
                + "\ngeneration 1 is in force\n", fixture.out());
        Path link = Files.createSymbolicLink(directory.resolve("link.yaml"), fixture.file());
        assertEquals(ExitCode.OK, fixture.runWith(link, "reload"), fixture::err);
        assertEquals("nothing has changed in " + fixture.file() + "\ngeneration 1 is in force\n", fixture.out());
    }

    @Test
    void saysThatTheFileToReloadIsGone() throws Exception {
        Path other = Files.copy(fixture.file(), directory.resolve("other.yaml"));
        Files.delete(fixture.file());
        assertEquals(ExitCode.INVALID_CONFIG, fixture.runWith(other, "reload"));
        assertTrue(fixture.err().contains(fixture.file() + ": no such file"), fixture::err);
        assertTrue(fixture.out().contains(other + " only says where to ask it"), fixture::out);
    }

    @Test
    void readsTheOutcomeOfSluiceThatDoesNotNameTheFileYet() {
        StringWriter out = new StringWriter();

        AdminCommand.tellOutcome(new JsonMapper().readTree("{'generation': 3, 'changes': [], 'warnings': []}"
                .replace('\'', '"')), new PrintWriter(out));

        assertEquals("nothing has changed\ngeneration 3 is in force\n", out.toString());
    }

    @Test
    void tellsWhyItDoesNotReload() throws Exception {
        fixture.replaceInFile("max-connections: 8", "max-connections: many");
        assertEquals(ExitCode.INVALID_CONFIG, fixture.run("reload"));
        assertTrue(fixture.err().contains("sluice.yaml:5:18: max-connections"), fixture::err);
        assertEquals(ExitCode.OK, fixture.run("ctl", "server", "drain", "pool/one"),
                "a file at work on is no obstacle");
    }

    @Test
    void setsStateAndWeightOfAServer() {
        assertEquals(ExitCode.OK, fixture.run("ctl", "server", "drain", "pool/one"));
        assertEquals("server pool/one: state drain, weight 1\n", fixture.out());
        assertEquals(ServerState.DRAINING, InProcess.state(fixture.sluice(), "one"));
        fixture.run("ctl", "server", "weight", "pool/one", "5");
        assertEquals("server pool/one: state drain, weight 5\n", fixture.out());
        fixture.run("ctl", "server", "reset", "pool/one");
        assertEquals("server pool/one: state ready, weight 1\n", fixture.out());
        assertEquals(ServerState.UP, InProcess.state(fixture.sluice(), "one"));
        assertEquals(ExitCode.USAGE, fixture.run("ctl", "server", "weight", "pool/one"));
        assertEquals(ExitCode.REFUSED, fixture.run("ctl", "server", "drain", "pool/two"));
        assertEquals("no server of pool pool is named two\n", fixture.err());
    }

    @Test
    void addsAndRemovesAServer() throws Exception {
        try (NamedServer two = NamedServer.start("two")) {
            assertEquals(ExitCode.OK, fixture.run("ctl", "server", "add", "pool/two", "address=127.0.0.1:" + two.port(),
                    "weight=7"), fixture::err);
            assertEquals("pool pool:\n  server two added\ngeneration 2 is in force\n", fixture.out());
            assertEquals(7, InProcess.server(fixture.sluice(), "two").weight());
            assertEquals(ExitCode.OK, fixture.run("ctl", "server", "remove", "pool/one"), fixture::err);
            try (TestClient client = TestClient.to(fixture.sluice().addresses("in").getFirst())) {
                assertEquals("two", client.askForName());
            }
        }
    }

    @Test
    void addsAndRemovesAPoolAndAListener() throws Exception {
        assertEquals(ExitCode.OK, fixture.run("ctl", "pool", "add", "more", "balance=first",
                "servers=[" + fixture.server().entry("") + "]"), fixture::err);
        assertEquals(ExitCode.OK, fixture.run("ctl", "listener", "add", "second", "bind=127.0.0.1:0", "protocol=tcp",
                "pool=more", "session-log=off"), fixture::err);
        try (TestClient client = TestClient.to(fixture.sluice().addresses("second").getFirst())) {
            assertEquals("one", client.askForName());
        }
        assertEquals(ExitCode.INVALID_CONFIG, fixture.run("ctl", "pool", "remove", "more"));
        assertTrue(fixture.err().contains("no pool is named \"more\""), fixture::err);
        assertEquals(ExitCode.OK, fixture.run("ctl", "listener", "remove", "second"), fixture::err);
        assertTrue(fixture.out().endsWith("listener second removed\ngeneration 4 is in force\n"), fixture::out);
        assertEquals(ExitCode.OK, fixture.run("ctl", "pool", "remove", "more"), fixture::err);
    }

    @Test
    void tellsWhyItAddsOrRemovesNothing() {
        assertEquals(ExitCode.INVALID_CONFIG, fixture.run("ctl", "server", "add", "pool/two", "addres=127.0.0.1:1"));
        assertTrue(fixture.err().contains("did you mean \"address\"?"), fixture::err);
        assertEquals(ExitCode.REFUSED, fixture.run("ctl", "server", "add", "none/two", "address=127.0.0.1:1"));
        assertEquals("no pool is named none\n", fixture.err());
        assertEquals(ExitCode.REFUSED, fixture.run("ctl", "listener", "remove", "none"));
        assertEquals("no listener is named none\n", fixture.err());
        assertEquals(ExitCode.USAGE, fixture.run("ctl", "server", "remove", "one"));
        assertTrue(fixture.err().contains("expected POOL/SERVER, not one"), fixture::err);
        assertEquals(ExitCode.USAGE, fixture.run("ctl", "server"));
        assertEquals(1, fixture.sluice().control().generations().size());
    }

    @Test
    void changesOnlyTheVersionThatTheOperatorHasSeen() {
        fixture.run("ctl", "show");
        String version = fixture.out().lines().findFirst().orElseThrow().replaceFirst(".* version ", "");
        assertEquals(ExitCode.OK, fixture.run("ctl", "server", "add", "pool/two", "address=127.0.0.1:1",
                "--if-version", version), fixture::err);
        assertEquals(ExitCode.REFUSED, fixture.run("ctl", "server", "remove", "pool/two", "--if-version", version));
        assertEquals("someone else has changed it meanwhile: get it anew\n", fixture.err());
        assertEquals(ExitCode.REFUSED, fixture.run("ctl", "rollback", "1", "--if-version", version));
        assertEquals(ExitCode.OK, fixture.run("ctl", "rollback", "1"));
    }

    @Test
    void showsAndReplacesTheConfiguration() throws Exception {
        assertEquals(ExitCode.OK, fixture.run("ctl", "config", "show"));
        assertEquals(Files.readString(fixture.file()), fixture.out());
        Path other = Files.writeString(directory.resolve("other.yaml"),
                Files.readString(fixture.file()).replace("max-connections: 8", "max-connections: 9"));
        assertEquals(ExitCode.OK, fixture.run("ctl", "config", "diff", other.toString()));
        assertEquals("max-connections: 8 -> 9\n", fixture.out());
        assertEquals(ExitCode.OK, fixture.run("ctl", "config", "put", other.toString()));
        assertEquals(9, fixture.sluice().control().config().maxConnections());
        assertEquals(ExitCode.OK, fixture.run("ctl", "rollback", "1"));
        assertEquals(8, fixture.sluice().control().config().maxConnections());
        assertEquals(ExitCode.OK, fixture.run("ctl", "generations"));
        assertTrue(fixture.out().contains("rollback to generation 1  (in force)"), fixture::out);
    }

    @Test
    void tellsWhyAFileIsNotPutInForce() throws Exception {
        Path none = directory.resolve("none.yaml");
        assertEquals(ExitCode.INVALID_CONFIG, fixture.run("ctl", "config", "put", none.toString()));
        assertTrue(fixture.err().startsWith(none + ": no such file\n"), fixture::err);
        Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0});
        assertEquals(ExitCode.INVALID_CONFIG, fixture.run("ctl", "config", "diff", binary.toString()));
        assertTrue(fixture.err().startsWith(binary + ":1:1: not UTF-8 text from here on\n"), fixture::err);
    }

    @Test
    void comparesAFileWithWhatRuns() throws Exception {
        fixture.replaceInFile("max-connections: 8", "max-connections: 9");
        assertEquals(ExitCode.OK, fixture.run("diff"), fixture::err);
        assertEquals("max-connections: 8 -> 9\n", fixture.out());
        assertEquals(8, fixture.sluice().control().config().maxConnections());
    }

    @Test
    void listsSessionsAndEndsOne() throws Exception {
        try (TestClient client = TestClient.to(fixture.sluice().addresses("in").getFirst())) {
            client.askForName();
            assertEquals(ExitCode.OK, fixture.run("sessions", "--server", "one"));
            String line = fixture.out().lines().toList().get(1);
            assertTrue(line.contains("  pool/one  relaying  "), line);
            assertEquals(ExitCode.OK, fixture.run("sessions", "--end", line.substring(0, line.indexOf(' '))),
                    fixture::err);
            assertTrue(client.awaitEndByReset());
        }
    }

    @Test
    void tellsOfAnUnknownNameInsteadOfListingNoSessions() {
        assertEquals(ExitCode.REFUSED, fixture.run("sessions", "--listener", "none"));
        assertEquals("no listener is named none\n", fixture.err());
        for (String name : List.of("none", "pool/none", "none/one", "pool")) {
            assertEquals(ExitCode.REFUSED, fixture.run("sessions", "--listener", "in", "--server", name));
            assertEquals("no server is named " + name + "\n", fixture.err());
        }
        assertEquals(ExitCode.OK, fixture.run("sessions", "--listener", "in", "--server", "pool/one"));
        assertEquals(1, fixture.out().lines().count(), fixture::out);
    }

    @Test
    void listsSessionsOfAListenerThatHasLeft() throws Exception {
        try (TestClient client = TestClient.to(fixture.sluice().addresses("in").getFirst())) {
            client.askForName();
            fixture.replaceInFile("name: in", "name: other");
            assertEquals(ExitCode.OK, fixture.run("reload"), fixture::err);
            assertEquals(ExitCode.OK, fixture.run("sessions", "--listener", "in"), fixture::err);
            assertEquals(2, fixture.out().lines().count(), fixture::out);
        }
    }

    @Test
    void marksTheByteAtFaultOfARefusedRequest() throws Exception {
        addHttpListener();
        exchange("GET / HTTP/1.1\r\nX : y\r\n\r\n");
        List<String> lines = errors();
        assertTrue(lines.get(0).contains("Z request of 127.0.0.1:"), lines::toString);
        assertTrue(lines.get(0).endsWith(" at listener web: space-before-colon, byte 17 of the head"),
                lines::toString);
        assertEquals("    GET / HTTP/1.1\\r\\nX : y\\r\\n\\r\\n", lines.get(1));
        assertEquals(" ".repeat(4 + 19) + "^", lines.get(2));
    }

    @Test
    void marksTheByteAtFaultOfARefusedResponse() throws Exception {
        addHttpListener();
        // The server knows no HTTP: it answers each line with its name.
        exchange("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        List<String> lines = errors();
        assertTrue(lines.get(0).contains("Z response of pool/one to 127.0.0.1:"), lines::toString);
        assertTrue(lines.get(0).endsWith(" at listener web: bad-status-line, byte 0 of the head"), lines::toString);
        assertTrue(lines.get(1).startsWith("    one GET / HTTP/1.1\\n"), lines::toString);
        assertEquals("    ^", lines.get(2));
    }

    private void addHttpListener() throws Exception {
        fixture.replaceInFile("pools:",
                "  - { name: web, bind: 127.0.0.1:0, protocol: http, pool: pool, access-log: off }\npools:");
        fixture.replaceInFile("listeners: [{", "listeners:\n  - {");
        fixture.replaceInFile("session-log: off }]", "session-log: off }");
        assertEquals(ExitCode.OK, fixture.run("reload"), fixture::err);
    }

    private void exchange(String request) throws Exception {
        try (HttpPeer client = HttpPeer.to(fixture.sluice().addresses("web").getFirst())) {
            client.send(request);
            client.response();
        }
    }

    private List<String> errors() {
        assertEquals(ExitCode.OK, fixture.run("errors"), fixture::err);
        return fixture.out().lines().toList();
    }

    @Test
    void saysThatNothingRuns() {
        fixture.sluice().close();
        assertEquals(ExitCode.REFUSED, fixture.run("reload"));
        assertTrue(fixture.err().matches("Sluice cannot be reached at http://127\\.0\\.0\\.1:\\d+; is it running\\?\n"),
                fixture::err);
    }

    @Test
    void saysThatThereIsNoAdminAddress() throws Exception {
        fixture.replaceInFile("admin:", "# admin:");
        assertEquals(ExitCode.REFUSED, fixture.run("reload"));
        assertTrue(fixture.err().contains("has no section admin:"), fixture::err);
    }
}
