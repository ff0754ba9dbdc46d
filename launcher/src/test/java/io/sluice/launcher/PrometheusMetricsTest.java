package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.pem.Certificates;
import io.sluice.launcher.observe.PrometheusMetrics;
import io.sluice.launcher.observe.Readings.CertificateReading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The page for Prometheus tells what has happened, in its own words. */
class PrometheusMetricsTest {

    @Test
    void tellsWhatHasHappened() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("origin"); Sluice sluice = HttpSluice.before(origin);
             HttpPeer client = HttpPeer.to(sluice)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.get("/").status());
            }
            await().until(() -> sluice.observer().current().listeners().getFirst().requests().total() == 3);
            String page = text(metrics(sluice), "");

            for (String line : List.of(
                    "# TYPE sluice_listener_requests_total counter",
                    "sluice_listener_requests_total{listener=\"in\",code=\"2xx\"} 3",
                    "sluice_listener_connections{listener=\"in\"} 1",
                    "sluice_server_up{pool=\"pool\",server=\"origin\"} 1",
                    "sluice_server_state{pool=\"pool\",server=\"origin\",state=\"up\"} 1",
                    "sluice_server_opened_connections_total{pool=\"pool\",server=\"origin\"} 1",
                    "sluice_server_idle_connections{pool=\"pool\",server=\"origin\"} 1",
                    "sluice_server_duration_seconds_bucket{pool=\"pool\",server=\"origin\",le=\"+Inf\"} 3",
                    "sluice_server_duration_seconds_count{pool=\"pool\",server=\"origin\"} 3",
                    "sluice_http_requests_total 3",
                    "sluice_draining 0",
                    "sluice_generation 1")) {
                assertTrue(page.lines().anyMatch(line::equals), () -> line + " is not in\n" + page);
            }
            assertTrue(page.contains("sluice_build_info{"), page);
            assertTrue(Pattern.compile("(?m)^process_open_fds [0-9.]+$").matcher(page).find(), page);
            assertTrue(Pattern.compile("(?m)^process_resident_memory_bytes [0-9.E]+$").matcher(page).find(), page);
        }
    }

    @Test
    void tellsHowNearAWorkerIsToItsBounds() throws Exception {
        try (NamedServer server = NamedServer.start("server"); Sluice sluice = InProcess.launch("""
                workers: 1
                zero-copy: off
                buffers: { size: 8KiB, memory: 64KiB }
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, inspect: postgres, pool: pool }]
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)));
             HttpPeer one = HttpPeer.to(sluice); HttpPeer other = HttpPeer.to(sluice)) {
            one.send("\0");
            other.send("\0");
            await().until(() -> HttpSluice.buffersInUse(sluice.workers().getFirst()) == 2);
            assertEquals(List.of("sluice_worker_buffers{worker=\"worker-0\"} 2",
                            "sluice_worker_buffers_limit{worker=\"worker-0\"} 8",
                            "sluice_worker_pipes{worker=\"worker-0\"} 0",
                            "sluice_worker_pipes_limit{worker=\"worker-0\"} 0"),
                    text(metrics(sluice), "").lines()
                            .filter(line -> line.matches("sluice_worker_(buffers|pipes).*")).toList());
        }
    }

    @Test
    void tellsHowLongAWorkerHasPolled() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("origin"); Sluice sluice = InProcess.launch("""
                workers: 1
                busy-poll: 1s
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool }]
                pools: { pool: { servers: %s } }
                """.formatted(HttpOrigin.entries(origin)));
             HttpPeer client = HttpPeer.to(sluice)) {
            client.get("/");
            client.get("/");
            double seconds = text(metrics(sluice), "").lines()
                    .filter(line -> line.startsWith("sluice_worker_busy_poll_seconds_total{worker=\"worker-0\"} "))
                    .mapToDouble(line -> Double.parseDouble(line.split(" ")[1])).findFirst().orElseThrow();
            assertTrue(seconds > 0);
        }
    }

    @Test
    void tellsWhenCertificatesExpire() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("origin"); Sluice sluice = HttpSluice.launch(
                "pool: pool, tls: { certificates: [{ chain: %1$s/shop.pem, key: %1$s/shop.key }, "
                        .formatted(ShippedTls.CERTIFICATES) + "{ chain: %1$s/shop-ec.pem, key: %1$s/shop-ec.key }] }"
                        .formatted(ShippedTls.CERTIFICATES), HttpOrigin.entries(origin), "")) {
            List<CertificateReading> certificates = sluice.observer().current().certificates();
            Instant first = certificates.stream().map(CertificateReading::notAfter).min(Instant::compareTo)
                    .orElseThrow();
            assertEquals(first, Certificates.read(ShippedTls.CERTIFICATES.resolve("shop.pem")).getFirst()
                    .getNotAfter().toInstant());
            String series = "sluice_certificate_expiry_timestamp_seconds{owner=\"listener in\","
                    + "subject=\"CN=shop.example.com\"} ";
            assertEquals(List.of((double) first.getEpochSecond()),
                    text(metrics(sluice), "").lines().filter(line -> line.startsWith(series))
                            .map(line -> Double.valueOf(line.substring(series.length()))).toList());
        }
    }

    @Test
    void speaksOpenMetricsToWhoLikesIt() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("origin"); Sluice sluice = HttpSluice.before(origin)) {
            PrometheusMetrics metrics = metrics(sluice);
            assertTrue(metrics.page("text/plain", false).contentType().startsWith("text/plain"));
            PrometheusMetrics.Page open = metrics.page(
                    "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", false);
            assertTrue(open.contentType().startsWith("application/openmetrics-text"));
            assertTrue(new String(open.body(), StandardCharsets.UTF_8).endsWith("# EOF\n"));
        }
    }

    @Test
    void isSmallWhenCompressed() throws Exception {
        try (HttpOrigin origin = HttpOrigin.start("origin"); Sluice sluice = HttpSluice.before(origin)) {
            PrometheusMetrics metrics = metrics(sluice);
            PrometheusMetrics.Page page = metrics.page("", true);
            assertTrue(page.isGzip());
            byte[] plain = new GZIPInputStream(new ByteArrayInputStream(page.body())).readAllBytes();
            assertTrue(new String(plain, StandardCharsets.UTF_8).contains("sluice_draining 0"));
            assertTrue(page.body().length < plain.length / 3);
        }
    }

    @Test
    void pleasesPromtool() throws Exception {
        Promtool.assumePresent();
        try (HttpOrigin origin = HttpOrigin.start("origin");
             Sluice sluice = HttpSluice.launch("pool: pool", HttpOrigin.entries(origin), "max-queue: 1");
             HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals(200, client.get("/").status());
            await().until(() -> sluice.observer().current().listeners().getFirst().requests().total() == 1);
            assertEquals("", Promtool.check(metrics(sluice).page("", false).body(), "check", "metrics"));
        }
    }

    @Test
    void promtoolTakesTheAlerts() throws Exception {
        Promtool.assumePresent();
        String alerts = ShippedFiles.HOME.resolve("config/observability/alerts.yaml").toString();
        assertEquals("", Promtool.check(new byte[0], "check", "rules", alerts));
    }

    private PrometheusMetrics metrics(Sluice sluice) {
        return new PrometheusMetrics(sluice.observer(), System::nanoTime);
    }

    private static String text(PrometheusMetrics metrics, String accept) {
        return new String(metrics.page(accept, false).body(), StandardCharsets.UTF_8);
    }
}
