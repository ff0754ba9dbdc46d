package io.sluice.core.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.loop.HandDriven;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferPoolTest {

    private final HandDriven driven = new HandDriven();
    private final BufferPool pool = new BufferPool(driven.loop(), 4096, 2);
    private final List<String> served = new ArrayList<>();

    @AfterEach
    void close() {
        driven.close();
    }

    @Test
    void handsOutNoMoreThanItsBound() {
        ByteBuffer first = pool.acquire();
        ByteBuffer second = pool.acquire();
        assertNotSame(first, second);
        assertNull(pool.acquire());
        assertEquals(2, pool.inUse());
        pool.release(first);
        assertNotNull(pool.acquire());
        assertNull(pool.acquire());
    }

    @Test
    void handsOutClearedDirectBuffersOfItsSize() {
        ByteBuffer buffer = pool.acquire();
        assertTrue(buffer.isDirect());
        assertEquals(4096, buffer.remaining());
        buffer.position(10).limit(20);
        pool.release(buffer);
        assertEquals(4096, pool.acquire().remaining());
    }

    @Test
    void handsOutFirstWhatCameBackLast() {
        ByteBuffer first = pool.acquire();
        ByteBuffer second = pool.acquire();
        pool.release(second);
        pool.release(first);
        assertSame(first, pool.acquire());
        assertSame(second, pool.acquire());
    }

    @Test
    void servesWaitersInTurnAndNotWithinRelease() {
        ByteBuffer first = pool.acquire();
        ByteBuffer second = pool.acquire();
        for (String name : List.of("a", "b", "c")) {
            pool.await(() -> {
                pool.acquire();
                served.add(name);
            });
        }
        pool.release(first);
        pool.release(second);
        assertEquals(List.of(), served);
        driven.turn();
        assertEquals(List.of("a", "b"), served);
        assertEquals(2, pool.inUse());
        pool.release(first);
        driven.turn();
        assertEquals(List.of("a", "b", "c"), served);
    }

    @Test
    void servesAllWhenEachGivesBackAtOnce() {
        ByteBuffer first = pool.acquire();
        pool.acquire();
        for (String name : List.of("a", "b", "c", "d")) {
            pool.await(() -> {
                served.add(name);
                pool.release(pool.acquire());
            });
        }
        pool.release(first);
        driven.turn();
        assertEquals(List.of("a", "b", "c", "d"), served);
        assertEquals(1, pool.inUse());
    }

    @Test
    void servesTheNextWhenOneNeedsNoneAnyMore() {
        ByteBuffer first = pool.acquire();
        pool.acquire();
        pool.await(() -> { });
        pool.await(() -> served.add("next"));
        pool.release(first);
        driven.turn();
        assertEquals(List.of("next"), served);
    }

    @Test
    void letsAWaiterWaitAgain() {
        ByteBuffer first = pool.acquire();
        pool.acquire();
        pool.await(() -> {
            served.add("once");
            pool.await(() -> served.add("twice"));
        });
        pool.release(first);
        driven.turn();
        assertEquals(List.of("once", "twice"), served);
    }

    @Test
    void keepsAReserveForWorkUnderWay() {
        ByteBuffer spare = pool.acquireSpare();
        assertNull(pool.acquireSpare());
        ByteBuffer reserved = pool.acquire();
        pool.awaitSpare(() -> served.add("new"));
        pool.await(() -> {
            pool.acquire();
            served.add("under way");
        });

        pool.release(spare);
        driven.turn();
        assertEquals(List.of("under way"), served);

        pool.release(reserved);
        driven.turn();
        assertEquals(List.of("under way"), served);

        pool.release(spare);
        driven.turn();
        assertEquals(List.of("under way", "new"), served);
    }

    @Test
    void isScarceWhenAboutHalfIsInUse() {
        BufferPool five = new BufferPool(driven.loop(), 1024, 5);
        ByteBuffer first = five.acquire();
        assertFalse(five.areScarce());
        five.acquire();
        assertTrue(five.areScarce());
        five.release(first);
        assertFalse(five.areScarce());
    }

    /** Otherwise as many peers as take nothing would keep all new work waiting. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 16, 1024})
    void isScarceWhileOneCanStillBeSpared(int most) {
        BufferPool some = new BufferPool(driven.loop(), 1024, most);
        while (!some.areScarce()) {
            some.acquire();
        }
        assertNotNull(some.acquireSpare());
    }

    @Test
    void reservesNothingOfASingleBuffer() {
        assertNotNull(new BufferPool(driven.loop(), 1024, 1).acquireSpare());
    }
}
