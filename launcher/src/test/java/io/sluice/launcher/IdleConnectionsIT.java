package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of connections on which nothing happens cost next to nothing, and none is lost. */
class IdleConnectionsIT {

    private static final int WANTED = 5000;
    private static final int FEWEST = 500;
    private static final int CLIENTS_AT_A_TIME = 20;

    @TempDir
    private Path directory;

    @Test
    void holdsThemWithoutWorkAndServesEachAfterwards() throws Exception {
        int connections = mostConnections();
        assumeTrue(connections >= FEWEST, "the limit of open files is too low");
        try (NamedServer server = NamedServer.start("server");
             SluiceProcess sluice = SluiceProcess.run(Files.writeString(directory.resolve("sluice.yaml"), """
                     workers: 2
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools: { pool: { servers: %s } }
                     """.formatted(NamedServer.entries(server))))) {
            List<TestClient> clients = Crowd.each(CLIENTS_AT_A_TIME, connections / CLIENTS_AT_A_TIME, () -> {
                TestClient client = TestClient.to(sluice.address("in"));
                assertEquals("server", client.askForName());
                return client;
            });
            sluice.awaitCpuUseBelow(0.1);
            for (TestClient client : clients) {
                assertEquals("server", client.askForName());
                client.close();
            }
        }
    }

    /** This process holds both the clients' and the servers' ends, the other one as many. */
    private static int mostConnections() {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) Math.min(WANTED, (system.getMaxFileDescriptorCount() - 1000) / 2);
    }
}
