package io.sluice.launcher;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.HttpListenerConfig.ForwardedConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.Quantities;
import io.sluice.core.address.AddressFilter;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.proxy.HttpRules;
import io.sluice.l7.proxy.Unrouted;
import io.sluice.l7.route.Client;
import io.sluice.l7.route.ForwardedFor;
import io.sluice.l7.route.KeyHash;
import io.sluice.l7.route.RequestLimit;
import io.sluice.l7.route.RequestPath;
import io.sluice.l7.route.Rewrite;
import io.sluice.l7.route.Route;
import io.sluice.l7.route.RoutedRequest;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Describes what one listener would do with a request, with the parser and the router that serve clients. Owned by one
 * thread.
 */
final class RouteReport {

    private final SluiceConfig config;
    private final HttpListenerConfig listener;
    private final HttpRules rules;
    private final InetAddress address;
    /** The client that X-Forwarded-For names, or null. */
    private Client named;
    private final RequestParser head;
    private final RoutedRequest request;
    private final StringBuilder text = new StringBuilder();

    /** @param listener one of the configuration's */
    RouteReport(SluiceConfig config, HttpListenerConfig listener, InetAddress address) {
        this.config = config;
        this.listener = listener;
        rules = new HttpRules(listener);
        this.address = address;
        head = new RequestParser(rules.limits());
        request = new RoutedRequest(head, listener.mergeSlashes());
    }

    /** @param sent the request's head, with its empty line */
    String text(String sent) {
        line("listener", listener.name());
        if (!new AddressFilter(listener.access()).allows(address)) {
            line("closed", "by allow and deny, " + address.getHostAddress() + " is not let in");
            return text.toString();
        }
        HttpError error = read(sent);
        if (error != null) {
            refuse(error);
            return text.toString();
        }
        if (named != null) {
            line("client", named + ", by X-Forwarded-For");
        }
        Route route = rules.router().match(request);
        Unrouted unrouted = Unrouted.of(head);
        if (unrouted != null) {
            line("answer", unrouted.status() + ": " + unrouted.sentence());
        } else if (route == null) {
            line("no route", "404");
        } else if (head.contentLength() > rules.bodyBytes(route)) {
            line("route", route.name());
            refuse(HttpError.BODY_TOO_LARGE);
        } else {
            describe(route);
        }
        return text.toString();
    }

    private void refuse(HttpError error) {
        line("refused", error.status() + " " + error.reason() + ": " + error.sentence());
    }

    /** Parses the head and finds whose it is. @return why the request is refused, or null */
    private HttpError read(String sent) {
        if (head.parse(ByteBuffer.wrap(sent.getBytes(StandardCharsets.UTF_8))) != Outcome.COMPLETE) {
            return head.error();
        }
        boolean mayBeNamed = listener.forwarded().client() == ForwardedConfig.Client.X_FORWARDED_FOR
                && rules.trusted().contains(address);
        named = mayBeNamed ? new ForwardedFor(rules.trusted()).find(head.fields()) : null;
        return request.take(named == null ? new Client(address) : named);
    }

    private void describe(Route route) {
        RouteConfig rule = listener.routes().get(route.index());
        line("route", route.name());
        rule.rateLimit().ifPresent(this::describe);
        switch (route.action()) {
            case Route.ToPool to -> {
                describeRewrite(route.rewrite());
                line("pool", to.pool());
            }
            case Route.Split split -> {
                describeRewrite(route.rewrite());
                describe(split, (Action.Split) rule.action());
            }
            case Route.Redirect redirect -> line("redirect", redirect.status() + " " + location(redirect));
            case Route.Respond respond -> line("respond", respond.status() + ", " + respond.body().length + " bytes of "
                    + string(respond.contentType(), 0, respond.contentType().length));
        }
        describe("request", rule.requestHeaders());
        describe("response", rule.responseHeaders());
        describeBounds(rule);
    }

    private void describe(RateLimitConfig limit) {
        boolean isLimited = RequestLimit.isFor(request, limit);
        String by = limit.by().map(RouteReport::string).orElse("route");
        line("rate-limit", limit.rate() + " by " + by + ", burst " + limit.burst()
                + (limit.dryRun() ? ", dry-run" : "")
                + (isLimited ? "" : "; not for this request, which has no " + by));
    }

    /** Those that are not what listener and pool would have anyway. */
    private void describeBounds(RouteConfig rule) {
        long usualBytes = listener.limits().bodyBytes();
        rule.limits().bodyBytes().filter(bytes -> bytes != usualBytes).ifPresent(bytes -> line("limits",
                "body-bytes: " + (bytes == Long.MAX_VALUE ? "unlimited" : Quantities.sizeText(bytes))));
        List<PoolConfig> pools = rule.action().poolNames().stream().map(config::pool).toList();
        describe("response", rule.timeouts().response(), pools, pool -> pool.http().response());
        describe("server", rule.timeouts().server(), pools, pool -> pool.timeouts().server());
        describe("tunnel", rule.timeouts().tunnel(), pools, _ -> listener.timeouts().tunnel());
    }

    private void describe(String name, Optional<Duration> limit, List<PoolConfig> pools,
                          Function<PoolConfig, Duration> usual) {
        limit.filter(own -> pools.stream().map(usual).anyMatch(other -> !other.equals(own)))
                .ifPresent(own -> line("timeouts", name + ": " + Quantities.durationText(own)));
    }

    private void describeRewrite(Rewrite rewrite) {
        RequestPath sent = new RequestPath(listener.mergeSlashes());
        sent.take(head);
        sent.rewrite(rewrite);
        String path = string(request.path());
        line("path", path.equals(string(sent)) ? path : path + " -> " + string(sent));
    }

    private void describe(Route.Split split, Action.Split rule) {
        line("split", rule.shares().stream()
                .map(share -> share.pool() + " " + share.steps() / (double) Action.Split.STEPS_PER_PERCENT + " %")
                .collect(Collectors.joining(", ")));
        Optional<RequestKey> by = rule.by();
        if (by.isPresent() && new KeyHash(by.get()).has(request)) {
            String chosen = split.choose(request);
            line("pool", chosen + ", always, by " + string(by.get()));
        } else {
            line("pool", "by chance" + by.map(key -> ", as the request has no " + string(key)).orElse(""));
        }
    }

    private static String string(RequestKey key) {
        return (key.part().name().toLowerCase(Locale.ROOT) + ' ' + key.name()).strip();
    }

    private String location(Route.Redirect redirect) {
        HeadWriter writer = new HeadWriter();
        redirect.putLocation(request, writer);
        return string(writer.bytes(), 0, writer.length());
    }

    private void describe(String message, HeaderRules rules) {
        rules.remove().forEach(name -> line(message, "remove " + name));
        rules.set().entrySet().forEach(field -> line(message, "set " + string(field)));
        rules.add().entrySet().forEach(field -> line(message, "add " + string(field)));
    }

    private static String string(Map.Entry<String, String> field) {
        return field.getKey() + ": " + field.getValue();
    }

    private static String string(RequestPath path) {
        return string(path.bytes(), path.offset(), path.length());
    }

    private static String string(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private void line(String what, String value) {
        text.append(what).append(": ").append(value).append('\n');
    }
}
