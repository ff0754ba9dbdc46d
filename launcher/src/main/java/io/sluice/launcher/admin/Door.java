package io.sluice.launcher.admin;

import java.net.InetAddress;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access checks: lets in callers with the token, and refuses requests that a page of another site has a browser
 * send. {@code Origin} and {@code Sec-Fetch-Site} reveal such a page; {@code Host} reveals one that rebinds its name to
 * this address (DNS rebinding). Safe from any thread.
 */
final class Door {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final long COMPLAIN_EVERY_NS = 10_000_000_000L;

    private final Token token;
    private long complainedNs = System.nanoTime() - COMPLAIN_EVERY_NS;

    Door(Token token) {
        this.token = token;
    }

    /** Checks Host and Origin of any request. @throws Problem if it comes from another site */
    void checkOrigin(Request request) {
        String host = Request.getServerName(request);
        if (!request.isSecure() && !isFromSocket(request) && !isLoopback(host)) {
            // With TLS, the browser's check of the certificate prevents rebinding.
            throw refused(request, Problem.of(421, "Misdirected request", "this address is not known as " + host));
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !origin.equalsIgnoreCase(ownOrigin(request))) {
            throw refused(request, Problem.of(403, "Cross-site request", "pages of " + origin + " have no access"));
        }
    }

    /** Checks a request for an operation. @throws Problem if it comes from another site, or without a required token */
    void check(Request request, Route.Access access) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw refused(request, Problem.of(403, "Cross-site request", "other sites have no access"));
        }
        if (access == Route.Access.WITH_TOKEN
                && !token.isShownBy(request.getHeaders().get(HttpHeader.AUTHORIZATION))) {
            throw refused(request, Problem.with(401, "Unauthorized", "show the token: Authorization: Bearer TOKEN",
                    "WWW-Authenticate", "Bearer realm=\"sluice\""));
        }
    }

    /** The caller's address, for logs. */
    static String who(Request request) {
        return isFromSocket(request) ? "the Unix socket" : Request.getRemoteAddr(request);
    }

    private static boolean isFromSocket(Request request) {
        return request.getConnectionMetaData().getConnector() instanceof UnixDomainServerConnector;
    }

    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        boolean isLiteral = host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || ".:[]".indexOf(c) >= 0);
        try {
            return isLiteral && InetAddress.ofLiteral(host.replace("[", "").replace("]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String ownOrigin(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return (request.isSecure() ? "https://" : "http://") + (host == null ? "" : host.toLowerCase(Locale.ROOT));
    }

    /** Logs the refusal, but at most every 10 seconds, so that callers cannot flood the log. */
    private Problem refused(Request request, Problem problem) {
        boolean isTold;
        synchronized (this) {
            long nowNs = System.nanoTime();
            isTold = nowNs - complainedNs >= COMPLAIN_EVERY_NS;
            complainedNs = isTold ? nowNs : complainedNs;
        }
        if (isTold) {
            LOG.warn("admin: refused {} with {}: {}", who(request), problem.status(), problem.getMessage());
        }
        return problem;
    }
}
