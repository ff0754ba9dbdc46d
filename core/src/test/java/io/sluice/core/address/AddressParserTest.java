package io.sluice.core.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Allocation;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressParserTest {

    private static final int ROUNDS = 20_000;
    private static final String LIKELY = "0123456789abcdefABCDEF:::...[]%, ";

    private final AddressParser parser = new AddressParser();

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 0", "0.0.0.0, 0.0.0.0, 0", "255.255.255.255, 255.255.255.255, 0",
        "1.2.3.4:567, 1.2.3.4, 567", "1.2.3.4:65535, 1.2.3.4, 65535", "1.2.3.4:0, 1.2.3.4, 0",
        "[1:2:3:4:5:6:7:8]:80, 1:2:3:4:5:6:7:8, 80", "[::1], ::1, 0", "[::1]:1, ::1, 1",
        "::, ::, 0", "::1, ::1, 0", "1::, 1::, 0", "1::8, 1::8, 0", "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8, 0",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0, 0", "1:2:3::5:6:7:8, 1:2:3:0:5:6:7:8, 0", "0001:00aB::Cd, 1:ab::cd, 0",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304, 0", "64:ff9b::1.2.3.4, 64:ff9b::102:304, 0",
        "::1.2.3.4, ::102:304, 0", "::ffff:1.2.3.4, 1.2.3.4, 0", "[::FFFF:102:304]:80, 1.2.3.4, 80",
        "2001:db8::80, 2001:db8::80, 0"})
    void readsAnAddressInEachForm(String text, String address, int port) {
        assertTrue(parse(text), text);
        assertEquals(address, Addresses.toText(AddressBytes.address(parser.address())));
        assertEquals(port, parser.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "unknown", "_hidden", "-", "localhost", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3",
        "256.1.1.1", "1.1.1.256", "1.2.3.04", "00.1.1.1", "1.2.3.-4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4,", "1.2.3.a",
        "0x1.2.3.4", "4294967296.1.1.1", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:080", "1.2.3.4:80:80", "1.2.3.4:x",
        "1.2.3.4:+1", "[1.2.3.4]", "[1.2.3.4]:80", "1.2.3.4]", "[", "[]", "[]:80", "[::1", "[::1]80", "[::1]:",
        "[::1]x", "[[::1]]", "::1]", ":", ":::", ":1", "1:", "1::2::3", "::1::", "1:::2", "1:2", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8", "12345::", "g::", "::1%eth0", "fe80::1%25eth0", "::1.2.3", "::1.2.3.256", "::1.2.3.4:5",
        "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::abc.2.3.4", "\"[::1]:80\"", "for=1.2.3.4", "\u00b2.2.2.2",
        "1.2.3.4\0"})
    void refusesWhatIsNoAddress(String text) {
        assertFalse(parse(text), text);
    }

    @Test
    void readsAnAddressOfOneFamilyAlone() {
        assertEquals("192.0.2.1", AddressParser.ipv4("192.0.2.1").getHostAddress());
        assertEquals("1:2:3:0:0:0:0:8", AddressParser.ipv6("1:2:3::8").getHostAddress());
        assertEquals("192.0.2.1", AddressParser.ipv6("::ffff:192.0.2.1").getHostAddress());
        assertEquals(0, AddressParser.port("0"));
        assertEquals(65_535, AddressParser.port("65535"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "1.2.3.4:5", "1.2.3.4:", "1.2.3.04", "1.2.3", "1.2.3.\u0664", "localhost", "[::1]", "[::1]:80", "::1:",
        "::1/64", "::1%lo", "::1.2.3.4:5", "cafe", "bad.cafe"})
    void takesNothingElseForAnAddressAlone(String text) {
        assertNull(AddressParser.ipv4(text));
        assertNull(AddressParser.ipv6(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "01", "00", "1x", " 1", "65536", "4294967297", "\u0661"})
    void takesNothingElseForAPortAlone(String text) {
        assertTrue(AddressParser.port(text) < 0, text);
    }

    @Test
    void readsWhatOthersWrite() {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int zero = random.nextInt(bytes.length); zero < bytes.length && random.nextInt(4) > 0; zero++) {
                bytes[zero] = 0;
            }
            InetAddress address = AddressBytes.address(bytes);
            for (String text : new String[] {Addresses.toText(address), address.getHostAddress()}) {
                assertTrue(parse(text), text);
                assertArrayEquals(AddressBytes.of(address), parser.address(), text);
                boolean isIpv6 = text.contains(":");
                int port = 1 + random.nextInt(65_535);
                assertTrue(parse(isIpv6 ? "[" + text + "]:" + port : text + ":" + port), text);
                assertArrayEquals(AddressBytes.of(address), parser.address(), text);
                assertEquals(port, parser.port());
            }
        }
    }

    /** Whatever it takes for an IPv6 address, the JDK does, too, and for the same. */
    @Test
    void takesNothingElseForAnAddress() {
        Random random = new Random(2);
        int taken = 0;
        for (int i = 0; i < 50 * ROUNDS; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 2 + random.nextInt(12); length > 0; length--) {
                text.append(LIKELY.charAt(random.nextInt(LIKELY.length())));
            }
            if (parse(text.toString()) && parser.port() == AddressParser.NO_PORT && text.charAt(0) != '[') {
                assertArrayEquals(AddressBytes.of(InetAddress.ofLiteral(text.toString())), parser.address(),
                        text.toString());
                taken++;
            }
        }
        assertTrue(taken > 100, taken + " addresses among them");
    }

    @Test
    void looksAtNoByteBeyondItsPart() {
        byte[] bytes = "91.2.3.45".getBytes(StandardCharsets.US_ASCII);
        assertTrue(parser.parse(bytes, 1, 8));
        assertArrayEquals(new byte[] {1, 2, 3, 4}, parser.address());
        assertFalse(parser.parse(bytes, 1, 7));
    }

    @Test
    void allocatesNothing() {
        byte[] ipv4 = "192.0.2.1:567".getBytes(StandardCharsets.US_ASCII);
        byte[] ipv6 = "[2001:db8::ffff:1.2.3.4]:80".getBytes(StandardCharsets.US_ASCII);
        parseBoth(ipv4, ipv6);
        long allocated = Allocation.by(() -> parseBoth(ipv4, ipv6));
        assertEquals(0, allocated / ROUNDS, () -> allocated + " bytes");
    }

    private void parseBoth(byte[] ipv4, byte[] ipv6) {
        for (int i = 0; i < ROUNDS; i++) {
            assertTrue(parser.parse(ipv4, 0, ipv4.length) && parser.parse(ipv6, 0, ipv6.length));
        }
    }

    private boolean parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parser.parse(bytes, 0, bytes.length);
    }
}
