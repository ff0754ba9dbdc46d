package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a file descriptor left, Sluice waits until there is one: it neither spins nor dies. */
class DescriptorExhaustionIT {

    private static final int DESCRIPTORS = 200;
    private static final String ACCEPT_FAILS = "cannot accept connections";

    @TempDir
    private Path directory;

    @Test
    void waitsPatientlyAndServesAgainOnceConnectionsHaveEnded() throws Exception {
        try (NamedServer server = NamedServer.start("server");
             SluiceProcess sluice = launch(server)) {
            // They never say who they are, and so each holds one descriptor: those of accepted clients alone run out.
            List<TestClient> silent = new ArrayList<>();
            for (int i = 0; i < DESCRIPTORS; i++) {
                silent.add(TestClient.to(sluice.address("in")));
            }
            sluice.awaitErr(ACCEPT_FAILS);
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

    private SluiceProcess launch(NamedServer server) throws Exception {
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                workers: 1
                max-connections: 10000
                overload: { file-descriptors: 100%% }
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    pool: pool
                    session-log: off
                    proxy-protocol: { accept: required, trusted: [127.0.0.1], timeout: 10m }
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)));
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "sh"));
        limited.addAll(SluiceProcess.command(List.of(), "run", "-f", config.toString()));
        return SluiceProcess.start(new ProcessBuilder(limited)).awaitRunning();
    }
}
