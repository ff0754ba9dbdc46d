package io.sluice.core.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * IP addresses as bytes. An IPv4 address mapped into IPv6 (::ffff:0:0/96, RFC 4291 section 2.5.5.2) counts as the IPv4
 * address that it is. Safe from any thread.
 */
public final class AddressBytes {

    private static final byte[] MAPPED_PREFIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private AddressBytes() { }

    /** 4 bytes for IPv4, mapped or not, and 16 for any other IPv6 address. */
    public static byte[] of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_PREFIX.length, bytes.length) : bytes;
    }

    /** Whether it is an IPv6 address that stands for an IPv4 one. */
    static boolean isMapped(byte[] bytes) {
        return bytes.length == 16
                && Arrays.equals(bytes, 0, MAPPED_PREFIX.length, MAPPED_PREFIX, 0, MAPPED_PREFIX.length);
    }

    /** The 16 bytes that an IPv4 address maps to; an IPv6 address as it is. */
    static byte[] asIpv6(byte[] bytes) {
        if (bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = Arrays.copyOf(MAPPED_PREFIX, 16);
        System.arraycopy(bytes, 0, mapped, MAPPED_PREFIX.length, bytes.length);
        return mapped;
    }

    /** The address; an IPv4 one if the bytes are mapped. */
    public static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no IP address", e);
        }
    }

    /** The address as text, an IPv6 one if there are 16 bytes, mapped or not. */
    static String text(byte[] bytes) {
        try {
            return bytes.length == 16
                    ? Inet6Address.getByAddress(null, bytes, -1).getHostAddress()
                    : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no IP address", e);
        }
    }
}
