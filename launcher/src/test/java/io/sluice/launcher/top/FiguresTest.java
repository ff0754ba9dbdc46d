package io.sluice.launcher.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "0.25, 0.3", "999, 999", "999.6, 1.0k", "12345, 12k", "9400000, 9.4M", "2e15, 2000T"})
    void shortensCounts(double value, String text) {
        assertEquals(text, Figures.count(value));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1500, 1.5 kB", "123456789, 123 MB"})
    void shortensBytes(double value, String text) {
        assertEquals(text, Figures.bytes(value));
    }

    @ParameterizedTest
    @CsvSource({", -", "0.00042, 420us", "0.0009999, 1.0ms", "0.0123, 12ms", "0.9999, 1.0s", "41.5, 42s", "75, 1m 15s",
        "7260, 2h 1m", "93784, 1d 2h"})
    void tellsTimesFromMicrosecondsToDays(Double value, String text) {
        assertEquals(text, Figures.seconds(value));
    }
}
