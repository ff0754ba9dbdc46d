package io.sluice.bench.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HistogramLogTest {

    @Test
    void writesCorrectedMillisecondsByPercentile() {
        String text = HistogramLog.of(Results.openLoop());
        String median = "\\s+50\\.\\d+ 0\\.500000000000\\s+500\\s+2\\.00";
        assertTrue(text.lines().anyMatch(line -> line.matches(median)), text);
        assertTrue(text.contains("Total count    =         1000"), text);
    }
}
