package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.bench.origin.Origin;
import io.sluice.bench.origin.Service;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** In steady state a request over a kept connection makes no garbage, neither where it comes from nor where it goes. */
class LoadAllocationTest {

    /** Until the compiler has done its work, native calls make garbage: when that is depends on the machine. */
    private static final int MOST_ROUNDS = 20;
    private static final long REQUESTS_PER_ROUND = 20_000;
    private static final long MOST_BYTES = 1024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void allocatesNothing() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Origin origin = Origin.start(anyPort, Service.HTTP, 1)) {
            LoadRun run = LoadRun.start(new LoadSettings(Loads.http(origin.address(), "/?size=200", false),
                    new Pace(1, 4, Pace.CLOSED_LOOP, Pace.UNLIMITED),
                    new Span(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1))));
            run.awaitMeasurement();
            String found = "";
            boolean nothing = false;
            for (int round = 0; round < MOST_ROUNDS && !nothing; round++) {
                long load = allocated("load-0");
                long served = allocated("origin-0");
                awaitAnswers(run, REQUESTS_PER_ROUND);
                load = allocated("load-0") - load;
                served = allocated("origin-0") - served;
                nothing = load < MOST_BYTES && served < MOST_BYTES;
                found = "the load generator allocated " + load + " bytes, the origin " + served;
            }
            run.stop();
            assertTrue(nothing, found);
        }
    }

    private long allocated(String thread) {
        return threads.getThreadAllocatedBytes(idOf(thread));
    }

    private static void awaitAnswers(LoadRun run, long count) throws InterruptedException {
        long answered = 0;
        while (answered < count) {
            answered += run.awaitMoment().answered();
        }
    }

    private static long idOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name)).findFirst().orElseThrow().threadId();
    }
}
