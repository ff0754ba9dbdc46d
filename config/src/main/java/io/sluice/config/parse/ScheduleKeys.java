package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.Schedule;
import io.sluice.config.parse.Key.Default.Derived;
import java.time.Duration;
import java.util.function.Function;

/** The keys of all checks for their schedule: intervals, timeout, rise and fall. Immutable. */
record ScheduleKeys<T extends HealthCheckConfig>(
        Key<T, Duration> interval,
        Key<T, Duration> fastInterval,
        Key<T, Duration> downInterval,
        Key<T, Duration> timeout,
        Key<T, Integer> rise,
        Key<T, Integer> fall) {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(2);

    static <T extends HealthCheckConfig> ScheduleKeys<T> of(Section.Builder<T> keys) {
        var interval = keys.optional("interval", duration(), Duration.ofSeconds(2),
                check -> check.schedule().interval(), "Time between checks of a server that is up.");
        var fastInterval = keys.derived("fast-interval", duration(),
                new Derived<>(interval, "`interval`", Function.identity()),
                check -> check.schedule().fastInterval(),
                "Time between checks while a change between up and down is pending.");
        var downInterval = keys.derived("down-interval", duration(),
                new Derived<>(interval, "`interval`", Function.identity()),
                check -> check.schedule().downInterval(), "Time between checks of a server that is down.");
        var timeout = keys.derived("timeout", duration(),
                new Derived<>(interval, "`2s`, at most `interval`", ScheduleKeys::usualTimeout),
                check -> check.schedule().timeout(), "How long one whole check may take.");
        var rise = keys.optional("rise", integer(1, 1000), 2, check -> check.schedule().rise(),
                "Successful checks in a row that bring a server up.");
        var fall = keys.optional("fall", integer(1, 1000), 3, check -> check.schedule().fall(),
                "Failed checks in a row that take a server down.");
        return new ScheduleKeys<>(interval, fastInterval, downInterval, timeout, rise, fall);
    }

    Schedule read(Values values) {
        return new Schedule(values.get(interval), values.get(fastInterval), values.get(downInterval),
                values.get(timeout), values.get(rise), values.get(fall));
    }

    private static Duration usualTimeout(Duration interval) {
        return interval.compareTo(USUAL_TIMEOUT) < 0 ? interval : USUAL_TIMEOUT;
    }
}
