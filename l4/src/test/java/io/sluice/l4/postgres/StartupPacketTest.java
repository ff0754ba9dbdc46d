package io.sluice.l4.postgres;

import static io.sluice.l4.postgres.Packets.cancel;
import static io.sluice.l4.postgres.Packets.joined;
import static io.sluice.l4.postgres.Packets.packet;
import static io.sluice.l4.postgres.Packets.startup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.l4.postgres.StartupPacket.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each sample whole, cut at every byte, and changed at random. */
class StartupPacketTest {

    private static final byte[] LONG_SECRET = new byte[256];

    private final StartupPacket packet = new StartupPacket();

    static List<Arguments> samples() {
        return List.of(
                Arguments.of(Packets.TLS_REQUEST, Kind.TLS_REQUEST),
                Arguments.of(Packets.GSS_REQUEST, Kind.GSS_REQUEST),
                Arguments.of(cancel(4711, (byte) 1, (byte) 2, (byte) 3, (byte) 4), Kind.CANCEL),
                Arguments.of(cancel(4711, LONG_SECRET), Kind.CANCEL),
                Arguments.of(startup("user", "alice", "database", "shop"), Kind.STARTUP),
                Arguments.of(startup("user", "a".repeat(10_004 - "user".length() - 11)), Kind.STARTUP),
                Arguments.of(startup(), Kind.STARTUP));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void needsAllOfIt(byte[] whole, Kind kind) {
        for (int cut = 0; cut < whole.length; cut++) {
            assertEquals(Kind.INCOMPLETE, parse(Arrays.copyOf(whole, cut)), "cut at " + cut);
        }
        assertEquals(kind, parse(whole));
        assertEquals(kind, parse(joined(whole, new byte[] {9, 9})));
    }

    @Test
    void readsWhoTheClientIs() {
        parse(startup("client_encoding", "UTF8", "user", "alice", "application_name", "psql", "database", "sh\u00f6p"));
        assertEquals(new StartupMessage("alice", "sh\u00f6p", "psql"), packet.startup());
    }

    @Test
    void takesNoOtherNameForOneThatItReads() {
        parse(startup("user", "alice", "database", "shop", "uses", "x", "username", "y", "databank", "z"));
        assertEquals(new StartupMessage("alice", "shop", null), packet.startup());
    }

    @Test
    void takesTheUserForTheDatabaseAsServersDo() {
        parse(startup("user", "alice"));
        assertEquals(new StartupMessage("alice", "alice", null), packet.startup());
    }

    @Test
    void boundsWhatIsKept() {
        parse(startup("user", "a".repeat(5000), "database", "d"));
        assertEquals("a".repeat(StartupMessage.MOST_BYTES), packet.startup().user());
    }

    @Test
    void readsWhoseSessionIsToBeCancelled() {
        parse(cancel(0x01020304, (byte) -1, (byte) 0, (byte) 127, (byte) -128));
        assertEquals(BackendKey.of(0x01020304, new byte[] {-1, 0, 127, -128}), packet.cancelKey());
        parse(cancel(7, LONG_SECRET));
        assertEquals(BackendKey.of(7, LONG_SECRET), packet.cancelKey());
    }

    @Test
    void doesNotTellTheSecret() {
        parse(cancel(7, "abcd".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("key of process 7", packet.cancelKey().toString());
    }

    static List<byte[]> others() {
        return List.of(new byte[] {22}, new byte[] {0, 1}, new byte[] {0, 0, 0, 7}, new byte[] {0, 0, 0x27, 0x15},
                "GET".getBytes(StandardCharsets.US_ASCII),
                packet(2 << 16, new byte[1]), Arrays.copyOf(packet(2 << 16, new byte[9]), 8),
                packet(4 << 16, new byte[1]), packet(80877105, new byte[0]),
                packet(80877103, new byte[1]), packet(80877104, new byte[1]), packet(80877102, new byte[4]),
                cancel(1, new byte[3]), cancel(1, new byte[257]),
                packet(3 << 16, new byte[0]), packet(3 << 16, new byte[] {'a'}), packet(3 << 16, new byte[] {'a', 0}),
                packet(3 << 16, "user".getBytes(StandardCharsets.US_ASCII)),
                packet(3 << 16, new byte[] {'a', 0, 'b'}), packet(3 << 16, new byte[] {'a', 0, 'b', 0}),
                packet(3 << 16, new byte[] {'a', 0, 'b', 0, 0, 0}), packet(3 << 16, new byte[2]));
    }

    @ParameterizedTest
    @MethodSource("others")
    void takesWhatIsMalformedForSomethingElse(byte[] bytes) {
        assertEquals(Kind.OTHER, parse(bytes));
    }

    @Test
    void leavesTheBufferAsItIs() {
        ByteBuffer received = ByteBuffer.wrap(joined(new byte[3], startup("user", "a"), new byte[2])).position(3);
        assertEquals(Kind.STARTUP, packet.parse(received));
        assertEquals("a", packet.startup().user());
        assertEquals(3, received.position());
        assertTrue(received.hasRemaining());
    }

    @Test
    void neverFailsAndJudgesPiecesAsTheWhole() {
        Random random = new Random(20260402);
        for (int round = 0; round < 30_000; round++) {
            byte[] bytes = ((byte[]) samples().get(round % samples().size()).get()[0]).clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Kind whole = parse(bytes);
            Kind piece = parse(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            assertTrue(piece == Kind.INCOMPLETE || piece == whole, "round " + round);
        }
    }

    private Kind parse(byte[] bytes) {
        return packet.parse(ByteBuffer.wrap(bytes));
    }
}
