package io.sluice.core.pool;

/**
 * Hashes that must come out the same on every host and in every release, because they tie clients to servers. Safe from
 * any thread.
 */
public final class Hash64 {

    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hash64() { }

    /**
     * Maps 64 bits onto 64 bits one to one, so that each input bit affects every output bit: SplitMix64's last steps.
     */
    public static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** FNV-1a over the characters, mixed. */
    static long of(String text) {
        long hash = FNV_OFFSET_BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /**
     * As {@link #of(String)}, over the bytes from one position to another; every byte affects all 64 bits. Not for keys
     * that an attacker may choose in order to collide.
     */
    public static long of(byte[] bytes, int from, int to) {
        long hash = FNV_OFFSET_BASIS;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i] & 0xff) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Spreads hashes evenly over 0 to {@code bound} - 1 by their leading bits. */
    static int reduce(long hash, int bound) {
        return (int) Math.unsignedMultiplyHigh(hash, bound);
    }
}
