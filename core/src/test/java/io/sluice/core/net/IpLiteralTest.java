package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "255.255.255.255"})
    void readsIpv4(String text) {
        assertEquals(text, IpLiteral.ipv4(text).getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ".", "1", "1.2", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..2.3", "256.1.1.1", "01.2.3.4",
        "1.2.3.00", "0x1.2.3.4", "+1.2.3.4", "-1.2.3.4", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4/8", "1.2.3.4:5", "::1",
        "::ffff:1.2.3.4", "localhost", "4294967295", "1.2.3.\u0664"
    })
    void refusesWhatIsNoIpv4(String text) {
        assertNull(IpLiteral.ipv4(text));
    }

    @ParameterizedTest
    @CsvSource({
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:DB8::fF:1, 2001:db8:0:0:0:0:ff:1",
        "0001:0002:0003:0004:0005:0006:0007:0008, 1:2:3:4:5:6:7:8",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::ffff:192.0.2.1, 192.0.2.1",
        "0:0:0:0:0:ffff:c000:201, 192.0.2.1"
    })
    void readsIpv6(String text, String address) {
        assertEquals(address, IpLiteral.ipv6(text).getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
        "1::2::3", "12345::", "00001::", "::g", "fe80::1%lo", "fe80::1%1", "[::1]", "::1/64", " ::1", "::1 ", "1.2.3.4",
        "::1.2.3", "::1.2.3.04", "::1.2.3.256", "1.2.3.4::", "::1.2.3.4:5", "localhost", "::\u0661"
    })
    void refusesWhatIsNoIpv6(String text) {
        assertNull(IpLiteral.ipv6(text));
    }

    @Test
    void looksNoNameUp() {
        assertNull(IpLiteral.ipv4("bad.cafe"));
        assertNull(IpLiteral.ipv6("bad.cafe"));
        assertNull(IpLiteral.ipv6("cafe"));
    }
}
