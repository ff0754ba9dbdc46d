package io.sluice.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketAddressBytesTest {

    private final MemorySegment bytes = Arena.ofAuto().allocate(SocketAddressBytes.MOST_BYTES, Integer.BYTES);

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 0, 16", "127.0.0.1, 80, 16", "255.254.253.252, 65535, 16", "::, 1, 28", "::1, 32768, 28",
            "2001:db8:ffff::1, 443, 28"})
    void readsWhatItHasWritten(String host, int port, int length) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        bytes.fill((byte) 0xff);
        assertEquals(length, SocketAddressBytes.write(bytes, address));
        assertEquals(address, SocketAddressBytes.read(bytes));
    }

    @Test
    void keepsTheScope() throws Exception {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 7), 80);
        SocketAddressBytes.write(bytes, address);
        assertEquals(7, ((Inet6Address) SocketAddressBytes.read(bytes).getAddress()).getScopeId());
    }
}
