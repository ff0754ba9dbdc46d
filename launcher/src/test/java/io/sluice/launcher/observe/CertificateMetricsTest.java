package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
            assertEquals(List.of("{owner=\"listener a\",subject=\"CN=test\"} 100",
                            "{owner=\"pool b\",subject=\"CN=test\"} 400"),
                    values(observer, "sluice_certificate_expiry_timestamp_seconds"));
            assertEquals(List.of("{owner=\"listener a\"} 0", "{owner=\"pool b\"} 1"),
                    values(observer, "sluice_certificate_files_refused"));
        }
    }

    private static CertificateExpiry expiry(String owner, long second) {
        return new CertificateExpiry(owner, "CN=test", Instant.ofEpochSecond(second), owner.equals("pool b"));
    }

    private static List<String> values(Observer observer, String name) {
        Family family = new PrometheusMetrics(observer, System::nanoTime).read().all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst().orElseThrow();
        return family.series().toString().lines().map(line -> line.substring(name.length())).sorted().toList();
    }
}
