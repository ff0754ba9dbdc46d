package io.sluice.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.load.LoadResult;
import org.junit.jupiter.api.Test;

class TextReportTest {

    @Test
    void tellsAClosedLoop() {
        assertEquals("""
                http://h:81/a?b=<c>&d, http, closed loop, 64 connections, 2 threads, 2 s after 0.5 s of warm-up

                rate        500 answers/s
                throughput  1.25 MB/s received
                answered    1,000 in 2.0 s
                failed      7 (connect: 2, status: 5)
                statuses    200: 1,000, 503: 5

                percentile        latency
                50            5.001 ms
                75            8.004 ms
                90            9.003 ms
                95           10.002 ms
                99           10.002 ms
                99.9         10.002 ms
                99.99        10.002 ms
                99.999       10.002 ms
                max          10.002 ms
                mean          5.500 ms
                """, TextReport.of(Results.closedLoop()));
    }

    @Test
    void tellsAnOpenLoopWithBothLatencies() {
        String text = TextReport.of(Results.openLoop());
        assertTrue(text.contains("open loop at 520/s, 64 connections"), text);
        assertTrue(text.contains("unsent      40\nunfinished  3\n"), text);
        assertTrue(text.contains("percentile      corrected   uncorrected\n50"), text);
        assertTrue(text.contains("75           80.019 ms      8.004 ms\n"), text);
        assertTrue(text.contains("The rate was not kept"), text);
    }

    @Test
    void tellsBulkAndThatTheGeneratorWasBusy() {
        String text = TextReport.of(Results.bulk());
        assertTrue(text.contains("throughput  1.3 MB/s\nmoved       2,500,000 bytes in 2.0 s\nfailed      0\n"), text);
        assertTrue(text.contains("threads were 95 % busy"), text);
        assertTrue(!text.contains("percentile"), text);
    }

    @Test
    void tellsThatTheRunEndedInItsWarmUp() {
        String text = TextReport.of(Results.nothing());
        assertTrue(text.contains("rate        0 answers/s\n"), text);
        assertTrue(text.endsWith("\nThe run was ended in its warm-up, so nothing was measured.\n"), text);
    }

    @Test
    void tellsASecondInALine() {
        LoadResult result = Results.closedLoop();
        assertEquals("     2 s          600/s   p50  2.000 ms   p99  4.000 ms   failed 4",
                TextReport.line(result.moments().getLast(), false));
        assertEquals("     2 s          1.5 MB/s   failed 4", TextReport.line(result.moments().getLast(), true));
    }
}
