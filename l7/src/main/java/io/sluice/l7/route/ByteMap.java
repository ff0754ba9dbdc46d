package io.sluice.l7.route;

import java.util.Arrays;
import java.util.Map;

/**
 * A map from byte strings to values. A key is looked up as part of an array, without copying it. Immutable.
 *
 * @param <V> type of value
 */
final class ByteMap<V> {

    private static final int FACTOR = 31;
    /** FACTOR times this is 1 (mod 2^32), so that the last byte can be removed from a hash. */
    private static final int FACTOR_INVERSE = 0xbdef7bdf;

    private final byte[][] keys;
    private final Object[] values;
    private final int mask;
    private final int longest;

    ByteMap(Map<String, V> entries) {
        int capacity = Integer.highestOneBit(Math.max(4, entries.size() * 4));
        keys = new byte[capacity][];
        values = new Object[capacity];
        mask = capacity - 1;
        int most = 0;
        for (Map.Entry<String, V> entry : entries.entrySet()) {
            byte[] key = Bytes.of(entry.getKey());
            int slot = slotOf(hash(key, 0, key.length));
            while (keys[slot] != null) {
                slot = slot + 1 & mask;
            }
            keys[slot] = key;
            values[slot] = entry.getValue();
            most = Math.max(most, key.length);
        }
        longest = most;
    }

    boolean isEmpty() {
        return longest == 0;
    }

    /** Length of the longest key. */
    int longest() {
        return longest;
    }

    /** The value, or null. @param hash the hash of exactly these bytes */
    V get(byte[] bytes, int offset, int length, int hash) {
        for (int slot = slotOf(hash); keys[slot] != null; slot = slot + 1 & mask) {
            byte[] key = keys[slot];
            if (key.length == length && Arrays.equals(key, 0, length, bytes, offset, offset + length)) {
                return value(slot);
            }
        }
        return null;
    }

    /** The same, for these bytes followed by one more that is not in the array. */
    V getFollowedBy(byte[] bytes, int offset, int length, int hash, byte last) {
        for (int slot = slotOf(append(hash, last)); keys[slot] != null; slot = slot + 1 & mask) {
            byte[] key = keys[slot];
            if (key.length == length + 1 && key[length] == last
                    && Arrays.equals(key, 0, length, bytes, offset, offset + length)) {
                return value(slot);
            }
        }
        return null;
    }

    static int hash(byte[] bytes, int offset, int length) {
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = append(hash, bytes[i]);
        }
        return hash;
    }

    /** The hash with one more byte. */
    static int append(int hash, byte next) {
        return hash * FACTOR + next;
    }

    /** The hash without its last byte. */
    static int removeLast(int hash, byte last) {
        return (hash - last) * FACTOR_INVERSE;
    }

    private int slotOf(int hash) {
        return (hash ^ hash >>> 15) & mask;
    }

    @SuppressWarnings("unchecked") // The map holds only values of that type.
    private V value(int slot) {
        return (V) values[slot];
    }
}
