package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with few file descriptors takes on less when half of them are in use, and as before afterwards. */
class OverloadIT {

    private static final int DESCRIPTORS = 400;
    private static final int SESSIONS_A_STEP = 10;

    @TempDir
    private Path directory;

    @Test
    void stopsWhatMattersLeastClosesWhatIsIdleAndRecovers() throws Exception {
        List<TestClient> sessions = new ArrayList<>();
        try (NamedServer server = NamedServer.start("server"); HttpOrigin origin = HttpOrigin.start("origin");
             SluiceProcess sluice = launch(server, origin); HttpPeer idle = HttpPeer.to(sluice.address("web"))) {
            assertEquals(200, idle.get("/before").status());
            await().pollInterval(Duration.ofMillis(500)).atMost(Duration.ofMinutes(1)).until(() -> {
                for (int i = 0; i < SESSIONS_A_STEP; i++) {
                    sessions.add(TestClient.to(sluice.address("bulk")));
                    sessions.getLast().send("hello\n");
                }
                return sluice.err().contains("listeners whose importance is 10 or less accept no more");
            });
            assertFalse(idle.hasMore(), "an idle client is kept");
            origin.awaitConnectionEnd();
            try (HttpPeer important = HttpPeer.to(sluice.address("web"));
                 TestClient waiting = TestClient.to(sluice.address("bulk"))) {
                assertEquals(200, important.get("/during").status());
                waiting.send("hello\n");
                for (TestClient session : sessions) {
                    session.close();
                }
                sluice.awaitErr("overload: it is over");
                assertEquals("server hello", waiting.readLine());
            }
            sluice.signal("TERM");
            assertEquals(ExitCode.OK, sluice.awaitExit());
            assertTrue(sluice.err().contains("listeners-stopped=1"), sluice::err);
            assertTrue(sluice.err().contains("idle-clients-closed="), sluice::err);
            assertTrue(sluice.err().contains("idle-server-connections-closed="), sluice::err);
        }
    }

    private SluiceProcess launch(NamedServer server, HttpOrigin origin) throws Exception {
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                workers: 1
                zero-copy: off
                max-connections: 1000
                overload: { file-descriptors: 50%% }
                listeners:
                  - { name: bulk, bind: 127.0.0.1:0, protocol: tcp, pool: tcp, session-log: off, importance: 10 }
                  - { name: web, bind: 127.0.0.1:0, protocol: http, pool: http, access-log: off, importance: 90 }
                pools:
                  tcp: { servers: %s }
                  http: { servers: %s }
                """.formatted(NamedServer.entries(server), HttpOrigin.entries(origin)));
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "sh"));
        limited.addAll(SluiceProcess.command(List.of(), "run", "-f", config.toString()));
        return SluiceProcess.start(new ProcessBuilder(limited)).awaitRunning();
    }
}
