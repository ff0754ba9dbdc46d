package io.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @Test
    void readsSizes() {
        assertEquals(0, Quantities.sizeBytes("0"));
        assertEquals(128, Quantities.sizeBytes("128"));
        assertEquals(16 * 1024, Quantities.sizeBytes("16k"));
        assertEquals(3 * 1024 * 1024, Quantities.sizeBytes("3m"));
        assertEquals(Quantities.MOST_BYTES, Quantities.sizeBytes("1024g"));
    }

    @Test
    void readsTimes() {
        assertEquals(Duration.ofNanos(500_000), Quantities.duration("500us"));
        assertEquals(Duration.ofMillis(50), Quantities.duration("50ms"));
        assertEquals(Duration.ofSeconds(10), Quantities.duration("10s"));
        assertEquals(Duration.ofMinutes(2), Quantities.duration("2m"));
        assertEquals(Quantities.LONGEST, Quantities.duration("24h"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5k", "16K", "16kb", "1025g", "9999999999999g", "99999999999999"})
    void refusesWhatIsNoSize(String text) {
        assertThrows(IllegalArgumentException.class, () -> Quantities.sizeBytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "-1s", "1.5s", "1 s", "25h", "86401s"})
    void refusesWhatIsNoTime(String text) {
        assertThrows(IllegalArgumentException.class, () -> Quantities.duration(text));
    }
}
