package io.sluice.core.limit;

import io.sluice.core.address.AddressBytes;
import java.net.InetAddress;

/**
 * Clients as limits tell them apart, each as one number: an IPv4 client by its address, an IPv6 client by the first 64
 * bits of it. IPv6 networks are given out to sites as /64 or larger, within which every host chooses its addresses, and
 * as many as it likes (RFC 4291 section 2.5.4, RFC 8981). Safe from any thread.
 */
public final class ClientNetwork {

    /** The first 32 bits of multicast addresses, which no client can have; IPv4 clients follow behind. */
    private static final long IPV4 = 0xffff_ffffL << 32;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_NETWORK_BYTES = 8;

    private ClientNetwork() { }

    /** The number of the client. Different clients have different ones. */
    public static long of(InetAddress client) {
        byte[] address = AddressBytes.of(client);
        long bits = address.length == IPV4_BYTES ? IPV4 : 0;
        for (int i = 0; i < lengthBytes(address); i++) {
            bits |= (address[i] & 0xffL) << Byte.SIZE * (lengthBytes(address) - 1 - i);
        }
        return bits;
    }

    /** How many bytes of its address tell a client from others. @param address of 4 or 16 bytes */
    static int lengthBytes(byte[] address) {
        return address.length == IPV4_BYTES ? IPV4_BYTES : IPV6_NETWORK_BYTES;
    }
}
