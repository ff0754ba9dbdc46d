package io.sluice.core.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Addresses as system calls take and give them: {@code sockaddr_in} of ip(7), {@code sockaddr_in6} of ipv6(7). */
final class SocketAddressBytes {

    /** The longer of the two. */
    static final int MOST_BYTES = 28;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int IPV4_BYTES = 16;
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long PORT_OFFSET = 2;
    private static final long IPV4_OFFSET = 4;
    private static final long IPV6_OFFSET = 8;
    private static final long SCOPE_OFFSET = 24;

    private SocketAddressBytes() { }

    static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    /** @return how many bytes it takes */
    static int write(MemorySegment to, InetSocketAddress from) {
        InetAddress address = from.getAddress();
        to.fill((byte) 0);
        to.set(ValueLayout.JAVA_SHORT, 0, (short) family(address));
        to.set(PORT, PORT_OFFSET, (short) from.getPort());
        MemorySegment bytes = MemorySegment.ofArray(address.getAddress());
        if (address instanceof Inet6Address ipv6) {
            MemorySegment.copy(bytes, 0, to, IPV6_OFFSET, bytes.byteSize());
            to.set(ValueLayout.JAVA_INT, SCOPE_OFFSET, ipv6.getScopeId());
            return MOST_BYTES;
        }
        MemorySegment.copy(bytes, 0, to, IPV4_OFFSET, bytes.byteSize());
        return IPV4_BYTES;
    }

    static InetSocketAddress read(MemorySegment from) {
        return new InetSocketAddress(address(from), Short.toUnsignedInt(from.get(PORT, PORT_OFFSET)));
    }

    private static InetAddress address(MemorySegment from) {
        try {
            return switch (from.get(ValueLayout.JAVA_SHORT, 0)) {
                case AF_INET -> InetAddress.getByAddress(bytes(from, IPV4_OFFSET, 4));
                case AF_INET6 -> ipv6(from);
                default -> throw new IllegalStateException("neither IPv4 nor IPv6");
            };
        } catch (UnknownHostException e) {
            throw new AssertionError("addresses of these lengths are legal", e);
        }
    }

    private static InetAddress ipv6(MemorySegment from) throws UnknownHostException {
        byte[] bytes = bytes(from, IPV6_OFFSET, 16);
        int scope = from.get(ValueLayout.JAVA_INT, SCOPE_OFFSET);
        return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
    }

    private static byte[] bytes(MemorySegment from, long offset, int count) {
        byte[] bytes = new byte[count];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, 0, count);
        return bytes;
    }
}
