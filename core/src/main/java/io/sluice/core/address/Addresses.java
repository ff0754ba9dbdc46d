package io.sluice.core.address;

import io.sluice.config.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses as text, without a look-up. */
public final class Addresses {

    private static final int GROUPS = 8;

    private Addresses() { }

    /** {@code 10.0.0.1:5432} or {@code [::1]:5432}. */
    public static String toText(InetSocketAddress address) {
        return new Endpoint(toText(address.getAddress()), address.getPort()).toString();
    }

    /** {@code 10.0.0.1} or {@code ::1}: an IPv6 address in its one short form (RFC 5952), without a zone. */
    public static String toText(InetAddress address) {
        return address instanceof Inet6Address ? shortForm(address.getAddress()) : address.getHostAddress();
    }

    private static String shortForm(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int zerosStart = longestZeros(groups);
        int zerosEnd = zerosStart + zerosFrom(groups, zerosStart);
        boolean shortens = zerosEnd - zerosStart > 1;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (shortens && i == zerosStart) {
                text.append("::");
                i = zerosEnd - 1;
            } else {
                boolean behindColon = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(behindColon ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Where the longest row of zero groups begins; of equal ones, the first. */
    private static int longestZeros(int[] groups) {
        int longest = 0;
        for (int i = 1; i < GROUPS; i++) {
            longest = zerosFrom(groups, i) > zerosFrom(groups, longest) ? i : longest;
        }
        return longest;
    }

    private static int zerosFrom(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }
}
