package io.sluice.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Programs read it, so every key is pinned down. */
class JsonReportTest {

    private static final String LATENCY = "\"min\":1.0,\"mean\":5.5,\"deviation\":2.872,\"p50\":5.001,\"p75\":8.004,"
            + "\"p90\":9.003,\"p95\":10.002,\"p99\":10.002,\"p99.9\":10.002,\"p99.99\":10.002,\"p99.999\":10.002,"
            + "\"max\":10.002";

    @Test
    void tellsAllOfAClosedLoop() {
        assertEquals("""
                {"format":1,"version":"0.1","started":"2026-11-21T10:00:00Z",
                "settings":{"url":"http://h:81/a?b=<c>&d","mode":"http","request_bytes":40,
                "connect_per_request":false,"connections":64,"threads":2,"rate":null,"requests":null,
                "warm_up_seconds":0.5,"duration_seconds":2.0,"timeout_seconds":10.0},
                "seconds":2.0,"per_second":500.0,"bytes_per_second":1250000,
                "answered":1000,"failed":7,"failures":{"connect":2,"timeout":0,"closed":0,"status":5,"broken":0},
                "statuses":{"200":1000,"503":5},"unsent":0,"unfinished":0,"bytes":2500000,"connections_opened":66,
                "generator_busy":0.5,"latency_ms":{%s},"uncorrected_latency_ms":null,
                "moments":[{"end_seconds":1.0,"seconds":1.0,"answered":400,"failed":3,"bytes":1000000,"p50_ms":1.0,
                "p99_ms":3.0},{"end_seconds":2.0,"seconds":1.0,"answered":600,"failed":4,"bytes":1500000,
                "p50_ms":2.0,"p99_ms":4.0}]}""".formatted(LATENCY).replace("\n", "") + "\n",
                JsonReport.of(Results.closedLoop(), "0.1"));
    }

    @Test
    void tellsBothLatenciesOfAnOpenLoop() {
        String json = JsonReport.of(Results.openLoop(), "0.1");
        assertTrue(json.contains("\"rate\":520.0,"), json);
        assertTrue(json.contains("\"unsent\":40,\"unfinished\":3,"), json);
        assertTrue(json.contains("\"uncorrected_latency_ms\":{" + LATENCY + "}"), json);
        assertTrue(json.contains("\"latency_ms\":{\"min\":9.9"), json);
    }

    @Test
    void hasNoLatenciesWithoutAnswers() {
        String json = JsonReport.of(Results.bulk(), "0.1");
        assertTrue(json.contains("\"latency_ms\":null,\"uncorrected_latency_ms\":null,"), json);
    }
}
