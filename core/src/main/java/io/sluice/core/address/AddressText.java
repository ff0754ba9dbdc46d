package io.sluice.core.address;

/**
 * Writes an IP address as text into an array of its own, so that it allocates nothing: {@code 192.0.2.1}, or an IPv6
 * address in its one short form (RFC 5952), without brackets and zone. Results are valid until the next call. Owned by
 * one thread.
 */
public final class AddressText {

    private static final int IPV4_BYTES = 4;
    private static final int GROUPS = 8;
    private static final int MOST_GROUP_DIGITS = 4;
    /** Eight groups of four digits, and seven colons. */
    private static final int MOST_BYTES = 39;

    private final byte[] bytes = new byte[MOST_BYTES];
    private int length;

    /** Writes an address of 4 or 16 bytes. */
    public AddressText of(byte[] address) {
        length = 0;
        if (address.length == IPV4_BYTES) {
            putIpv4(address);
        } else {
            putIpv6(address);
        }
        return this;
    }

    /** The text, from 0 to {@link #length}. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    private void putIpv4(byte[] address) {
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (i > 0) {
                put('.');
            }
            putDecimal(address[i] & 0xff);
        }
    }

    private void putDecimal(int octet) {
        if (octet >= 100) {
            putDigit(octet / 100);
        }
        if (octet >= 10) {
            putDigit(octet / 10 % 10);
        }
        putDigit(octet % 10);
    }

    private void putIpv6(byte[] address) {
        int zerosStart = longestZeros(address);
        int zerosEnd = zerosStart + zerosFrom(address, zerosStart);
        boolean shortens = zerosEnd - zerosStart > 1;
        for (int i = 0; i < GROUPS; i++) {
            if (shortens && i == zerosStart) {
                put(':');
                put(':');
                i = zerosEnd - 1;
            } else {
                if (length > 0 && bytes[length - 1] != ':') {
                    put(':');
                }
                putHexadecimal(group(address, i));
            }
        }
    }

    private void putHexadecimal(int group) {
        int digits = 1;
        while (digits < MOST_GROUP_DIGITS && group >> 4 * digits != 0) {
            digits++;
        }
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            putDigit(group >> shift & 0xf);
        }
    }

    /** Where the longest row of zero groups begins; of equal ones, the first. */
    private static int longestZeros(byte[] address) {
        int longest = 0;
        for (int i = 1; i < GROUPS; i++) {
            longest = zerosFrom(address, i) > zerosFrom(address, longest) ? i : longest;
        }
        return longest;
    }

    private static int zerosFrom(byte[] address, int start) {
        int end = start;
        while (end < GROUPS && group(address, end) == 0) {
            end++;
        }
        return end - start;
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | address[2 * index + 1] & 0xff;
    }

    private void putDigit(int digit) {
        put(Character.forDigit(digit, 16));
    }

    private void put(char ascii) {
        bytes[length++] = (byte) ascii;
    }
}
