package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeapTrimTest {

    private static final long BOUND = HeapTrim.MOST_GARBAGE_BYTES;

    private long usedBytes;
    private long leftBytes;
    private int collections;
    private final HeapTrim trim = new HeapTrim(() -> usedBytes, () -> leftBytes, () -> {
        collections++;
        usedBytes = leftBytes;
    });

    @Test
    void collectsEachTimeThatGarbageExceedsTheBound() {
        leftBytes = 10;
        lookWith(BOUND + 10);
        assertEquals(0, collections);
        lookWith(BOUND + 11);
        assertEquals(1, collections);
        trim.look();
        assertEquals(1, collections);
        lookWith(BOUND + 11);
        assertEquals(2, collections);
    }

    @Test
    void letsALargeHeapDoubleFirst() {
        leftBytes = 2 * BOUND;
        lookWith(4 * BOUND);
        assertEquals(0, collections);
        lookWith(4 * BOUND + 1);
        assertEquals(1, collections);
    }

    private void lookWith(long bytes) {
        usedBytes = bytes;
        trim.look();
    }
}
