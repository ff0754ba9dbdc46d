package io.sluice.launcher.observe;

import io.sluice.core.stats.Distribution;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.LatencyWindow;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import io.sluice.launcher.observe.Readings.ByteReading;
import io.sluice.launcher.observe.Readings.LatencyReading;
import io.sluice.launcher.observe.Readings.Quantiles;
import io.sluice.launcher.observe.Readings.RequestReading;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rates, and latencies of the last minute, of one listener, route or server. Not safe for several threads at once.
 */
final class Track {

    /** Classes of responses, in the order in which they are shown. */
    private static final Map<TrafficCount, String> CLASSES = new EnumMap<>(TrafficCount.class);

    static {
        CLASSES.put(TrafficCount.STATUS_1XX, "1xx");
        CLASSES.put(TrafficCount.STATUS_2XX, "2xx");
        CLASSES.put(TrafficCount.STATUS_3XX, "3xx");
        CLASSES.put(TrafficCount.STATUS_4XX, "4xx");
        CLASSES.put(TrafficCount.STATUS_5XX, "5xx");
        CLASSES.put(TrafficCount.NO_RESPONSE, "none");
    }

    private static final TrafficCount[] COUNTED_BY_CLASS = CLASSES.keySet().toArray(TrafficCount[]::new);

    private static final int CONNECTIONS = 0;
    private static final int RECEIVED = 1;
    private static final int SENT = 2;
    private static final int REQUESTS = 3;

    private final PerWorker<Traffic> traffic;
    private final Rates rates = new Rates(4);
    private final Map<Latency, LatencyWindow> windows = new EnumMap<>(Latency.class);

    /** @param latencies the kinds of latencies that are recorded */
    Track(PerWorker<Traffic> traffic, Latency... latencies) {
        this.traffic = traffic;
        for (Latency latency : latencies) {
            windows.put(latency, new LatencyWindow(traffic, latency));
        }
    }

    /** Takes a sample; to be called every second. */
    void sample(long nowNs) {
        long[] numbers = rates.sample(nowNs);
        numbers[CONNECTIONS] = count(TrafficCount.CONNECTIONS);
        numbers[RECEIVED] = count(TrafficCount.RECEIVED_BYTES);
        numbers[SENT] = count(TrafficCount.SENT_BYTES);
        numbers[REQUESTS] = requests();
    }

    /** See {@link LatencyWindow#step}. */
    void step() {
        windows.values().forEach(LatencyWindow::step);
    }

    long count(TrafficCount counter) {
        return Tally.sum(traffic, counter);
    }

    long requests() {
        long sum = 0;
        for (TrafficCount counter : COUNTED_BY_CLASS) {
            sum += count(counter);
        }
        return sum;
    }

    double connectionRate() {
        return rounded(rates.perSecond(CONNECTIONS));
    }

    double requestRate() {
        return rounded(rates.perSecond(REQUESTS));
    }

    ByteReading bytes() {
        return new ByteReading(count(TrafficCount.RECEIVED_BYTES), count(TrafficCount.SENT_BYTES),
                rounded(rates.perSecond(RECEIVED)), rounded(rates.perSecond(SENT)));
    }

    RequestReading requestReading() {
        Map<String, Long> byClass = byClass(traffic);
        return new RequestReading(byClass.values().stream().mapToLong(Long::longValue).sum(), requestRate(), byClass);
    }

    /** The counts of responses by class, without classes that did not occur. */
    static Map<String, Long> byClass(PerWorker<Traffic> traffic) {
        Map<String, Long> byClass = new LinkedHashMap<>();
        CLASSES.forEach((counter, name) -> {
            long count = Tally.sum(traffic, counter);
            if (count > 0) {
                byClass.put(name, count);
            }
        });
        return byClass;
    }

    /** The counts of errors and refusals, by name. */
    static Map<String, Long> errors(PerWorker<Traffic> traffic) {
        Map<String, Long> errors = new TreeMap<>();
        traffic.forEach(one -> one.errors().addTo(errors));
        return errors;
    }

    /** What was malformed in a server's responses, by name. */
    static Map<String, Long> refusedResponses(PerWorker<Traffic> traffic) {
        Map<String, Long> refused = new TreeMap<>();
        traffic.forEach(one -> one.refusedResponses().addTo(refused));
        return refused;
    }

    Map<String, Long> errors() {
        return errors(traffic);
    }

    LatencyReading latency(Latency latency) {
        LatencyWindow window = windows.get(latency);
        return new LatencyReading(quantiles(window.lastMinute()), quantiles(window.sinceStart()));
    }

    private static Quantiles quantiles(Distribution times) {
        return times.count() == 0 ? Quantiles.NONE : new Quantiles(times.count(),
                seconds(times.sumNs() / times.count()), seconds(times.quantileNs(0.5)), seconds(times.quantileNs(0.9)),
                seconds(times.quantileNs(0.99)), seconds(times.quantileNs(0.999)), seconds(times.quantileNs(0.9999)),
                seconds(times.maxNs()));
    }

    private static double seconds(long ns) {
        return Math.round(ns / 1e3) / 1e6;
    }

    private static double rounded(double perSecond) {
        return Math.round(perSecond * 1000) / 1000.0;
    }
}
