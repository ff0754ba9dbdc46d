package io.sluice.l4.postgres;

import static io.sluice.l4.postgres.Packets.joined;
import static io.sluice.l4.postgres.Packets.message;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SaslOfferTest {

    private static final int SASL = 10;
    private static final byte[] BOTH = offer("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
    private static final byte[] ONE = offer("SCRAM-SHA-256");
    private static final byte[] VERSION = message('v', ByteBuffer.allocate(8).putInt(196608).putInt(0).array());

    @Test
    void takesOutWhatBindsToTls() {
        assertArrayEquals(ONE, unbound(BOTH));
        assertArrayEquals(ONE, unbound(offer("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS")));
        assertArrayEquals(offer("A", "OAUTHBEARER"),
                unbound(offer("SCRAM-SHA-512-PLUS", "A", "B-PLUS", "OAUTHBEARER")));
    }

    @Test
    void keepsWhatStandsAroundIt() {
        assertArrayEquals(joined(VERSION, ONE, new byte[] {1, 2, 3}),
                unbound(joined(VERSION, BOTH, new byte[] {1, 2, 3})));
    }

    @Test
    void leavesAnOfferThatWouldBeEmpty() {
        byte[] only = offer("SCRAM-SHA-256-PLUS");
        assertArrayEquals(only, unbound(only));
        assertArrayEquals(offer(), unbound(offer()));
    }

    @Test
    void leavesAllElse() {
        byte[] password = message('R', new byte[] {0, 0, 0, 3});
        byte[] challenge = message('R', joined(new byte[] {0, 0, 0, 11}, "x-PLUS\0y\0\0".getBytes(
                StandardCharsets.US_ASCII)));
        byte[] error = message('E', Arrays.copyOfRange(BOTH, 5, BOTH.length));
        for (byte[] other : new byte[][] {ONE, password, challenge, error, joined(password, BOTH), {}, {'R'}}) {
            assertArrayEquals(other, unbound(other));
        }
    }

    @Test
    void leavesWhatIsCutOrMalformed() {
        for (int cut = 0; cut < BOTH.length; cut++) {
            byte[] part = Arrays.copyOf(BOTH, cut);
            assertArrayEquals(part, unbound(part));
        }
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 4, 7, Integer.MAX_VALUE}) {
            byte[] malformed = ByteBuffer.wrap(BOTH.clone()).putInt(1, length).array();
            assertArrayEquals(malformed, unbound(malformed));
            byte[] version = ByteBuffer.wrap(VERSION.clone()).putInt(1, length).array();
            assertArrayEquals(version, unbound(version));
        }
    }

    /** What is left of bytes that stand in the middle of a buffer. */
    private static byte[] unbound(byte[] sent) {
        ByteBuffer received = ByteBuffer.allocate(sent.length + 8).position(3).put(sent).flip().position(3);
        SaslOffer.unbind(received);
        byte[] left = new byte[received.remaining()];
        received.get(left);
        return left;
    }

    private static byte[] offer(String... names) {
        ByteBuffer content = ByteBuffer.allocate(200).putInt(SASL);
        for (String name : names) {
            content.put(name.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        }
        return message('R', Arrays.copyOf(content.array(), content.put((byte) 0).position()));
    }
}
