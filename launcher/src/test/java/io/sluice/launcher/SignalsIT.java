package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signals that the process understands. */
class SignalsIT {

    private static final int INT = 2;
    private static final int HUP = 1;

    @TempDir
    private Path directory;
    private NamedServer server;
    private SluiceProcess sluice;

    @BeforeEach
    void start() throws Exception {
        server = NamedServer.start("server");
        sluice = SluiceProcess.run(Files.writeString(directory.resolve("sluice.yaml"), """
                drain-timeout: 1m
                listeners:
                  - { name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: { file: sessions.log } }
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server))));
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void endsWithoutFaultOnceTheLastConnectionHas(String signal) throws Exception {
        assumeFalse(signal.equals("INT") && sluice.ignores(INT), "the build runs with INT ignored");
        try (TestClient client = client()) {
            assertEquals("server", client.askForName());
            sluice.signal(signal);
            sluice.awaitErr(signal + ": stops accepting; 1 connections may go on");
            assertEquals("server still here", client.ask("still here"));
            assertTrue(sluice.isAlive());
        }
        assertEquals(ExitCode.OK, sluice.awaitExit());
        assertTrue(sluice.err().contains("all connections have ended"), sluice::err);
    }

    @Test
    void endsAtOnceOnTheSecondTerm() throws Exception {
        try (TestClient client = client()) {
            assertEquals("server", client.askForName());
            sluice.signal("TERM");
            sluice.awaitErr("TERM: stops accepting");
            sluice.signal("TERM");
            assertEquals(ExitCode.CUT_SHORT, sluice.awaitExit());
        }
    }

    @Test
    void putsTheFileInForceAgainOnHup() throws Exception {
        assumeFalse(sluice.ignores(HUP), "the build runs with HUP ignored");
        Path file = directory.resolve("sluice.yaml");
        String config = Files.readString(file);
        try (NamedServer other = NamedServer.start("other"); TestClient before = client()) {
            assertEquals("server", before.askForName());
            Files.writeString(file, config.replace(NamedServer.entries(server), NamedServer.entries(other)));
            sluice.signal("HUP");
            sluice.awaitErr("generation 2: pool pool: server server removed, server other added");
            try (TestClient client = client()) {
                assertEquals("other", client.askForName());
            }
            assertEquals("server on", before.ask("on"));
        }
    }

    /** Its default would be to end the process. */
    @Test
    void reloadsAfterTheStartOnAHupThatCameBefore() throws Exception {
        assumeFalse(sluice.ignores(HUP), "the build runs with HUP ignored");
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            startWithCheckOf(silent, "2s");
            sluice.signal("HUP");
            sluice.awaitRunning();
            sluice.awaitErr("generation 1 goes on: nothing has changed");
        }
    }

    @Test
    void endsAtOnceOnTheSecondTermEvenIfItHasNotStartedYet() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            startWithCheckOf(silent, "1h");
            sluice.signal("TERM");
            sluice.awaitErr("TERM during the start, after which Sluice ends");
            sluice.signal("TERM");
            assertEquals(ExitCode.CUT_SHORT, sluice.awaitExit());
            assertTrue(sluice.err().contains("TERM again: ends at once"), sluice::err);
        }
    }

    /** Starts anew, and waits for the answer to a health check, which does not come. Returns during the start. */
    private void startWithCheckOf(ServerSocket silent, String timeout) throws Exception {
        sluice.close();
        Path file = directory.resolve("slow.yaml");
        Files.writeString(file, Files.readString(directory.resolve("sluice.yaml")).replace("pool: { servers:",
                "pool: { health-check: { type: http, interval: 1h, timeout: " + timeout + " }, servers:")
                .replaceAll("127\\.0\\.0\\.1:[1-9]\\d*", "127.0.0.1:" + silent.getLocalPort()));
        sluice = SluiceProcess.start("run", "-f", file.toString());
        sluice.awaitErr("starts with");
    }

    @Test
    void saysThatHupIsIgnoredIfWhoeverStartedItWantsThat() throws Exception {
        sluice.close();
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
        command.addAll(SluiceProcess.command(List.of(), "run", "-f", directory.resolve("sluice.yaml").toString()));
        sluice = SluiceProcess.start(new ProcessBuilder(command)).awaitRunning();
        sluice.awaitErr("WARN  HUP is ignored");
        assertTrue(sluice.ignores(HUP));
    }

    @Test
    void goesOnAsBeforeOnHupWithAMistakeAndSaysWhereItIs() throws Exception {
        assumeFalse(sluice.ignores(HUP), "the build runs with HUP ignored");
        Path file = directory.resolve("sluice.yaml");
        Files.writeString(file, Files.readString(file).replace("drain-timeout", "drain-timout"));
        sluice.signal("HUP");
        sluice.awaitErr("no reload, all goes on as before:\n  " + file + ":1:1: unknown key \"drain-timout\"");
        sluice.awaitErr("did you mean");
        try (TestClient client = client()) {
            assertEquals("server", client.askForName());
        }
    }

    @Test
    void opensTheSessionLogAnewOnUsr1() throws Exception {
        Path log = directory.resolve("sessions.log");
        Path rotated = directory.resolve("sessions.log.1");
        askOnce();
        await().until(() -> Files.readAllLines(log).size() == 1);
        Files.move(log, rotated);
        askOnce();
        await().until(() -> Files.readAllLines(rotated).size() == 2);
        sluice.signal("USR1");
        await().until(() -> Files.exists(log));
        askOnce();
        await().until(() -> Files.readAllLines(log).size() == 1);
        assertEquals(2, Files.readAllLines(rotated).size());
    }

    @Test
    void saysWhyTheSessionLogCannotBeOpenedAnew() throws Exception {
        Path log = directory.resolve("sessions.log");
        Files.delete(log);
        Files.createDirectory(log);
        sluice.signal("USR1");
        sluice.awaitErr("log file " + log + " could not be opened again, and its records still go where they went "
                + "before: Is a directory\n");
    }

    @Test
    void saysAtTheEndThatAFullDiskHasCostRecords() throws Exception {
        Path log = directory.resolve("sessions.log");
        Files.delete(log);
        Files.createSymbolicLink(log, Path.of("/dev/full"));
        sluice.signal("USR1");
        sluice.awaitErr("USR1: log files are opened anew");
        askOnce();
        sluice.signal("TERM");
        assertEquals(ExitCode.OK, sluice.awaitExit());
        assertTrue(sluice.err().contains("the last records for " + log + " are lost"), sluice::err);
    }

    private TestClient client() throws Exception {
        return TestClient.to(sluice.address("in"));
    }

    private void askOnce() throws Exception {
        try (TestClient client = client()) {
            assertEquals("server", client.askForName());
        }
    }
}
