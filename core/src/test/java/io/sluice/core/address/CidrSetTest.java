package io.sluice.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Cidr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CidrSetTest {

    @Test
    void holdsTheAddressesOfANetworkFromItsFirstToItsLast() {
        CidrSet networks = set("10.1.4.0/22");
        assertFalse(contains(networks, "10.1.3.255"));
        assertTrue(contains(networks, "10.1.4.0"));
        assertTrue(contains(networks, "10.1.7.255"));
        assertFalse(contains(networks, "10.1.8.0"));
    }

    @Test
    void holdsASingleAddress() {
        CidrSet networks = set("192.0.2.7/32", "2001:db8::7/128");
        assertTrue(contains(networks, "192.0.2.7"));
        assertFalse(contains(networks, "192.0.2.6"));
        assertTrue(contains(networks, "2001:db8::7"));
        assertFalse(contains(networks, "2001:db8::6"));
    }

    @Test
    void holdsNothingWhenEmpty() {
        assertFalse(contains(set(), "0.0.0.0"));
        assertFalse(contains(set(), "::"));
    }

    @Test
    void keepsTheFamiliesApart() {
        assertTrue(contains(set("0.0.0.0/0"), "203.0.113.9"));
        assertFalse(contains(set("0.0.0.0/0"), "2001:db8::1"));
        assertTrue(contains(set("::/0"), "2001:db8::1"));
        assertFalse(contains(set("::/0"), "203.0.113.9"));
    }

    @Test
    void takesAMappedClientForTheIpv4AddressThatItIs() throws UnknownHostException {
        InetAddress mapped = Inet6Address.getByAddress(null, AddressBytes.asIpv6(new byte[] {10, 1, 2, 3}), -1);
        assertTrue(mapped instanceof Inet6Address);
        assertTrue(set("10.0.0.0/8").contains(mapped));
        assertFalse(set("::/0").contains(mapped));
    }

    @Test
    void takesAMappedNetworkForTheIpv4NetworkThatItIs() throws UnknownHostException {
        InetAddress mapped = Inet6Address.getByAddress(null, AddressBytes.asIpv6(new byte[] {10, 0, 0, 0}), -1);
        CidrSet networks = new CidrSet(List.of(new Cidr(mapped, 104)));
        assertTrue(contains(networks, "10.255.0.1"));
        assertFalse(contains(networks, "11.0.0.0"));
    }

    @Test
    void findsTheLongestPrefix() {
        CidrSet networks = set("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32");
        assertEquals(0, networks.longestPrefix(new byte[] {11, 0, 0, 0}));
        assertEquals(8, networks.longestPrefix(new byte[] {10, 2, 0, 0}));
        assertEquals(16, networks.longestPrefix(new byte[] {10, 1, 2, 4}));
        assertEquals(32, networks.longestPrefix(new byte[] {10, 1, 2, 3}));
    }

    private static CidrSet set(String... networks) {
        return new CidrSet(Cidrs.of(networks));
    }

    private static boolean contains(CidrSet networks, String address) {
        return networks.contains(InetAddress.ofLiteral(address));
    }
}
