package io.sluice.core.address;

import static io.sluice.core.address.Headers.NEED_MORE;
import static io.sluice.core.address.Headers.invalid;
import static io.sluice.core.address.Headers.parse;
import static io.sluice.core.address.Headers.proxied;
import static io.sluice.core.address.Headers.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.address.ProxyHeader.Flaw;
import io.sluice.core.address.ProxyHeader.Local;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyV1Test {

    @Test
    void readsTcpOverIpv4() {
        assertEquals(proxied(45, "192.0.2.1", 56324, "198.51.100.2", 443),
                parse(text("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n")));
    }

    @Test
    void readsTcpOverIpv6() {
        assertEquals(proxied(44, "2001:db8::1", 0, "2001:db8::2", 65535),
                parse(text("PROXY TCP6 2001:db8::1 2001:DB8::2 0 65535\r\n")));
    }

    @Test
    void readsAMappedAddressAsIpv4() {
        assertEquals(proxied(45, "192.0.2.1", 1, "2001:db8::2", 2),
                parse(text("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 1 2\r\n")));
    }

    @Test
    void readsTheLongestAddresses() {
        String ip = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assertEquals(proxied(104, ip, 65535, ip, 65535),
                parse(text("PROXY TCP6 " + ip + " " + ip + " 65535 65535\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " ::1 ::1 0 0", "  anything \t at all, TCP4 \u00ff"})
    void ignoresWhatFollowsUnknown(String rest) {
        String line = "PROXY UNKNOWN" + rest + "\r\n";
        assertEquals(new Local(line.length()), parse(text(line)));
    }

    @Test
    void leavesWhatFollowsTheLineAlone() {
        assertEquals(new Local(15), parse(text("PROXY UNKNOWN\r\nPROXY UNKNOWN\r\n\r\n")));
    }

    @Test
    void accepts107BytesAndNoMore() {
        assertEquals(new Local(107), parse(text("PROXY UNKNOWN" + " ".repeat(92) + "\r\n")));
        assertEquals(invalid(Flaw.TOO_LONG), parse(text("PROXY UNKNOWN" + " ".repeat(93) + "\r\n")));
    }

    @Test
    void givesUpAsSoonAsTheLineCannotEndInTime() {
        assertEquals(NEED_MORE, parse(text("PROXY UNKNOWN" + " ".repeat(92))));
        assertEquals(NEED_MORE, parse(text("PROXY UNKNOWN" + " ".repeat(92) + "\r")));
        assertEquals(invalid(Flaw.TOO_LONG), parse(text("PROXY UNKNOWN" + " ".repeat(93))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "G", "GET / HTTP/1.1\r\n", "proxy TCP4", "PR0", "PROXY\r\n", "PROXY\tTCP4", "PROXYTCP4", "\0"
    })
    void refusesOtherProtocolsAtTheFirstByteThatDiffers(String start) {
        assertEquals(invalid(Flaw.NOT_A_HEADER), parse(text(start)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1 2\rx",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1 2\r\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1\n2\r\n",
        "PROXY UNKNOWN\n\r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 192.0.2.1\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1 2 \r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1  198.51.100.2 1 2\r\n",
        "PROXY TCP6 ::1 ::1 1 2 \r\n"
    })
    void refusesLinesOfOtherFieldsOrEnds(String line) {
        assertEquals(invalid(Flaw.BAD_LINE), parse(text(line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "PROXY \r\n", "PROXY  TCP4 192.0.2.1 198.51.100.2 1 2\r\n", "PROXY tcp4 192.0.2.1 198.51.100.2 1 2\r\n",
        "PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n", "PROXY UNKNOWNX\r\n", "PROXY TCP5 ::1 ::1 1 2\r\n"
    })
    void refusesOtherTransports(String line) {
        assertEquals(invalid(Flaw.BAD_PROTOCOL), parse(text(line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "TCP4 ::1 ::1", "TCP6 192.0.2.1 192.0.2.1", "TCP4 192.0.2.1 ::1", "TCP4 192.0.2 192.0.2.1",
        "TCP4 192.0.2.01 192.0.2.1", "TCP6 fe80::1%lo ::1", "TCP6 ::1 localhost", "TCP4 localhost 192.0.2.1",
        "TCP4 192.0.2.1 \t192.0.2.1", "TCP4  192.0.2.1"
    })
    void refusesAddressesThatAreNotOfTheFamily(String addresses) {
        assertEquals(invalid(Flaw.BAD_ADDRESS), parse(text("PROXY " + addresses + " 1 2\r\n")));
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 1", "1, 65536", "-1, 1", "+1, 1", "01, 1", "1, 00", "1, 1x", "123456, 1", "0x1, 1", "'', 1", "1, ''"
    })
    void refusesPortsThatAreNotCanonical(String source, String destination) {
        String line = "PROXY TCP4 192.0.2.1 198.51.100.2 " + source + " " + destination + "\r\n";
        assertEquals(invalid(Flaw.BAD_PORT), parse(text(line)));
    }
}
