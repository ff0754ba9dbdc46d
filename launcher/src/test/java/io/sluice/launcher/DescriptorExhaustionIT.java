package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a file descriptor left, Sluice waits until there is one: it neither spins nor dies nor turns deaf. */
class DescriptorExhaustionIT {

    private static final int DESCRIPTORS = 200;
    private static final String ACCEPT_FAILS = "cannot accept connections";
    private static final String ADMIN_ACCEPT_FAILS = "admin: no client can be accepted";
    private static final String UPGRADE_SOCKET = "upgrade.sock";

    @TempDir
    private Path directory;

    @Test
    void waitsPatientlyAndServesAgainOnceConnectionsHaveEnded() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             SluiceProcess sluice = launch(server)) {
            List<TestClient> silent = exhaust(sluice);
            sluice.awaitCpuUseBelow(0.5);
            assertTrue(sluice.isAlive());
            assertEquals(2, sluice.err().split(ACCEPT_FAILS, -1).length, sluice::err);

            for (TestClient client : silent) {
                client.close();
            }
            try (TestClient client = TestClient.to(sluice.address("in"))) {
                client.send("PROXY TCP4 203.0.113.7 192.0.2.1 4711 5432\r\n");
                assertEquals("server", client.askForName());
            }
        }
    }

    @Test
    void takesRequestsForAnUpgradeAgainOnceConnectionsHaveEnded() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             SluiceProcess sluice = launch(server)) {
            List<TestClient> silent = exhaust(sluice);
            try (SocketChannel _ = connectTo(UPGRADE_SOCKET)) {
                sluice.awaitErr("upgrade: no request can be accepted");
                sluice.awaitCpuUseBelow(0.5);
            }
            for (TestClient client : silent) {
                client.close();
            }
            // Connections that wait in the kernel's queue may still take the descriptors that a process needs.
            await().atMost(Duration.ofMinutes(1))
                    .until(this::askForUpgrade, answer -> answer != null && answer.startsWith("started"));
        }
    }

    @Test
    void answersAtTheAdminAddressAgainOnceConnectionsHaveEnded() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             SluiceProcess sluice = launch(server)) {
            List<TestClient> silent = exhaust(sluice);
            try (SocketChannel socket = connectTo("admin.sock");
                 SocketChannel tcp = SocketChannel.open(sluice.adminAddress())) {
                sluice.awaitErr(ADMIN_ACCEPT_FAILS);
                sluice.awaitCpuUseBelow(0.5);
                assertEquals(2, sluice.err().split(ADMIN_ACCEPT_FAILS, -1).length, sluice::err);
                for (TestClient client : silent) {
                    client.close();
                }
                for (SocketChannel client : List.of(socket, tcp)) {
                    client.write(StandardCharsets.US_ASCII.encode("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                    assertEquals("HTTP/1.1 200 OK", firstLine(client));
                }
            }
            assertFalse(sluice.err().contains("\tat "), sluice::err);
        }
    }

    /** The first answer; null if there is none. */
    private String askForUpgrade() throws IOException {
        try (SocketChannel request = connectTo(UPGRADE_SOCKET)) {
            request.write(StandardCharsets.US_ASCII.encode("upgrade\ttrue\n"));
            return firstLine(request);
        }
    }

    private static String firstLine(SocketChannel channel) throws IOException {
        return new BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII)).readLine();
    }

    private SocketChannel connectTo(String socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(socket)));
    }

    /** The clients never say who they are, so each holds one descriptor: those of accepted clients alone run out. */
    private static List<TestClient> exhaust(SluiceProcess sluice) throws IOException {
        List<TestClient> silent = new ArrayList<>();
        for (int i = 0; i < DESCRIPTORS; i++) {
            silent.add(TestClient.to(sluice.address("in")));
        }
        sluice.awaitErr(ACCEPT_FAILS);
        return silent;
    }

    private SluiceProcess launch(NamedServer server) throws Exception {
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                workers: 1
                max-connections: 10000
                upgrade-socket: %s
                admin: { bind: 127.0.0.1:0, socket: admin.sock }
                overload: { file-descriptors: 100%% }
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    pool: pool
                    session-log: off
                    proxy-protocol: { accept: required, trusted: [127.0.0.1], timeout: 10m }
                pools: { pool: { servers: %s } }
                """.formatted(UPGRADE_SOCKET, NamedServer.entries(server)));
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "sh"));
        limited.addAll(SluiceProcess.command(List.of(), "run", "-f", config.toString()));
        return SluiceProcess.start(new ProcessBuilder(limited)).awaitRunning();
    }
}
