package io.sluice.core.net;

import java.net.InetAddress;

/**
 * Clients as limits tell them apart, each as one number: an IPv4 client by its address, an IPv6 client by the first 64
 * bits of it. IPv6 networks are given out to sites as /64 or larger, within which every host chooses its addresses, and
 * as many as it likes (RFC 4291 section 2.5.4, RFC 8981). Safe from any thread.
 */
public final class ClientNetwork {

    /** The first 32 bits of multicast addresses, which no client can have; IPv4 clients follow behind. */
    private static final long IPV4 = 0xffff_ffffL << 32;

    private ClientNetwork() { }

    /** The number of the client. Different clients have different ones. */
    public static long of(InetAddress client) {
        byte[] address = AddressBytes.of(client);
        return address.length == 4 ? IPV4 | firstBits(address, 4) : firstBits(address, 8);
    }

    private static long firstBits(byte[] address, int lengthBytes) {
        long bits = 0;
        for (int i = 0; i < lengthBytes; i++) {
            bits = bits << 8 | address[i] & 0xff;
        }
        return bits;
    }
}
