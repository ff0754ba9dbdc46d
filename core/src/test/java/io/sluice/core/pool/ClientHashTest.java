package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientHashTest {

    /** Worked out apart from this code. They may never change: clients would lose their servers on an upgrade. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, c40e60b2aef7a226",
        "192.0.2.1, 5edcc9ad5ee408e0",
        "10.0.0.1, 11db77260d971100",
        "255.255.255.255, 56d049cf0f90d97f",
        "::, 48218226ff3cd4bf",
        "::1, ea8568d2e45fd6cb",
        "2001:db8::1, 504b8dce1c938e43",
        "2001:db8:0:1::1, e1a1ee6788e0a115",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, e8ba9f99ca933538"
    })
    void staysTheSameOnAllHostsAndInAllReleases(String address, String hash) {
        assertEquals(hash, "%016x".formatted(ClientHash.of(InetAddress.ofLiteral(address))));
    }

    @Test
    void isTheSameForAnIpv4AddressMappedIntoIpv6() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        assertEquals(ClientHash.of(InetAddress.ofLiteral("192.0.2.1")),
                ClientHash.of(Inet6Address.getByAddress(null, mapped, -1)));
    }

    @Test
    void differsForEveryBitOfTheAddress() throws UnknownHostException {
        Set<Long> hashes = new HashSet<>();
        byte[] bytes = InetAddress.ofLiteral("2001:db8::1").getAddress();
        for (int bit = 0; bit < 128; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            hashes.add(ClientHash.of(InetAddress.getByAddress(bytes)));
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertEquals(128, hashes.size());
    }

    @Test
    void spreadsNeighbouringAddressesEvenly() throws UnknownHostException {
        int[] counts = new int[16];
        for (int i = 0; i < 1 << 16; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
            counts[Hash64.reduce(ClientHash.of(address), 16)]++;
        }
        for (int count : counts) {
            assertTrue(count > 3_800 && count < 4_400, "count " + count);
        }
    }
}
