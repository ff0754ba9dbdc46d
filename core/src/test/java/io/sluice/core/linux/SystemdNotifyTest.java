package io.sluice.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @Test
    void tellsEachThingInTheWordsOfTheProtocol() {
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString())) {
            SystemdNotify notify = new SystemdNotify(manager.name());
            notify.ready();
            assertEquals("READY=1\nSTATUS=serving", manager.receive(PATIENCE));
            notify.stopping();
            assertEquals("STOPPING=1\nSTATUS=draining", manager.receive(PATIENCE));
            notify.watchdog();
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
            notify.mainProcess(4711);
            assertEquals("MAINPID=4711", manager.receive(PATIENCE));
        }
    }

    @Test
    void tellsWhenAReloadBeganByTheClockThatTheManagerComparesWith() {
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString())) {
            long beforeUs = System.nanoTime() / 1000;
            new SystemdNotify(manager.name()).reloading();
            String[] lines = manager.receive(PATIENCE).split("\n");
            assertEquals("RELOADING=1", lines[0]);
            assertTrue(lines[1].startsWith("MONOTONIC_USEC="));
            long toldUs = Long.parseLong(lines[1].substring("MONOTONIC_USEC=".length()));
            assertTrue(toldUs >= beforeUs && toldUs <= System.nanoTime() / 1000, lines[1]);
        }
    }

    @Test
    void findsSocketsWithAnAbstractName() {
        try (NotifySocket manager = new NotifySocket("@sluice/" + UUID.randomUUID())) {
            new SystemdNotify(manager.name()).watchdog();
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
        }
    }

    @Test
    void tellsNoOneWithoutASocket() {
        for (String none : new String[] {null, ""}) {
            SystemdNotify notify = new SystemdNotify(none);
            assertFalse(notify.isListenedTo());
            notify.ready();
        }
    }

    @Test
    void isNotHeldUpByAManagerThatDoesNotRead() {
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString())) {
            SystemdNotify notify = new SystemdNotify(manager.name());
            for (int i = 0; i < 1000; i++) {
                notify.watchdog();
            }
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
        }
    }

    @Test
    void goesOnIfTheManagerIsGone() {
        SystemdNotify notify = new SystemdNotify(directory.resolve("nobody").toString());
        assertTrue(notify.isListenedTo());
        notify.watchdog();
    }

    @Test
    void refusesNamesThatNoSocketCanHave() {
        assertThrows(IllegalArgumentException.class, () -> new SystemdNotify("/" + "x".repeat(108)));
    }
}
