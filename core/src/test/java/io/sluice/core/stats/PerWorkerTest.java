package io.sluice.core.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PerWorkerTest {

    private final AtomicInteger made = new AtomicInteger();
    private final PerWorker<Traffic> traffic = new PerWorker<>(() -> {
        made.incrementAndGet();
        return new Traffic();
    });

    @Test
    void makesWhatAWorkerNeedsOnceAndOnlyThen() {
        Traffic third = traffic.of(3);

        assertSame(third, traffic.of(3));
        assertNotSame(third, traffic.of(0));
        assertSame(third, traffic.of(3));
        assertEquals(2, made.get());
    }

    @Test
    void sumsUpWhatThereIs() {
        traffic.of(2).add(TrafficCount.SENT_BYTES, 5);
        traffic.of(0).add(TrafficCount.SENT_BYTES, 2);

        assertEquals(7, traffic.sum(Traffic::get, TrafficCount.SENT_BYTES));
        assertEquals(0, traffic.sum(Traffic::get, TrafficCount.RECEIVED_BYTES));
    }

    @Test
    void countsReasonsByName() {
        traffic.of(0).errors().count("no-route");
        traffic.of(1).errors().count("no-route");
        traffic.of(1).errors().count("denied");

        Map<String, Long> sums = new TreeMap<>();
        traffic.forEach(one -> one.errors().addTo(sums));
        assertEquals(Map.of("no-route", 2L, "denied", 1L), sums);
    }

    @Test
    void countsAStatusByItsClass() {
        assertEquals(TrafficCount.STATUS_2XX, TrafficCount.ofStatus(204));
        assertEquals(TrafficCount.STATUS_5XX, TrafficCount.ofStatus(599));
        assertEquals(TrafficCount.NO_RESPONSE, TrafficCount.ofStatus(0));
        assertEquals(TrafficCount.NO_RESPONSE, TrafficCount.ofStatus(999));
    }
}
