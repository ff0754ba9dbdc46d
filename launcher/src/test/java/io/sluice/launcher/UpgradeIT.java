package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.launcher.admin.AdminClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * One process takes over from the other while clients keep them busy: none of them notices. {@code
 * -Dsluice.upgrades=50} has it go on for longer.
 */
class UpgradeIT {

    private static final int UPGRADES = Integer.getInteger("sluice.upgrades", 2);
    /** Of each kind of client, between one upgrade and the next. */
    private static final long ANSWERS_BETWEEN = 200;
    private static final int CLIENTS_OF_A_KIND = 8;
    private static final Pattern STARTED = Pattern.compile("process (\\d+) has been started");
    private static final Pattern DONE = Pattern.compile("process (\\d+) accepts all clients");

    @TempDir
    private Path directory;
    private HttpOrigin origin;
    private NamedServer server;
    private Path config;
    private InetSocketAddress web;
    private InetSocketAddress db;
    /** Has room for one client alone. */
    private InetSocketAddress narrow;
    private SluiceProcess first;
    /** Those that were started by upgrades. */
    private final List<ProcessHandle> others = new ArrayList<>();
    private final BusyClients clients = new BusyClients();

    @BeforeEach
    void start() throws Exception {
        origin = HttpOrigin.start("origin");
        server = NamedServer.start("server");
        web = new InetSocketAddress("127.0.0.1", LoopbackPorts.free());
        db = new InetSocketAddress("127.0.0.1", LoopbackPorts.free());
        narrow = new InetSocketAddress("127.0.0.1", LoopbackPorts.free());
        config = directory.resolve("sluice.yaml");
        write(0);
        first = SluiceProcess.run(config);
    }

    @AfterEach
    void stop() throws Exception {
        clients.close();
        others.forEach(ProcessHandle::destroyForcibly);
        first.close();
        server.close();
        origin.close();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noClientNoticesUpgradesUnderLoad() throws Exception {
        try (TestClient session = TestClient.to(db)) {
            assertEquals("server", session.askForName());
            keepBusy();
            for (int number = 1; number <= UPGRADES && !clients.haveFailed(); number++) {
                clients.awaitAnswers(ANSWERS_BETWEEN);
                write(number);
                upgrade();
                assertEquals(Integer.toString(number), generation());
            }
            clients.awaitAnswers(ANSWERS_BETWEEN);
            assertEquals(List.of(), clients.failures(), first::toString);
            assertEquals("server", session.askForName());
            assertTrue(first.isAlive());
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> !first.isAlive());
        assertEquals(UPGRADES, others.size());
        for (ProcessHandle replaced : others.subList(0, UPGRADES - 1)) {
            replaced.onExit().get(1, TimeUnit.MINUTES);
        }
        assertTrue(others.getLast().isAlive());
        assertEquals(UPGRADES + 1, Pattern.compile("listener web  ").matcher(first.out()).results().count());
    }

    /** Nor can a connection be lost that is being established, as the sockets are the same ones. */
    @Test
    void whoWaitsInTheKernelsQueueIsServedByTheNewProcess() throws Exception {
        try (TestClient taking = TestClient.to(narrow)) {
            assertEquals("server", taking.askForName());
            // Not before: workers have queues of their own, so that who comes second may be accepted first.
            try (TestClient waiting = TestClient.to(narrow)) {
                waiting.send("hello\n");
                write(1);
                upgrade();
                assertEquals("server hello", waiting.readLine());
                assertEquals("server still here", taking.ask("still here"));
            }
        }
    }

    /** Its address moves to the new process after the clients have; whoever has the token goes on with it. */
    @Test
    void whatOperatorsSaidHoldsInTheNewProcessAndTheyCanGoOn() throws Exception {
        try (NamedServer spare = NamedServer.start("spare"); SluiceProcess running = withAdmin(spare)) {
            keepBusy();
            try (AdminClient operator = AdminClient.of(config)) {
                operator.send("PATCH", "/pools/db/servers/spare", Map.of("state", "drain", "weight", 7));
                String before = operator.get("/status").json().get("startedAt").asString();
                clients.awaitAnswers(ANSWERS_BETWEEN);
                upgrade(running);
                assertNotEquals(before, operator.get("/status").json().get("startedAt").asString(),
                        "the command is done when the new process can be asked");
                JsonNode drained = operator.get("/pools/db/servers/spare").json();
                assertEquals("drain", drained.get("adminState").asString());
                assertEquals(7, drained.get("weight").asInt());
                clients.awaitAnswers(ANSWERS_BETWEEN);
                assertEquals(List.of(), clients.failures(), running::toString);
                operator.send("PATCH", "/pools/db/servers/spare", Map.of("state", "ready"));
                assertEquals("ready", operator.get("/pools/db/servers/spare").json().get("adminState").asString());
            }
        }
    }

    /** The new process has read the file before, and rehearses meanwhile. */
    @Test
    void whatOperatorsReloadDuringTheUpgradeIsInForceInTheNewProcess() throws Exception {
        try (NamedServer spare = NamedServer.start("spare"); SluiceProcess running = withAdmin(spare);
             AdminClient operator = AdminClient.of(config);
             SluiceProcess command = SluiceProcess.start("upgrade", "-f", config.toString())) {
            await().until(() -> starts(running) == 2);
            Files.writeString(config, Files.readString(config).replace("body: \"0\"", "body: \"reloaded\"")
                    .replace("name: narrow", "name: renamed"));
            operator.send("POST", "/reload", Map.of());
            assertEquals("reloaded", generation());
            assertEquals(ExitCode.OK, command.awaitExit(), command::toString);
            rememberSuccessor(command);
            assertEquals("reloaded", generation());
        }
    }

    /** In place of the one without it. */
    private SluiceProcess withAdmin(NamedServer spare) throws Exception {
        first.close();
        Files.writeString(config, Files.readString(config).replace("db: { servers: [", "db: { servers: ["
                + spare.entry("state: maintenance") + ", ") + "admin: { bind: 127.0.0.1:" + LoopbackPorts.free()
                + ", socket: admin.sock }\nstate-file: state.json\n");
        return SluiceProcess.run(config);
    }

    @Test
    void theOldProcessGoesOnIfTheNewOneCannotStart() throws Exception {
        Files.writeString(config, Files.readString(config).replace("workers: 2", "workers: none"));
        // Its own configuration is the one that it is told of, and that is where it looks for the socket.
        Path good = directory.resolve("good.yaml");
        Files.writeString(good, Files.readString(config).replace("workers: none", "workers: 2")
                .replace("bind: 127.0.0.1:" + db.getPort(), "bind: 192.0.2.1:" + db.getPort()));
        try (SluiceProcess command = SluiceProcess.start("upgrade", "-f", good.toString())) {
            assertEquals(ExitCode.CANNOT_START, command.awaitExit());
            assertTrue(command.err().contains("no upgrade: the new process has ended with 3"), command::toString);
        }
        first.awaitErr("this process goes on");
        assertEquals("0", generation());
        assertTrue(askTheDatabase());
    }

    /** By then the new one has accepted clients already: they are served to their end. */
    @Test
    void theOldProcessGoesOnIfTheNewOneGetsNoAdminAddress() throws Exception {
        try (NamedServer spare = NamedServer.start("spare"); SluiceProcess running = withAdmin(spare);
             AdminClient operator = AdminClient.of(config); ServerSocketChannel taken = ServerSocketChannel.open()) {
            String before = operator.get("/status").json().get("startedAt").asString();
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            Path other = directory.resolve("other.yaml");
            Files.writeString(other, Files.readString(config).replaceFirst("admin: \\{ bind: 127.0.0.1:\\d+",
                    "admin: { bind: 127.0.0.1:" + taken.socket().getLocalPort()));
            try (SluiceProcess command = SluiceProcess.start("upgrade", "-f", other.toString())) {
                assertEquals(ExitCode.CANNOT_START, command.awaitExit());
                assertTrue(command.err().contains("no upgrade: the new process could not serve: "), command::toString);
                assertTrue(command.err().contains("the admin address"), command::toString);
            }
            assertEquals(before, operator.get("/status").json().get("startedAt").asString());
            running.awaitErr("before it served; this process goes on");
            assertTrue(askTheDatabase());
            upgrade(running);
        }
    }

    /** Otherwise the new one would take the clients over only to end then, and nobody would be left. */
    @Test
    void theOldProcessGoesOnIfTheNewOneIsToldToEndBeforeItHasTakenOver() throws Exception {
        try (SluiceProcess command = SluiceProcess.start("upgrade", "-f", config.toString())) {
            command.awaitOut("has been started");
            Matcher started = STARTED.matcher(command.out());
            assertTrue(started.find(), command::toString);
            // Once it handles signals; without handling them it would just end.
            await().until(() -> starts(first) == 2);
            ProcessHandle.of(Long.parseLong(started.group(1))).orElseThrow().destroy();
            assertEquals(ExitCode.CANNOT_START, command.awaitExit(), command::toString);
        }
        first.awaitErr("TERM came before this process had taken over");
        assertTrue(askTheDatabase());
        upgrade();
    }

    private void upgrade() throws Exception {
        upgrade(first);
    }

    /** The test plays the old process, which dies when the new one has said that it accepts clients. */
    @Test
    void theNewProcessGoesOnIfTheOldOneIsKilledMeanwhile() throws Exception {
        first.close();
        Path socket = directory.resolve("upgrade.sock");
        Files.deleteIfExists(socket);
        try (ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            old.bind(UnixDomainSocketAddress.of(socket));
            try (SluiceProcess next = SluiceProcess.start("run", "--take-over", "-f", config.toString())) {
                try (SocketChannel conversation = old.accept()) {
                    conversation.write(ByteBuffer.wrap("end\n".getBytes(StandardCharsets.US_ASCII)));
                    next.awaitErr("listener narrow accepts");
                }
                next.awaitRunning();
                assertTrue(next.err().contains("the process before this one has ended"), next::toString);
                assertTrue(askTheDatabase());
            }
        }
    }

    /** @param speaker whose output tells of all of them */
    private void upgrade(SluiceProcess speaker) throws Exception {
        try (SluiceProcess command = SluiceProcess.start("upgrade", "-f", config.toString())) {
            assertEquals(ExitCode.OK, command.awaitExit(), () -> command + "\n" + speaker);
            rememberSuccessor(command);
        }
    }

    private void rememberSuccessor(SluiceProcess command) {
        Matcher done = DONE.matcher(command.out());
        assertTrue(done.find(), command::toString);
        others.add(ProcessHandle.of(Long.parseLong(done.group(1))).orElseThrow());
    }

    /** How many processes that log there have read their configuration and handle signals. */
    private static long starts(SluiceProcess speaker) {
        return Pattern.compile("Sluice \\S+ starts with").matcher(speaker.err()).results().count();
    }

    private String generation() throws IOException {
        try (HttpPeer client = HttpPeer.to(web)) {
            return client.get("/generation").body();
        }
    }

    private void keepBusy() {
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            clients.add("fresh HTTP", this::askOnANewConnection);
            clients.add("kept HTTP", new KeptClient());
            clients.add("TCP", this::askTheDatabase);
        }
    }

    private boolean askOnANewConnection() throws IOException {
        try (HttpPeer client = HttpPeer.to(web)) {
            return client.get("/x").body().equals("origin /x");
        }
    }

    private boolean askTheDatabase() throws IOException {
        try (TestClient client = TestClient.to(db)) {
            return client.askForName().equals("server");
        }
    }

    /** Connects anew only when it has been told to. */
    private final class KeptClient implements Callable<Boolean> {

        private HttpPeer peer;

        @Override
        public Boolean call() throws IOException {
            if (peer == null) {
                peer = HttpPeer.to(web);
            }
            HttpMessage answer = peer.get("/y");
            if (answer.has("Connection") && answer.field("Connection").equals("close")) {
                peer.close();
                peer = null;
            }
            return answer.body().equals("origin /y");
        }
    }

    /** The number of workers changes, and with it how many sockets each of them has. */
    private void write(int number) throws IOException {
        Files.writeString(config, """
                workers: %d
                drain-timeout: 2m
                upgrade-socket: upgrade.sock
                listeners:
                  - name: web
                    bind: 127.0.0.1:%d
                    protocol: http
                    access-log: off
                    routes: [{ match: { path: /generation }, respond: { body: "%d" } }, { pool: web }]
                  - { name: db, bind: 127.0.0.1:%d, protocol: tcp, pool: db, session-log: off }
                  - name: narrow
                    bind: 127.0.0.1:%d
                    protocol: tcp
                    max-connections: 1
                    pool: db
                    session-log: off
                pools:
                  web: { servers: %s }
                  db: { servers: %s }
                """.formatted(List.of(2, 3, 1).get(number % 3), web.getPort(), number, db.getPort(),
                narrow.getPort(), HttpOrigin.entries(origin), NamedServer.entries(server)));
    }
}
