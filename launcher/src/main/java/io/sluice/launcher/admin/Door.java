package io.sluice.launcher.admin;

import java.net.InetAddress;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is let in: callers with the token, and never a page of another site, whatever it makes a browser send. Such a
 * page gives itself away by {@code Origin} or {@code Sec-Fetch-Site}; one whose name has been rebound to this address,
 * by {@code Host}. Safe from any thread.
 */
final class Door {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final long COMPLAIN_EVERY_NS = 10_000_000_000L;

    private final Token token;
    private long complainedNs = System.nanoTime() - COMPLAIN_EVERY_NS;

    Door(Token token) {
        this.token = token;
    }

    /** Before anything is known of what is asked for. @throws Problem if the request comes from where none may */
    void checkOrigin(Request request) {
        String host = Request.getServerName(request);
        if (!request.isSecure() && !isFromSocket(request) && !isLoopback(host)) {
            // With TLS the certificate does this.
            throw refused(request, Problem.of(421, "Misdirected request", "this address is not known as " + host));
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !origin.equalsIgnoreCase(ownOrigin(request))) {
            throw refused(request, Problem.of(403, "Cross-site request", "pages of " + origin + " have no access"));
        }
    }

    /** A request for anything but pages. @throws Problem if it comes from another site, or without the token */
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

    /** The caller's address. */
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

    /** Tells of it, but not so often that the log could be filled. */
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
