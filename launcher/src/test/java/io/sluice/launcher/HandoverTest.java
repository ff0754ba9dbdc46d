package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import io.sluice.core.pool.ServerState;
import io.sluice.launcher.control.ServiceManager;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {

    private static final long NOBODY = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    /** Without a state file, this process alone knows what operators have said. */
    @Test
    void operatorsDirectivesOutliveAnUpgradeThatFails() throws Exception {
        try (NamedServer one = NamedServer.start("one"); NamedServer two = NamedServer.start("two");
             AdminFixture fixture = AdminFixture.launch("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(one, two)), directory)) {
            fixture.set("one", Map.of("state", "maintenance"));
            try (ServiceManager manager = new ServiceManager(Map.of())) {
                Handover handover =
                        new Handover(fixture.sluice(), ConfigParser.load(fixture.file()), manager, () -> { });
                handover.leaveAdmin();
                assertTrue(fixture.sluice().admin().isEmpty());
                handover.goOn(NOBODY);
            }
            assertTrue(fixture.sluice().admin().isPresent());
            assertEquals(ServerState.MAINTENANCE, InProcess.state(fixture.sluice(), "one"));
        }
    }
}
