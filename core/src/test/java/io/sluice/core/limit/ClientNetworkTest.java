package io.sluice.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {

    @Test
    void tellsIpv4AddressesApartAndIpv6Networks() {
        List<String> clients = List.of("0.0.0.0", "127.0.0.1", "127.0.0.2", "128.0.0.1", "255.255.255.255", "::1",
                "2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:8000::1", "a001:db8::1", "0:0:7f00:1::", "fe80::1");
        assertEquals(clients.size(), clients.stream().map(ClientNetworkTest::network).distinct().count());
    }

    @ParameterizedTest
    @CsvSource({"2001:db8::, 2001:db8::ffff:ffff:ffff:ffff", "2001:db8:1:2::1, 2001:db8:1:2:8000::1"})
    void takesAnIpv6NetworkOf64BitsForOneClient(String address, String other) {
        assertEquals(network(address), network(other));
    }

    @Test
    void takesAnIpv4AddressInsideIpv6ForTheIpv4Address() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 7};
        InetAddress asSixteenBytes = Inet6Address.getByAddress(null, mapped, -1);
        assertEquals(16, asSixteenBytes.getAddress().length);
        assertEquals(network("10.0.0.7"), ClientNetwork.of(asSixteenBytes));
    }

    private static long network(String address) {
        return ClientNetwork.of(InetAddress.ofLiteral(address));
    }
}
