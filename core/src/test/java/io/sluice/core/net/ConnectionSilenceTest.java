package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.loop.HandDriven;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer is silent only while it is its turn. */
class ConnectionSilenceTest {

    private static final Duration WHILE = Duration.ofSeconds(5);
    private static final long NONE = 0;

    private final HandDriven driven = new HandDriven();
    private final Loopback.Pair pair = Loopback.pair();
    private final Connection connection = new Connection(driven.loop(), pair.near(), new Indifferent());
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(16);

    ConnectionSilenceTest() throws IOException { }

    @AfterEach
    void close() throws IOException {
        connection.abort();
        pair.far().close();
        driven.close();
    }

    @Test
    void beginsWhenBytesAreAskedFor() {
        pass();
        assertEquals(NONE, silenceNs());
        connection.wantRead(true);
        pass();
        assertEquals(WHILE.toNanos(), silenceNs());
        connection.wantRead(true);
        assertEquals(WHILE.toNanos(), silenceNs(), "they had been asked for before");
    }

    @Test
    void beginsAnewWhenBytesWaitToBeTaken() {
        connection.wantRead(true);
        pass();
        connection.wantWrite(true);
        assertEquals(NONE, silenceNs());
        pass();
        assertEquals(WHILE.toNanos(), silenceNs());
    }

    @Test
    void isOverWhenNothingIsAskedForAnyMore() {
        connection.wantRead(true);
        pass();
        connection.wantRead(false);
        assertEquals(NONE, silenceNs());
        pass();
        assertEquals(NONE, silenceNs());
    }

    @Test
    void endsWithBytesInEitherDirection() throws Exception {
        connection.wantRead(true);
        pass();
        connection.write(bytes);
        assertEquals(NONE, silenceNs());
        pass();
        pair.far().getOutputStream().write('x');
        driven.turnUntil(() -> connection.read(bytes.clear()) == 1);
        assertEquals(NONE, silenceNs());
        pass();
        connection.read(bytes.clear());
        assertEquals(WHILE.toNanos(), silenceNs(), "nothing came");
    }

    @Test
    void endsWithTheEndOfEitherDirection() throws Exception {
        connection.wantRead(true);
        pass();
        connection.shutdownOutput();
        assertEquals(NONE, silenceNs());
        pass();
        pair.far().shutdownOutput();
        driven.turnUntil(() -> connection.read(bytes.clear()) == Connection.END);
        assertEquals(NONE, silenceNs());
    }

    @Test
    void isForgivenAPeerThatHadNoReasonToSpeak() {
        connection.wantRead(true);
        pass();
        connection.endSilence();
        assertEquals(NONE, silenceNs());
    }

    private void pass() {
        driven.pass(WHILE);
    }

    private long silenceNs() {
        return driven.loop().nowNs() - connection.silentSinceNs();
    }

    /** Leaves readiness to the test, which reads whenever it likes. */
    private static final class Indifferent implements ConnectionOwner {

        @Override
        public void onReady(Connection ready, int readyOps) { }

        @Override
        public void onFailure(Connection failed, RuntimeException failure) {
            throw failure;
        }
    }
}
