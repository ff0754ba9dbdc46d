package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.Http;
import io.sluice.config.HealthCheckConfig.Schedule;
import io.sluice.config.HealthCheckConfig.StatusRange;
import io.sluice.config.HealthCheckConfig.Tcp;
import io.sluice.config.parse.Key.Default.Derived;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys of a health check. A further kind of check is a further section in {@link #HEALTH_CHECK}. */
final class HealthCheckSections {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(2);
    private static final List<StatusRange> USUAL_STATUSES = List.of(new StatusRange(200, 399));

    static final ValueType<Optional<HealthCheckConfig>> HEALTH_CHECK =
            new Variants<HealthCheckConfig>("type", List.of(
                    new Variants.Variant<>("tcp", Tcp.class, tcp()), new Variants.Variant<>("http", Http.class, http())))
                    .map(Optional::of, Optional::orElseThrow)
                    .or("off", Optional.empty());

    private HealthCheckSections() { }

    private static Section<Tcp> tcp() {
        var keys = Section.<Tcp>named("tcp-health-check", "A server is up when it accepts a TCP connection.");
        keys.required("type", Words.exactly("tcp"), _ -> "tcp", "A connection is opened and closed again.");
        var schedule = ScheduleKeys.of(keys);
        return keys.build(values -> new Tcp(schedule.read(values)));
    }

    private static Section<Http> http() {
        var keys = Section.<Http>named("http-health-check", "A server is up when it answers a request as expected.");
        keys.required("type", Words.exactly("http"), _ -> "http",
                "A request is sent on a new connection. Redirects are not followed.");
        var method = keys.optional("method", HttpTypes.method(), "GET", Http::method, "Of the request.");
        var path = keys.optional("path", HttpTypes.target(), "/", Http::path, "What is asked for, query included.");
        var host = keys.maybe("host", HttpTypes.line(), Http::host,
                "The `Host` of the request; without one, the server's address.");
        var expect = keys.subsection("expect", expect(), check -> new Expect(check.statuses(), check.bodyContains()),
                "What the answer must be like.");
        var schedule = ScheduleKeys.of(keys);
        keys.check(List.of(method, expect), values -> !values.get(method).equals("HEAD")
                || values.get(expect).bodyContains().isEmpty(), "the answer to HEAD has no body to expect");
        return keys.build(values -> new Http(schedule.read(values), values.get(method), values.get(path),
                values.get(host), values.get(expect).statuses(), values.get(expect).bodyContains()));
    }

    /** What an answer must be like. */
    private record Expect(List<StatusRange> statuses, Optional<String> bodyContains) { }

    private static Section<Expect> expect() {
        var keys = Section.<Expect>named("expect", "What an answer must be like.");
        var status = keys.optional("status", ListType.of(HttpTypes.statusRange()).notEmpty(), USUAL_STATUSES,
                Expect::statuses, "In one of these ranges.");
        var body = keys.maybe("body-contains", HttpTypes.text(), Expect::bodyContains,
                "The first 64 KiB of the body contain this.");
        return keys.build(values -> new Expect(values.get(status), values.get(body)));
    }

    /** The keys of every kind of check that say when it runs, and how many in a row count. */
    private record ScheduleKeys<T extends HealthCheckConfig>(
            Key<T, Duration> interval,
            Key<T, Duration> fastInterval,
            Key<T, Duration> downInterval,
            Key<T, Duration> timeout,
            Key<T, Integer> rise,
            Key<T, Integer> fall) {

        static <T extends HealthCheckConfig> ScheduleKeys<T> of(Section.Builder<T> keys) {
            var interval = keys.optional("interval", duration(), Duration.ofSeconds(2),
                    check -> check.schedule().interval(), "Between checks of a server that is up.");
            var fastInterval = keys.derived("fast-interval", duration(),
                    new Derived<>(interval, "`interval`", Function.identity()),
                    check -> check.schedule().fastInterval(),
                    "Between checks while a change between up and down is under way.");
            var downInterval = keys.derived("down-interval", duration(),
                    new Derived<>(interval, "`interval`", Function.identity()),
                    check -> check.schedule().downInterval(), "Between checks of a server that is down.");
            var timeout = keys.derived("timeout", duration(),
                    new Derived<>(interval, "`2s`, at most `interval`", HealthCheckSections::usualTimeout),
                    check -> check.schedule().timeout(), "For one whole check.");
            var rise = keys.optional("rise", integer(1, 1000), 2, check -> check.schedule().rise(),
                    "Good checks in a row that make a down server up.");
            var fall = keys.optional("fall", integer(1, 1000), 3, check -> check.schedule().fall(),
                    "Bad checks in a row that make an up server down.");
            return new ScheduleKeys<>(interval, fastInterval, downInterval, timeout, rise, fall);
        }

        Schedule read(Values values) {
            return new Schedule(values.get(interval), values.get(fastInterval), values.get(downInterval),
                    values.get(timeout), values.get(rise), values.get(fall));
        }
    }

    private static Duration usualTimeout(Duration interval) {
        return interval.compareTo(USUAL_TIMEOUT) < 0 ? interval : USUAL_TIMEOUT;
    }
}
