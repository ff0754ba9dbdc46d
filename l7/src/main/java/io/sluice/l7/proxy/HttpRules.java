package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig;
import io.sluice.core.address.CidrSet;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.route.Route;
import io.sluice.l7.route.Router;

/**
 * What an HTTP listener's configuration says, made ready for use; shared by all workers. Immutable.
 *
 * @param limits            of heads, in both directions
 * @param trusted           clients whose forwarding fields Sluice believes
 * @param certificateFields that describe clients' certificates to servers
 */
public record HttpRules(HttpListenerConfig config, Router router, HttpLimits limits, HttpTimeouts timeouts,
                        CidrSet trusted, CertificateFields certificateFields) {

    public HttpRules(HttpListenerConfig config) {
        this(config, new Router(config.routes()), limits(config.limits()), HttpTimeouts.of(config.timeouts()),
                new CidrSet(config.forwarded().trusted()), new CertificateFields(config));
    }

    private static HttpLimits limits(HttpListenerConfig.Limits config) {
        return new HttpLimits(config.headerBytes(), config.headers(), config.uriBytes());
    }

    /** The most bytes of a request's body on that route. */
    public long bodyBytes(Route route) {
        return route.bodyBytes().orElse(config.limits().bodyBytes());
    }
}
