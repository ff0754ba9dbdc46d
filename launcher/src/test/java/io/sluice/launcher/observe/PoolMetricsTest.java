package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** What the page says of servers. */
class PoolMetricsTest {

    private final Pool pool = new PoolSettings().server(new InetSocketAddress("127.0.0.1", 1)).pool();

    @Test
    void tellsOfTheQueueOnceSomeoneHasWaited() {
        Traffic traffic = pool.servers().getFirst().traffic().of(0);
        traffic.record(Latency.QUEUE, 0);
        assertEquals("", queueSeries());

        traffic.record(Latency.QUEUE, 2_000_000_000);
        traffic.count(TrafficCount.QUEUED);
        assertEquals(1, queueSeries().lines()
                .filter("sluice_server_queue_seconds_count{pool=\"pool\",server=\"s0\"} 2"::equals).count());
    }

    private String queueSeries() {
        Families families = new Families();
        new PoolMetrics(families).add(pool);
        return families.all().stream().filter(family -> family.name().equals("sluice_server_queue_seconds"))
                .findFirst().orElseThrow().series().toString();
    }
}
