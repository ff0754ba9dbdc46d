package io.sluice.core.address;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sluice.config.Endpoint;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * Reads an IP address with an optional port, as proxies write it: {@code 192.0.2.1}, {@code 192.0.2.1:80},
 * {@code 2001:db8::1}, {@code [2001:db8::1]} or {@code [2001:db8::1]:80}. Refuses zones, and decimal numbers with
 * leading zeros, which some programs take for octal. Looks no names up. Results are valid until the next call. Owned by
 * one thread.
 */
public final class AddressParser {

    /** The port of an address that has none. */
    public static final int NO_PORT = 0;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int GROUP_BYTES = 2;
    private static final int MOST_GROUP_DIGITS = 4;
    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;
    private static final int MOST_OCTET = 255;
    private static final int NO_GAP = -1;

    private final byte[] ipv4 = new byte[IPV4_BYTES];
    private final byte[] ipv6 = new byte[IPV6_BYTES];
    private byte[] address = ipv4;
    private int port;
    private byte[] text;
    private int position;
    private int end;

    /** An IPv4 address alone, without a port; null for anything else. */
    static InetAddress ipv4(String text) {
        AddressParser parser = over(text);
        return parser.readIpv4(parser.ipv4, 0) && parser.isAtEnd() ? AddressBytes.address(parser.ipv4) : null;
    }

    /** An IPv6 address alone, without brackets; null for anything else. A mapped IPv4 address comes out as IPv4. */
    static InetAddress ipv6(String text) {
        AddressParser parser = over(text);
        return parser.readIpv6() && parser.isAtEnd() ? AddressBytes.address(parser.address) : null;
    }

    /** A port alone; negative for anything else. */
    static int port(String text) {
        AddressParser parser = over(text);
        int port = parser.readDecimal(Endpoint.MAX_PORT);
        return parser.isAtEnd() ? port : -1;
    }

    private static AddressParser over(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        AddressParser parser = new AddressParser();
        parser.begin(bytes, 0, bytes.length);
        return parser;
    }

    /** Reads the bytes between two positions; false if they are anything else, and then there is no result. */
    public boolean parse(byte[] bytes, int from, int to) {
        begin(bytes, from, to);
        if (skip('[')) {
            return readIpv6() && skip(']') && readPort();
        }
        if (readIpv4(ipv4, 0)) {
            address = ipv4;
            return readPort();
        }
        position = from;
        return readIpv6() && isAtEnd();
    }

    private void begin(byte[] bytes, int from, int to) {
        text = bytes;
        position = from;
        end = to;
        port = NO_PORT;
    }

    /** The address, in the form of {@link AddressBytes#of}. */
    public byte[] address() {
        return address;
    }

    /** 1 to 65535, or {@link #NO_PORT}. */
    public int port() {
        return port;
    }

    private boolean readPort() {
        if (skip(':')) {
            port = readDecimal(Endpoint.MAX_PORT);
        }
        return port >= 0 && isAtEnd();
    }

    private boolean readIpv4(byte[] into, int at) {
        for (int i = 0; i < IPV4_BYTES; i++) {
            int octet = i == 0 || skip('.') ? readDecimal(MOST_OCTET) : -1;
            if (octet < 0) {
                return false;
            }
            into[at + i] = (byte) octet;
        }
        return true;
    }

    /** Reads a number without leading zeros, up to a maximum; negative if there is none. */
    private int readDecimal(int most) {
        int start = position;
        int value = 0;
        while (digit(DECIMAL) >= 0) {
            value = DECIMAL * value + digit(DECIMAL);
            position++;
            if (value > most || text[start] == '0' && position > start + 1) {
                return -1;
            }
        }
        return position == start ? -1 : value;
    }

    private boolean readIpv6() {
        int filled = 0;
        int gap = skipGap() ? 0 : NO_GAP;
        boolean isMore = gap == NO_GAP || digit(HEXADECIMAL) >= 0;
        while (isMore) {
            int start = position;
            if (filled == IPV6_BYTES || !readGroup(filled)) {
                return false;
            }
            if (isAt('.')) {
                position = start;
                return filled <= IPV6_BYTES - IPV4_BYTES && readIpv4(ipv6, filled) && spread(gap, filled + IPV4_BYTES);
            }
            filled += GROUP_BYTES;
            if (gap == NO_GAP && skipGap()) {
                gap = filled;
                isMore = digit(HEXADECIMAL) >= 0;
            } else {
                isMore = skip(':');
            }
        }
        return spread(gap, filled);
    }

    private boolean readGroup(int at) {
        int start = position;
        int value = 0;
        while (digit(HEXADECIMAL) >= 0 && position - start < MOST_GROUP_DIGITS) {
            value = value << 4 | digit(HEXADECIMAL);
            position++;
        }
        ipv6[at] = (byte) (value >> 8);
        ipv6[at + 1] = (byte) value;
        return position > start;
    }

    /** Puts the zeros that a gap stands for, one group or more, into its place. */
    private boolean spread(int gap, int filled) {
        if (gap == NO_GAP ? filled < IPV6_BYTES : filled == IPV6_BYTES) {
            return false;
        }
        if (gap != NO_GAP) {
            int tail = filled - gap;
            System.arraycopy(ipv6, gap, ipv6, IPV6_BYTES - tail, tail);
            Arrays.fill(ipv6, gap, IPV6_BYTES - tail, (byte) 0);
        }
        address = ipv6;
        if (AddressBytes.isMapped(ipv6)) {
            System.arraycopy(ipv6, IPV6_BYTES - IPV4_BYTES, ipv4, 0, IPV4_BYTES);
            address = ipv4;
        }
        return true;
    }

    private boolean skipGap() {
        boolean isGap = isAt(':') && position + 1 < end && text[position + 1] == ':';
        position += isGap ? 2 : 0;
        return isGap;
    }

    private boolean skip(char expected) {
        boolean isThere = isAt(expected);
        position += isThere ? 1 : 0;
        return isThere;
    }

    private boolean isAt(char expected) {
        return position < end && text[position] == expected;
    }

    private boolean isAtEnd() {
        return position == end;
    }

    /** The value of the digit at the position, or a negative number. */
    private int digit(int radix) {
        return position < end ? Character.digit(text[position] & 0xff, radix) : -1;
    }
}
