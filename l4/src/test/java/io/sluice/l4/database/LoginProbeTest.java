package io.sluice.l4.database;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.Role;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the checks of all databases, shown with the simplest where it is the same code. */
class LoginProbeTest {

    private static final FakeRedis PRIMARY = new FakeRedis().reply("ROLE", "*1~+master");
    private static final Duration LONG = Duration.ofMinutes(10);

    @ParameterizedTest
    @ValueSource(strings = {"type: postgres, user: u", "type: mysql, user: u", "type: redis"})
    void endsAtOnceWhenInterrupted(String keys) throws Exception {
        CompletableFuture<String> failure = new CompletableFuture<>();
        try (FakeServer server = FakeServer.silent(); Checked check = Checked.by(keys, server)) {
            Thread checking = Thread.startVirtualThread(() -> failure.complete(check.failure(LONG)));
            await().until(() -> server.served() == 1);
            checking.interrupt();
            failure.get(20, TimeUnit.SECONDS);
        }
    }

    /** As MariaDB resets whoever sends a PROXY protocol header that it does not expect. */
    @ParameterizedTest
    @ValueSource(strings = {"type: postgres, user: u", "type: redis"})
    void saysThatAServerResets(String keys) throws Exception {
        try (FakeServer server = FakeServer.start(new Resetting(), (in, _) -> in.read());
             Checked check = Checked.by(keys, server)) {
            assertEquals("the server has reset the connection", check.failure());
        }
    }

    /** Its connections are reset when they are closed. */
    private static final class Resetting extends ServerSocket {

        Resetting() throws IOException { }

        @Override
        public Socket accept() throws IOException {
            Socket accepted = super.accept();
            accepted.setSoLinger(true, 0);
            return accepted;
        }
    }

    @Test
    void readsAMebibyteAtEachCheck() throws Exception {
        FakeRedis redis = new FakeRedis().reply("ROLE", "*1~+master").reply("GET", "+" + "x".repeat(900_000));
        try (FakeServer server = FakeServer.start(redis);
             Checked check = Checked.by("type: redis, query: GET much", server)) {
            check.check();
            check.check();
            assertEquals(1, server.served());
            redis.reply("ROLE", "*2~+master~+" + "x".repeat(300_000));
            assertEquals(BoundedSocket.TOO_MUCH, check.failure());
        }
    }

    @Test
    void keepsItsSessionWhenAPauseIsInterrupted() throws Exception {
        try (FakeServer server = FakeServer.start(PRIMARY); Checked check = Checked.by("type: redis", server)) {
            check.check();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> check.pause(LONG));
            assertEquals(Role.PRIMARY, check.check().role());
            assertEquals(1, server.served());
        }
    }

    @Test
    void sleepsAsLongAsItShouldWhenNothingHappens() throws Exception {
        try (FakeServer server = FakeServer.start(PRIMARY); Checked check = Checked.by("type: redis", server)) {
            long startNs = System.nanoTime();
            check.pause(Duration.ofMillis(100));
            check.check();
            check.pause(Duration.ofMillis(100));
            assertTrue(System.nanoTime() - startNs >= Duration.ofMillis(200).toNanos());
        }
    }

    @Test
    void goesToTheNewAddressOfTheServersName() throws Exception {
        try (FakeServer before = FakeServer.start(PRIMARY); FakeServer after = FakeServer.start(PRIMARY);
             Checked check = Checked.by("type: redis", before)) {
            check.check();
            check.moveTo(after.port());
            assertEquals(Role.PRIMARY, check.check().role());
            assertEquals(1, before.served());
            assertEquals(1, after.served());
        }
    }

    @Test
    void closesItsSession() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        FakeServer.Manners noticesTheEnd = (in, out) -> {
            try {
                PRIMARY.serve(in, out);
            } catch (IOException e) {
                closed.complete(true);
            }
        };
        try (FakeServer server = FakeServer.start(noticesTheEnd)) {
            try (Checked check = Checked.by("type: redis", server)) {
                check.check();
            }
            assertTrue(closed.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void namesAPasswordFileThatHasGone(@TempDir Path directory) throws Exception {
        Path file = Checked.password(directory.resolve("check.pass"), "s3cret");
        try (FakeServer server = FakeServer.start(PRIMARY);
             Checked check = Checked.by("type: redis, password-file: check.pass", server.port(), directory)) {
            Files.delete(file);
            assertEquals("the password cannot be read: no such file: " + file, check.failure());
            assertEquals(0, server.served());
        }
    }
}
