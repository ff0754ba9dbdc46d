package io.sluice.core.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.core.linux.Pipe;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.net.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PipePoolTest {

    private final HandDriven driven = new HandDriven();
    private final PipePool pool = new PipePool(driven.loop(), 2);

    @AfterEach
    void close() {
        pool.close();
        driven.close();
    }

    @Test
    void opensPipesAsTheyAreNeededUpToItsBound() {
        assertEquals(0, pool.open());
        assertNotNull(pool.acquire());
        assertEquals(1, pool.open());
        assertNotNull(pool.acquire());
        assertNull(pool.acquire());
        assertEquals(2, pool.inUse());
        assertEquals(2, pool.most());
    }

    @Test
    void handsOutTheOneGivenBackLast() {
        Pipe first = pool.acquire();
        Pipe second = pool.acquire();
        pool.release(second);
        pool.release(first);
        assertSame(first, pool.acquire());
        assertEquals(1, pool.inUse());
        assertEquals(2, pool.open());
    }

    /** What a flow that was given up has left in it must reach no other. */
    @Test
    void closesAPipeThatStillHoldsBytes() throws IOException {
        Pipe pipe = pool.acquire();
        Loopback.Pair pair = Loopback.pair();
        Loopback.send(pair.far(), "secret");
        while (pipe.isEmpty()) {
            pipe.fillFrom(pair.near().descriptor(), 100);
        }
        pool.release(pipe);
        assertEquals(0, pool.open());
        assertNotSame(pipe, pool.acquire());
        pair.near().close();
        pair.far().close();
    }

    @Test
    void closesItsPipesWithItself() throws IOException {
        long before = pipeEnds();
        pool.release(pool.acquire());
        assertEquals(before + 2, pipeEnds());
        pool.close();
        assertEquals(before, pipeEnds());
    }

    @Test
    void hasNoneWhereNoneAreWanted() {
        PipePool none = new PipePool(driven.loop(), 0);
        assertNull(none.acquire());
        assertEquals(0, none.inUse());
    }

    private static long pipeEnds() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(PipePoolTest::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException e) {
            // It has been closed since it was listed.
            return false;
        }
    }
}
