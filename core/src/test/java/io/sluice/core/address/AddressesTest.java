package io.sluice.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The samples are those of RFC 5952. */
class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:0db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:0:0:0:0:0:0:0, 1::",
        "2001:DB8::A:B, 2001:db8::a:b"
    })
    void writesAnAddressInItsOneShortForm(String written, String expected) {
        assertEquals(expected, Addresses.toText(InetAddress.ofLiteral(written)));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 10.0.0.1:80", "::1, [::1]:80"})
    void putsThePortBehind(String host, String expected) {
        assertEquals(expected, Addresses.toText(new InetSocketAddress(InetAddress.ofLiteral(host), 80)));
    }
}
