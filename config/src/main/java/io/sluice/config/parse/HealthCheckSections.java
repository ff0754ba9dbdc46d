package io.sluice.config.parse;

import io.sluice.config.Endpoint;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.HealthCheckConfig.Http;
import io.sluice.config.HealthCheckConfig.MySql;
import io.sluice.config.HealthCheckConfig.Postgres;
import io.sluice.config.HealthCheckConfig.Redis;
import io.sluice.config.HealthCheckConfig.StatusRange;
import io.sluice.config.HealthCheckConfig.Tcp;
import io.sluice.config.parse.Variants.Variant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys of a health check. A further kind of check is a further section in {@link #HEALTH_CHECK}. */
final class HealthCheckSections {

    private static final List<StatusRange> USUAL_STATUSES = List.of(new StatusRange(200, 399));

    static final ValueType<Optional<HealthCheckConfig>> HEALTH_CHECK =
            new Variants<HealthCheckConfig>("type", List.of(
                    new Variant<>("tcp", Tcp.class, tcp()),
                    new Variant<>("http", Http.class, http()),
                    new Variant<>("postgres", Postgres.class, DatabaseCheckSections.postgres()),
                    new Variant<>("mysql", MySql.class, DatabaseCheckSections.mySql()),
                    new Variant<>("redis", Redis.class, DatabaseCheckSections.redis())))
                    .map(Optional::of, Optional::orElseThrow)
                    .or("off", Optional.empty());

    private HealthCheckSections() { }

    private static Section<Tcp> tcp() {
        var keys = Section.<Tcp>named("tcp-health-check", "A server is up when it accepts a TCP connection.");
        keys.required("type", Words.exactly("tcp"), _ -> "tcp", "A connection is opened and closed again. "
                + "Not for MySQL and MariaDB, which refuse all of Sluice's connections after a hundred of these.");
        var port = port(keys, Tcp::port);
        var schedule = ScheduleKeys.of(keys);
        return keys.build(values -> new Tcp(schedule.read(values), values.get(port)));
    }

    private static <C> Key<C, Optional<Integer>> port(Section.Builder<C> keys, Function<C, Optional<Integer>> getter) {
        return keys.maybe("port", Numbers.integer(1, Endpoint.MAX_PORT), getter, "The port to ask in place of the "
                + "server's own, such as that of an agent beside a database. Connections to it have neither the TLS "
                + "nor the PROXY protocol header of the pool.");
    }

    private static Section<Http> http() {
        var keys = Section.<Http>named("http-health-check", "A server is up when it answers a request as expected.");
        keys.required("type", Words.exactly("http"), _ -> "http",
                "A request is sent on a new connection. Redirects are not followed.");
        var port = port(keys, Http::port);
        var method = keys.optional("method", HttpTypes.method(), "GET", Http::method, "Method of the request.");
        var path = keys.optional("path", HttpTypes.target(), "/", Http::path, "Path of the request, query included.");
        var host = keys.maybe("host", HttpTypes.line(), Http::host,
                "The `Host` of the request. Default: the server's address.");
        var expect = keys.subsection("expect", expect(), check -> new Expect(check.statuses(), check.bodyContains()),
                "What the answer must look like.");
        var schedule = ScheduleKeys.of(keys);
        keys.check(List.of(method, expect), values -> !values.get(method).equals("HEAD")
                || values.get(expect).bodyContains().isEmpty(), "the answer to HEAD has no body to expect");
        return keys.build(values -> new Http(schedule.read(values), values.get(port), values.get(method),
                values.get(path), values.get(host), values.get(expect).statuses(), values.get(expect).bodyContains()));
    }

    /** What an answer must be like. */
    private record Expect(List<StatusRange> statuses, Optional<String> bodyContains) { }

    private static Section<Expect> expect() {
        var keys = Section.<Expect>named("expect", "What the answer must look like.");
        var status = keys.optional("status", ListType.of(HttpTypes.statusRange()).notEmpty(), USUAL_STATUSES,
                Expect::statuses, "The status is in one of these ranges.");
        var body = keys.maybe("body-contains", HttpTypes.text(), Expect::bodyContains,
                "The first 64 KiB of the body contain this text.");
        return keys.build(values -> new Expect(values.get(status), values.get(body)));
    }
}
