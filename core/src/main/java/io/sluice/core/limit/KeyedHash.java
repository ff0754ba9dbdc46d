package io.sluice.core.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Hashes bytes under a secret key, so that nobody who chooses the bytes can aim at equal hashes: SipHash-1-3 by
 * Aumasson and Bernstein, one round for each word and three at the end. Immutable.
 */
final class KeyedHash {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LAST_ROUNDS = 3;

    private final long key0;
    private final long key1;

    KeyedHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** A hash of a key that nobody knows. */
    static KeyedHash random() {
        SecureRandom random = new SecureRandom();
        return new KeyedHash(random.nextLong(), random.nextLong());
    }

    /** The hash of the bytes from one position to another. */
    long of(byte[] bytes, int from, int to) {
        int words = (to - from) / Long.BYTES + 1;
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        for (int round = 0; round < words + LAST_ROUNDS; round++) {
            long word = round < words ? word(bytes, from, to, round) : 0;
            if (round == words) {
                v2 ^= 0xff;
            }
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32) + v3;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Eight of the bytes; at the end those that are left, and the length in the highest byte. */
    private static long word(byte[] bytes, int from, int to, int index) {
        int start = from + index * Long.BYTES;
        if (to - start >= Long.BYTES) {
            return (long) WORD.get(bytes, start);
        }
        long word = (long) (to - from) << 56;
        for (int i = start; i < to; i++) {
            word |= (bytes[i] & 0xffL) << 8 * (i - start);
        }
        return word;
    }
}
