package io.sluice.launcher.upgrade;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.control.ListeningSockets;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the process that runs gives way, and when it does not. The test plays the new one. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class UpgradeServerTest {

    private static final long NEW_ONE = 4711;

    @TempDir
    private Path directory;
    private Path path;
    private ServerSocketChannel listening;
    private UpgradeServer server;
    private volatile boolean ending;
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws IOException {
        path = directory.resolve("upgrade.sock");
        listening = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        server = UpgradeServer.open(path, new Recorded());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        listening.close();
    }

    @Test
    void givesWayWhenTheNewProcessServes() throws Exception {
        try (Conversation successor = ready()) {
            assertEquals("leaves the admin address", done.take());
            assertTrue(done.isEmpty());
            successor.say("serving");
            successor.hear("over");
            assertEquals("stops for 4711", done.take());
            assertFalse(Files.exists(path));
            successor.say("up");
            assertEquals("ends", done.take());
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws Exception {
        Path file = Files.writeString(directory.resolve("notes"), "kept");
        assertThrows(IOException.class, () -> UpgradeServer.open(file, new Recorded()));
        assertEquals("kept", Files.readString(file));
    }

    @Test
    void leavesADeviceOrAPipeAlone() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor());
        assertThrows(IOException.class, () -> UpgradeServer.open(pipe, new Recorded()));
        assertTrue(Files.exists(pipe));
    }

    @Test
    void removesItsSocketAtTheEnd() {
        server.close();
        assertFalse(Files.exists(path));
    }

    /** One that was started while this one drained: nobody could ask it for an upgrade. */
    @Test
    void leavesTheSocketOfAnotherProcessAloneAtTheEnd() throws Exception {
        UpgradeServer next = UpgradeServer.open(path, new Recorded());
        server.close();
        assertTrue(Files.exists(path));
        next.close();
    }

    @Test
    void goesOnIfTheNewProcessDiesBeforeItServes() throws Exception {
        ready().close();
        assertEquals("leaves the admin address", done.take());
        assertEquals("goes on without 4711", done.take());
        // The server may still be at the end of the first conversation, and then refuses another one.
        try (Conversation successor = await().ignoreExceptions().until(this::ready, Objects::nonNull)) {
            successor.say("serving");
            successor.hear("over");
        }
        assertEquals(List.of("leaves the admin address", "stops for 4711", "ends"),
                List.of(done.take(), done.take(), done.take()));
    }

    @Test
    void goesOnIfTheNewProcessSaysThatItCannotServe() throws Exception {
        try (Conversation successor = ready()) {
            successor.say("failed", "no address");
            assertThrows(EOFException.class, () -> successor.hear("over"));
        }
        assertEquals("leaves the admin address", done.take());
        assertEquals("goes on without 4711", done.take());
        assertTrue(Files.exists(path));
    }

    @Test
    void refusesASecondProcessThatWantsToTakeOver() throws Exception {
        try (Conversation first = takingOver(); Takeover second = Takeover.from(path)) {
            LaunchException refused = assertThrows(LaunchException.class, second::receiveSockets);
            assertEquals("no process can be taken over from at " + path + ": another process is taking over already",
                    refused.getMessage());
            LaunchException upgrade = assertThrows(LaunchException.class,
                    () -> UpgradeRequest.send(path, List.of("true"), _ -> { }));
            assertEquals("no upgrade: another upgrade is under way", upgrade.getMessage());
            first.say("ready", Long.toString(NEW_ONE));
            first.hear("yours");
        }
        assertEquals("leaves the admin address", done.take());
        assertEquals("goes on without 4711", done.take());
    }

    @Test
    void tellsWhoAsksWhyTheNewProcessCannotBeStarted() {
        LaunchException upgrade = assertThrows(LaunchException.class,
                () -> UpgradeRequest.send(path, List.of("/no/such/java"), _ -> { }));
        assertTrue(upgrade.getMessage().startsWith("no upgrade: Cannot run program \"/no/such/java\""),
                upgrade.getMessage());
        assertTrue(upgrade.getMessage().contains("No such file or directory"), upgrade.getMessage());
    }

    /** One that still has the way to the old process when that one's name leads to the new one. */
    @Test
    void refusesWhoComesAfterItHasBeenReplaced() throws Exception {
        try (Conversation late = Conversation.with(path); Conversation successor = ready()) {
            successor.say("serving");
            successor.hear("over");
            successor.say("up");
            assertEquals(List.of("leaves the admin address", "stops for 4711", "ends"),
                    List.of(done.take(), done.take(), done.take()));
            late.say("upgrade", "true");
            assertEquals("another process has taken over already; ask that one",
                    late.hear("failed").words().getLast());
        }
    }

    /** Its clients are to go, not to come to another process. */
    @Test
    void refusesEverybodyOnceItHasBeenToldToEnd() throws Exception {
        ending = true;
        LaunchException upgrade = assertThrows(LaunchException.class,
                () -> UpgradeRequest.send(path, List.of("true"), _ -> { }));
        assertEquals("no upgrade: this process has been told to end", upgrade.getMessage());
        try (Takeover next = Takeover.from(path)) {
            LaunchException refused = assertThrows(LaunchException.class, next::receiveSockets);
            assertEquals("no process can be taken over from at " + path + ": this process has been told to end",
                    refused.getMessage());
        }
        assertTrue(done.isEmpty());
    }

    @Test
    void refusesASecondUpgradeWhileTheProcessOfTheFirstStarts() throws Exception {
        try (Conversation first = Conversation.with(path)) {
            first.say("upgrade", "sleep", "60");
            ProcessHandle started = ProcessHandle.of(Long.parseLong(first.hear("started").words().getLast()))
                    .orElseThrow();
            LaunchException refused = assertThrows(LaunchException.class,
                    () -> UpgradeRequest.send(path, List.of("true"), _ -> { }));
            assertEquals("no upgrade: another upgrade is under way", refused.getMessage());
            started.destroyForcibly();
            assertEquals("the new process has ended with 137; the log says why",
                    first.hear("failed").words().getLast());
        }
    }

    /** One that gets all the sockets and says that it accepts clients. */
    private Conversation ready() throws IOException {
        Conversation successor = takingOver();
        successor.say("ready", Long.toString(NEW_ONE));
        successor.hear("yours");
        return successor;
    }

    private Conversation takingOver() throws IOException {
        Conversation successor = Conversation.with(path);
        successor.say("take-over");
        successor.hear("address").closeAll();
        successor.say("next");
        successor.hear("end");
        return successor;
    }

    private final class Recorded implements UpgradeServer.Predecessor {

        @Override
        public boolean isEnding() {
            return ending;
        }

        @Override
        public List<ListeningSockets> sockets() {
            return List.of(new ListeningSockets((InetSocketAddress) listening.socket().getLocalSocketAddress(), 1,
                    List.of(listening)));
        }

        @Override
        public void leaveAdmin() {
            done.add("leaves the admin address");
        }

        @Override
        public void goOn(long failed) {
            done.add("goes on without " + failed);
        }

        @Override
        public void stopAccepting(long successor) {
            done.add("stops for " + successor);
        }

        @Override
        public void end() {
            done.add("ends");
        }
    }
}
