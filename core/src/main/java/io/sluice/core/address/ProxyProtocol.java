package io.sluice.core.address;

import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.core.address.ProxyHeader.Flaw;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt): a header before a connection's first bytes, in
 * which a load balancer tells a server who the client is. Safe from any thread.
 */
public final class ProxyProtocol {

    /** The length of the longest header that is accepted. */
    static final int MOST_RECEIVED_BYTES = ProxyV2.MOST_RECEIVED_BYTES;

    /** The length of the longest header that is sent. */
    public static final int MOST_SENT_BYTES = ProxyV1.MOST_BYTES;

    private ProxyProtocol() { }

    /**
     * Reads a header of either version from what has been received so far, position to limit, and leaves the buffer as
     * it is. After {@link ProxyHeader.NeedMore} the caller asks again with the same bytes and more; the result is final
     * within {@link #MOST_RECEIVED_BYTES}.
     */
    public static ProxyHeader parse(ByteBuffer received) {
        ByteBuffer bytes = received.slice();
        if (!bytes.hasRemaining()) {
            return new ProxyHeader.NeedMore();
        }
        return switch (bytes.get(0)) {
            case ProxyV1.FIRST_BYTE -> ProxyV1.parse(bytes);
            case ProxyV2.FIRST_BYTE -> ProxyV2.parse(bytes);
            default -> new ProxyHeader.Invalid(Flaw.NOT_A_HEADER);
        };
    }

    /**
     * Writes the header for a client's connection; nothing for version OFF. If only one address is IPv4, it goes mapped
     * into IPv6, because a header has one family.
     *
     * @param source      the client's address
     * @param destination the address that the client connected to
     * @param out         room for {@link #MOST_SENT_BYTES}
     */
    public static void encode(
            ProxyProtocolVersion version, InetSocketAddress source, InetSocketAddress destination, ByteBuffer out) {
        byte[] from = AddressBytes.of(source.getAddress());
        byte[] to = AddressBytes.of(destination.getAddress());
        if (from.length != to.length) {
            from = AddressBytes.asIpv6(from);
            to = AddressBytes.asIpv6(to);
        }
        switch (version) {
            case OFF -> { }
            case V1 -> ProxyV1.encode(from, source.getPort(), to, destination.getPort(), out);
            case V2 -> ProxyV2.encode(from, source.getPort(), to, destination.getPort(), out);
        }
    }

    /**
     * Writes the header for a connection of the load balancer's own, such as a health check; nothing for version OFF.
     * Version 2 sends LOCAL. Version 1 names the connection's own addresses, since some servers refuse the UNKNOWN that
     * the protocol provides for this.
     *
     * @param source      the connection's address on this side
     * @param destination the server's
     * @param out         room for {@link #MOST_SENT_BYTES}
     */
    public static void encodeLocal(
            ProxyProtocolVersion version, InetSocketAddress source, InetSocketAddress destination, ByteBuffer out) {
        if (version == ProxyProtocolVersion.V2) {
            ProxyV2.encodeLocal(out);
        } else {
            encode(version, source, destination, out);
        }
    }

    /** Whether one of the two is a prefix of the other. */
    static boolean agree(ByteBuffer bytes, byte[] expected) {
        int length = Math.min(bytes.limit(), expected.length);
        for (int i = 0; i < length; i++) {
            if (bytes.get(i) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
