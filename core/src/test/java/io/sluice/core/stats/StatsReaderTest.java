package io.sluice.core.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsReaderTest {

    private final WorkerStats first = new WorkerStats();
    private final WorkerStats second = new WorkerStats();
    private final StatsReader reader = new StatsReader(List.of(first, second));

    @Test
    void sumsAllWorkers() {
        first.count(Counter.CONNECTIONS_ACCEPTED);
        first.add(Counter.CLIENT_BYTES, 5_000_000_000L);
        second.add(Counter.CLIENT_BYTES, 1);
        assertEquals(1, reader.sum(Counter.CONNECTIONS_ACCEPTED));
        assertEquals(5_000_000_001L, reader.sum(Counter.CLIENT_BYTES));
        assertEquals(0, reader.sum(Counter.SERVER_BYTES));
    }

    @Test
    void showsWhatIsNotZero() {
        assertEquals("", reader.summary());
        first.count(Counter.NO_SERVER_UP);
        second.add(Counter.LOG_RECORDS_DROPPED, 3);
        assertEquals("no-server-up=1 log-records-dropped=3", reader.summary());
    }
}
