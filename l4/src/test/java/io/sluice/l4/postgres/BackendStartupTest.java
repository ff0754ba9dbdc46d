package io.sluice.l4.postgres;

import static io.sluice.l4.postgres.Packets.joined;
import static io.sluice.l4.postgres.Packets.keyData;
import static io.sluice.l4.postgres.Packets.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each start whole, and cut at every byte. */
class BackendStartupTest {

    private static final byte[] BEFORE_KEY = joined(message('R', (byte) 0, (byte) 0, (byte) 0, (byte) 10, (byte) 'K'),
            message('v', new byte[12]), message('N', new byte[300]), message('S', new byte[] {'K', 0, 'Z', 0}),
            message('R', new byte[4]), message('S'));
    private static final byte[] READY = message('Z', (byte) 'I');

    @ParameterizedTest
    @ValueSource(ints = {4, 32, 256})
    void findsTheKeyHoweverItComes(int secretBytes) {
        byte[] secret = new byte[secretBytes];
        new Random(1).nextBytes(secret);
        byte[] start = joined(BEFORE_KEY, keyData(0x7fffffff, secret));
        for (int cut = 0; cut < start.length; cut++) {
            BackendStartup watch = new BackendStartup();
            assertFalse(watch.look(ByteBuffer.wrap(start, 0, cut)), "cut at " + cut);
            assertNull(watch.key());
            assertTrue(watch.look(ByteBuffer.wrap(start, cut, start.length - cut)), "cut at " + cut);
            assertEquals(BackendKey.of(0x7fffffff, secret), watch.key());
        }
        BackendStartup byteByByte = new BackendStartup();
        for (int i = 0; i < start.length; i++) {
            assertEquals(i == start.length - 1, byteByByte.look(ByteBuffer.wrap(start, i, 1)));
        }
        assertEquals(BackendKey.of(0x7fffffff, secret), byteByByte.key());
    }

    @Test
    void isOverWithTheKeyWhateverFollows() {
        BackendStartup watch = new BackendStartup();
        assertTrue(watch.look(ByteBuffer.wrap(joined(keyData(-1, new byte[4]), keyData(2, new byte[4]), READY))));
        assertEquals(BackendKey.of(-1, new byte[4]), watch.key());
    }

    static List<byte[]> ends() {
        return List.of(READY, message('E', new byte[9]), message('D'), new byte[] {'S', 0, 0, 0, 3},
                new byte[] {'S', -1, 0, 0, 0}, new byte[] {'S', 0, 1, 0, 1}, keyData(1, new byte[3]),
                keyData(1, new byte[257]), new byte[] {'K', 0, 0, 0, 0}, new byte[] {21, 3, 3, 0, 2, 1, 0});
    }

    @ParameterizedTest
    @MethodSource("ends")
    void isOverWithoutAKey(byte[] end) {
        BackendStartup watch = new BackendStartup();
        assertFalse(watch.look(ByteBuffer.wrap(BEFORE_KEY)));
        assertTrue(watch.look(ByteBuffer.wrap(end)));
        assertNull(watch.key());
    }

    @Test
    void givesUpInTheEnd() {
        BackendStartup watch = new BackendStartup();
        ByteBuffer notice = ByteBuffer.wrap(message('N', new byte[1000]));
        int looks = 1;
        while (!watch.look(notice)) {
            looks++;
        }
        assertEquals(BackendStartup.MOST_BYTES / notice.remaining() + 1, looks);
    }

    @Test
    void leavesTheBufferAsItIs() {
        ByteBuffer bytes = ByteBuffer.wrap(joined(BEFORE_KEY, READY)).position(0);
        new BackendStartup().look(bytes);
        assertEquals(0, bytes.position());
        assertEquals(BEFORE_KEY.length + READY.length, bytes.limit());
    }

    @Test
    void neverFails() {
        Random random = new Random(20260403);
        for (int round = 0; round < 30_000; round++) {
            byte[] bytes = joined(BEFORE_KEY, keyData(1, new byte[4 + random.nextInt(50)]));
            for (int changes = 0; changes < 3; changes++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            BackendStartup whole = new BackendStartup();
            whole.look(ByteBuffer.wrap(bytes));
            BackendStartup pieces = new BackendStartup();
            int cut = random.nextInt(bytes.length);
            if (!pieces.look(ByteBuffer.wrap(bytes, 0, cut))) {
                pieces.look(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
            }
            assertEquals(whole.key(), pieces.key(), "round " + round);
        }
    }
}
