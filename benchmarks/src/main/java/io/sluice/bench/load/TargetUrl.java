package io.sluice.bench.load;

/**
 * A URL of {@code http} or {@code tcp}, parsed but not decoded: the target is sent as written. Immutable.
 *
 * @param text      as written
 * @param scheme    {@code http} or {@code tcp}
 * @param authority the host, with the port if one is written
 * @param host      without the brackets of an IPv6 address
 * @param target    path and query; at least a slash
 */
public record TargetUrl(String text, String scheme, String authority, String host, int port, String target) {

    private static final int HTTP_PORT = 80;
    private static final int NO_PORT = -1;
    private static final int HIGHEST_PORT = 65535;

    /** @throws IllegalArgumentException if the text is not such a URL, saying why */
    public static TargetUrl parse(String text) {
        int schemeEnd = text.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : text.substring(0, schemeEnd);
        if (!scheme.equals("http") && !scheme.equals("tcp")) {
            throw new IllegalArgumentException(scheme.equals("https") ? "https is not supported yet: " + text
                    : "a URL begins with http:// or tcp://, unlike " + text);
        }
        int end = schemeEnd + 3;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String authority = text.substring(schemeEnd + 3, end);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = hasPort ? port(authority.substring(colon + 1), text) : scheme.equals("http") ? HTTP_PORT : NO_PORT;
        if (host.isEmpty() || port == NO_PORT) {
            throw new IllegalArgumentException("the URL lacks a host or a port: " + text);
        }
        int fragment = text.indexOf('#', end);
        String rest = text.substring(end, fragment < 0 ? text.length() : fragment);
        return new TargetUrl(text, scheme, authority, withoutBrackets(host), port,
                rest.startsWith("/") ? rest : '/' + rest);
    }

    public boolean isHttp() {
        return scheme.equals("http");
    }

    private static int port(String digits, String text) {
        if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > HIGHEST_PORT) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535: " + text);
        }
        return Integer.parseInt(digits);
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
