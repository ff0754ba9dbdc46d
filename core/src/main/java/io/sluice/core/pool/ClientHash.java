package io.sluice.core.pool;

import java.net.InetAddress;

/**
 * Hash of a client's address, all bits of it, by which {@code ip-hash} chooses. The same on every host and in every
 * release. Safe from any thread.
 */
public final class ClientHash {

    /** Where IPv4 addresses are within IPv6: ::ffff:0:0/96 (RFC 4291, section 2.5.5.2). */
    private static final long IPV4_MAPPED = 0xffffL;
    private static final long SEED = 0x9e3779b97f4a7c15L;

    private ClientHash() { }

    /** An IPv4 address and the IPv6 address that it maps to have the same hash. */
    public static long of(InetAddress address) {
        return of(address.getAddress());
    }

    /** The same. @param bytes of the address: 4 or 16 */
    public static long of(byte[] bytes) {
        boolean ipv4 = bytes.length == 4;
        long high = ipv4 ? 0 : bigEndian(bytes, 0, 8, 0);
        long low = ipv4 ? bigEndian(bytes, 0, 4, IPV4_MAPPED) : bigEndian(bytes, 8, 16, 0);
        return Hash64.mix(Hash64.mix(high + SEED) + low);
    }

    private static long bigEndian(byte[] bytes, int from, int to, long leading) {
        long value = leading;
        for (int i = from; i < to; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }
}
