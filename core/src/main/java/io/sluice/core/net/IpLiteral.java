package io.sluice.core.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Strict parser of IP addresses as other programs write them: no host names (so no look-ups), no IPv6 zones or
 * brackets, no IPv4 with leading zeros or missing numbers. Safe from any thread.
 */
final class IpLiteral {

    private IpLiteral() { }

    /** Four decimal numbers with dots between them; null for anything else. */
    static InetAddress ipv4(String text) {
        try {
            Inet4Address address = Inet4Address.ofLiteral(text);
            return address.getHostAddress().equals(text) ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The text forms of RFC 4291, section 2.2; null for anything else. A mapped IPv4 address comes out as IPv4. */
    static InetAddress ipv6(String text) {
        int dot = text.indexOf('.');
        String groups = dot < 0 ? text : text.substring(0, text.lastIndexOf(':') + 1);
        if (!areHexGroups(groups) || dot >= 0 && ipv4(text.substring(groups.length())) == null) {
            return null;
        }
        try {
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether there are only colons and at most four hexadecimal digits between them; the JDK checks the rest. */
    private static boolean areHexGroups(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digits = c == ':' ? 0 : digits + 1;
            if (digits > 4 || c != ':' && !isHexDigit(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHexDigit(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
