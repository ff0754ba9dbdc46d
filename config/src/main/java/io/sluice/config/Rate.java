package io.sluice.config;

import java.util.concurrent.TimeUnit;

/** How often something may happen: {@code count} times in each period. Immutable. */
public record Rate(int count, Per per) {

    /** More often than anything happens. */
    public static final Rate UNLIMITED = perSecond(SluiceConfig.UNLIMITED);

    public Rate {
        Checks.atLeast("rate", count, 1);
    }

    public static Rate perSecond(int count) {
        return new Rate(count, Per.SECOND);
    }

    /** The time between two events at this rate. */
    public long intervalNs() {
        return Math.max(1, per.unit.toNanos(1) / count);
    }

    /** The period. */
    public enum Per {
        SECOND(TimeUnit.SECONDS, "s"),
        MINUTE(TimeUnit.MINUTES, "min"),
        HOUR(TimeUnit.HOURS, "h");

        private final TimeUnit unit;
        private final String word;

        Per(TimeUnit unit, String word) {
            this.unit = unit;
            this.word = word;
        }

        /** As a configuration has it. */
        public String word() {
            return word;
        }
    }

    /** As a configuration has it: {@code 200/s}. */
    @Override
    public String toString() {
        return count + "/" + per.word;
    }
}
