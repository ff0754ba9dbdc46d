package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.tls.CertificateExpiry;
import io.sluice.launcher.observe.Readings.GenerationReading;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Prometheus learns of certificates. */
class CertificateMetricsTest {

    /** Such as one of RSA and one of EC: two series could not be told from each other. */
    @Test
    void tellsOfTheFirstToExpireOfThoseWithTheSameSubjectAndWhetherTheyAreWhatTheFilesSay() {
        Scene scene = new Scene(new GenerationReading(1, Instant.EPOCH, "test"), List.of(),
                new ConnectionLimit(null, 1), List.of(), List.of(), Set.of(),
                List.of(expiry("listener a", 200), expiry("listener a", 100), expiry("listener a", 300),
                        expiry("pool b", 400)), false);
        try (Observer observer = new Observer("test", () -> scene, System::nanoTime)) {
            assertEquals(List.of("listener a 100", "pool b 400"),
                    values(observer, "sluice_certificate_expiry_timestamp_seconds"));
            assertEquals(List.of("listener a 0", "pool b 1"), values(observer, "sluice_certificate_files_refused"));
        }
    }

    private static CertificateExpiry expiry(String owner, long second) {
        return new CertificateExpiry(owner, "CN=test", Instant.ofEpochSecond(second), owner.equals("pool b"));
    }

    private static List<String> values(Observer observer, String name) {
        MetricSnapshot family = new PrometheusMetrics(observer, System::nanoTime).snapshots().stream()
                .filter(one -> one.getMetadata().getName().equals(name))
                .findFirst().orElseThrow();
        return ((GaugeSnapshot) family).getDataPoints().stream()
                .map(point -> point.getLabels().get("owner") + " " + (long) point.getValue()).sorted().toList();
    }
}
