package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class CursorTest {

    @Test
    void startsAgainAtTheEnd() {
        Cursor cursor = new Cursor(2);
        assertEquals("0 1 0 1 0", cursor.next() + " " + cursor.next() + " " + cursor.next() + " " + cursor.next()
                + " " + cursor.next());
    }

    @Test
    void givesEachPositionOutEquallyOftenFromEightThreads() throws Exception {
        Cursor cursor = new Cursor(7);
        AtomicIntegerArray counts = new AtomicIntegerArray(7);
        Concurrently.run(8, () -> {
            for (int i = 0; i < 70_000; i++) {
                counts.incrementAndGet(cursor.next());
            }
        });
        for (int i = 0; i < 7; i++) {
            assertEquals(80_000, counts.get(i));
        }
    }
}
