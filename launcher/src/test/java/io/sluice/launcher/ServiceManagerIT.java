package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sluice.core.linux.NotifySocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears of the program, from start to end. */
class ServiceManagerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int HUP = 1;

    @TempDir
    private Path directory;

    @Test
    void hearsThatSluiceIsReadyAliveReloadingAndStopping() throws Exception {
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [{ name: none, address: 127.0.0.1:1 }] } }
                """);
        ProcessBuilder builder = new ProcessBuilder(
                SluiceProcess.command(List.of(), "run", "-f", config.toString()));
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString())) {
            builder.environment().put("NOTIFY_SOCKET", manager.name());
            builder.environment().put("WATCHDOG_USEC", "200000");
            builder.environment().remove("WATCHDOG_PID");
            try (SluiceProcess sluice = SluiceProcess.start(builder)) {
                assertEquals("READY=1\nSTATUS=serving", manager.receive(PATIENCE));
                for (int feed = 0; feed < 10; feed++) {
                    assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
                }
                assumeFalse(sluice.ignores(HUP), "the build runs with HUP ignored");
                sluice.signal("HUP");
                assertTrue(next(manager).startsWith("RELOADING=1\nMONOTONIC_USEC="));
                assertEquals("READY=1\nSTATUS=serving", next(manager));
                sluice.signal("TERM");
                assertEquals("STOPPING=1\nSTATUS=draining", next(manager));
                assertEquals(ExitCode.OK, sluice.awaitExit());
            }
        }
    }

    /** The next one that is not for the watchdog. */
    private static String next(NotifySocket manager) {
        String message = manager.receive(PATIENCE);
        while ("WATCHDOG=1".equals(message)) {
            message = manager.receive(PATIENCE);
        }
        return message;
    }
}
