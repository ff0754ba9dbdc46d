package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sluice.core.linux.NotifySocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears of the program, from start to end. */
class ServiceManagerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int HUP = 1;

    @TempDir
    private Path directory;
    /** The process that has taken over, if any. */
    private Optional<ProcessHandle> successor = Optional.empty();

    @AfterEach
    void endSuccessor() {
        successor.ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void hearsThatSluiceIsReadyAliveReloadingAndStopping() throws Exception {
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString());
             SluiceProcess sluice = start(manager)) {
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

    @Test
    void hearsAfterAnUpgradeWhichProcessTheServiceIsAndNothingOfTheOldOne() throws Exception {
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString());
             SluiceProcess sluice = start(manager)) {
            assertEquals("READY=1\nSTATUS=serving", next(manager));
            try (SluiceProcess upgrade = SluiceProcess.start("upgrade", "-f", config().toString())) {
                String told = next(manager);
                assertTrue(told.startsWith("MAINPID="), told);
                successor = ProcessHandle.of(Long.parseLong(told.substring("MAINPID=".length())));
                assertEquals("READY=1\nSTATUS=serving", next(manager));
                assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
                assertEquals(ExitCode.OK, upgrade.awaitExit(), upgrade::toString);
            }
            await().until(() -> !sluice.isAlive());
            successor.orElseThrow().destroy();
            assertEquals("STOPPING=1\nSTATUS=draining", next(manager));
            assertEquals(ExitCode.OK, sluice.awaitExit());
        }
    }

    private Path config() throws IOException {
        return Files.writeString(directory.resolve("sluice.yaml"), """
                upgrade-socket: upgrade.sock
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [{ name: none, address: 127.0.0.1:1 }] } }
                """);
    }

    /** As a service manager does, which watches the very process that it starts. */
    private SluiceProcess start(NotifySocket manager) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "export WATCHDOG_PID=$$; exec \"$@\"", "sh"));
        command.addAll(SluiceProcess.command(List.of(), "run", "-f", config().toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("NOTIFY_SOCKET", manager.name());
        builder.environment().put("WATCHDOG_USEC", "200000");
        return SluiceProcess.start(builder);
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
