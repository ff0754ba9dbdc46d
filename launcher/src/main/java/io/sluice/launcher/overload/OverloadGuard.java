package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sheds load when a resource runs short, and undoes that when the shortage is over. Each look acts by the gauge under
 * the highest pressure:
 *
 * <pre>
 *   limit reached       idle connections are closed; one more level of importance stops accepting, but not the last
 *   half-way from the
 *   limit to 100 %      the same, and the last level stops, too: better to let the kernel queue than to break
 *   below 9/10 of the
 *   limit               one level accepts again, the most important first
 *   in between          nothing changes, so that Sluice does not oscillate
 * </pre>
 *
 * <p>Used by one thread.
 */
public final class OverloadGuard {

    private static final Logger LOG = LoggerFactory.getLogger(OverloadGuard.class);

    private static final double CALM_AT = 0.9;

    private enum Pressure { CALM, MODERATE, HIGH, CRITICAL }

    private final List<Reading> readings;
    private final Relief relief;
    /** The highest importance that has stopped accepting; 0 if all accept. */
    private int stoppedUpTo;
    private boolean overloaded;

    public OverloadGuard(List<Gauge> gauges, Relief relief) {
        readings = gauges.stream().map(Reading::new).toList();
        this.relief = relief;
    }

    /**
     * Looks once and acts. Allocates nothing while all is calm, as it is called several times a second.
     *
     * @param limits of the configuration in force
     */
    public void look(OverloadConfig limits) {
        Reading worst = readings.getFirst();
        for (int i = 0; i < readings.size(); i++) {
            Reading reading = readings.get(i);
            reading.take(limits);
            worst = reading.pressure.compareTo(worst.pressure) > 0 ? reading : worst;
        }
        boolean wasOverloaded = overloaded;
        switch (worst.pressure) {
            case HIGH, CRITICAL -> relieve(worst);
            case CALM -> calmDown();
            case MODERATE -> { }
        }
        if (wasOverloaded || overloaded) {
            readings.stream().filter(reading -> reading.pressure != Pressure.CALM)
                    .forEach(reading -> reading.gauge.refresh());
            // Repeated for listeners that a reload has added meanwhile.
            relief.stopUpTo(stoppedUpTo);
        }
    }

    private void relieve(Reading worst) {
        if (!overloaded) {
            overloaded = true;
            LOG.warn("overload: {}: idle connections are closed", worst);
        }
        relief.closeIdle();
        List<Integer> levels = relief.importances();
        int next = levels.stream().filter(level -> level > stoppedUpTo).findFirst().orElse(0);
        boolean isLast = next == levels.getLast();
        if (next > 0 && (!isLast || worst.pressure == Pressure.CRITICAL)) {
            stoppedUpTo = next;
            LOG.warn("overload: {}: listeners whose importance is {} or less accept no more", worst, next);
        }
    }

    private void calmDown() {
        if (stoppedUpTo > 0) {
            stoppedUpTo = relief.importances().stream().filter(level -> level < stoppedUpTo)
                    .reduce(0, Math::max);
            LOG.info("overload: it has become less: listeners accept again whose importance is above {}", stoppedUpTo);
        }
        if (overloaded && stoppedUpTo == 0) {
            overloaded = false;
            LOG.info("overload: it is over");
        }
    }

    /** What a gauge has shown last. */
    private static final class Reading {

        private final Gauge gauge;
        private double share;
        private int limitPercent;
        private Pressure pressure = Pressure.CALM;

        Reading(Gauge gauge) {
            this.gauge = gauge;
        }

        void take(OverloadConfig limits) {
            share = gauge.share();
            limitPercent = gauge.limitPercent(limits);
            pressure = pressure(share, limitPercent / 100.0);
        }

        private static Pressure pressure(double share, double limit) {
            if (limit >= 1 || share < CALM_AT * limit) {
                return Pressure.CALM;
            } else if (share < limit) {
                return Pressure.MODERATE;
            }
            return share < (1 + limit) / 2 ? Pressure.HIGH : Pressure.CRITICAL;
        }

        @Override
        public String toString() {
            return Math.round(100 * share) + " % of the " + gauge.name() + " are in use, the limit is " + limitPercent
                    + " %";
        }
    }
}
