package io.sluice.core.address;

import static io.sluice.core.address.Headers.NEED_MORE;
import static io.sluice.core.address.Headers.SIGNATURE;
import static io.sluice.core.address.Headers.hex;
import static io.sluice.core.address.Headers.invalid;
import static io.sluice.core.address.Headers.parse;
import static io.sluice.core.address.Headers.proxied;
import static io.sluice.core.address.Headers.v2;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.address.ProxyHeader.Flaw;
import io.sluice.core.address.ProxyHeader.Local;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyV2Test {

    /** 192.0.2.1:56324 to 198.51.100.2:443. */
    private static final String IPV4_BLOCK = "c0000201 c6336402 dc04 01bb ";
    private static final String IPV6_BLOCK =
            "20010db8000000000000000000000001 20010db8000000000000000000000002 0000 ffff ";
    private static final String UNIX_BLOCK = "2f".repeat(216);
    /** The IPv4 block with a CRC32C between two fillers. The checksum was worked out apart from this code. */
    private static final String CHECKED_BLOCK = IPV4_BLOCK + "040002aabb 03000426708bdc 040001cc";

    @Test
    void readsTcpOverIpv4() {
        assertEquals(proxied(28, "192.0.2.1", 56324, "198.51.100.2", 443), parse(v2("2111", IPV4_BLOCK)));
    }

    @Test
    void readsTcpOverIpv6() {
        assertEquals(proxied(52, "2001:db8::1", 0, "2001:db8::2", 65535), parse(v2("2121", IPV6_BLOCK)));
    }

    @Test
    void readsMappedAddressesAsIpv4() {
        String mapped = "00000000000000000000ffff";
        assertEquals(proxied(52, "192.0.2.1", 1, "198.51.100.2", 2),
                parse(v2("2121", mapped + "c0000201" + mapped + "c6336402 0001 0002")));
    }

    @Test
    void leavesWhatFollowsTheHeaderAlone() {
        byte[] header = hex(SIGNATURE + "2111000c" + IPV4_BLOCK + "ffffffff");
        assertEquals(proxied(28, "192.0.2.1", 56324, "198.51.100.2", 443), parse(header));
    }

    @Test
    void keepsTheSocketsAddressesWithLocalWhateverItsBlockHolds() {
        assertEquals(new Local(16), parse(v2("2000", "")));
        assertEquals(new Local(28), parse(v2("2011", IPV4_BLOCK)));
        assertEquals(new Local(19), parse(v2("20ff", "123456")));
    }

    @Test
    void keepsTheSocketsAddressesWithOtherProtocolsThanTcp() {
        assertEquals(new Local(28), parse(v2("2112", IPV4_BLOCK)));
        assertEquals(new Local(52), parse(v2("2122", IPV6_BLOCK)));
        assertEquals(new Local(232), parse(v2("2131", UNIX_BLOCK)));
        assertEquals(new Local(232), parse(v2("2132", UNIX_BLOCK)));
    }

    @Test
    void keepsTheSocketsAddressesWhereTheProtocolIsUnspecified() {
        assertEquals(new Local(16), parse(v2("2100", "")));
        assertEquals(new Local(19), parse(v2("2100", "123456")));
        assertEquals(new Local(16), parse(v2("2101", "")));
        assertEquals(new Local(28), parse(v2("2110", IPV4_BLOCK)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0d0a0d0a00ff", "0d0b", "0d0a0d0a000d0a515549540b2111"})
    void refusesOtherProtocolsAtTheFirstByteThatDiffers(String start) {
        assertEquals(invalid(Flaw.NOT_A_HEADER), parse(hex(start)));
    }

    @Test
    void refusesOtherVersions() {
        assertEquals(invalid(Flaw.BAD_VERSION), parse(v2("1111", IPV4_BLOCK)));
        assertEquals(invalid(Flaw.BAD_VERSION), parse(v2("3111", IPV4_BLOCK)));
        assertEquals(invalid(Flaw.BAD_VERSION), parse(v2("a111", IPV4_BLOCK)));
    }

    @Test
    void refusesOtherCommands() {
        assertEquals(invalid(Flaw.BAD_COMMAND), parse(v2("2211", IPV4_BLOCK)));
        assertEquals(invalid(Flaw.BAD_COMMAND), parse(v2("2f00", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2141", "21f1", "2113", "211f", "2140", "2103"})
    void refusesUnknownFamiliesAndTransports(String commandAndProtocol) {
        assertEquals(invalid(Flaw.BAD_PROTOCOL), parse(v2(commandAndProtocol, UNIX_BLOCK)));
    }

    @Test
    void refusesABlockThatIsTooShortForItsAddresses() {
        assertEquals(invalid(Flaw.BAD_LENGTH), parse(v2("2111", IPV4_BLOCK.substring(0, 25))));
        assertEquals(invalid(Flaw.BAD_LENGTH), parse(v2("2121", IPV4_BLOCK)));
        assertEquals(invalid(Flaw.BAD_LENGTH), parse(v2("2131", IPV6_BLOCK)));
        assertEquals(invalid(Flaw.BAD_LENGTH), parse(v2("2112", "")));
    }

    @Test
    void refusesALengthBeyondTheBoundBeforeTheBlockArrives() {
        assertEquals(NEED_MORE, parse(hex(SIGNATURE + "21110800")));
        assertEquals(invalid(Flaw.TOO_LONG), parse(hex(SIGNATURE + "21110801")));
        assertEquals(invalid(Flaw.TOO_LONG), parse(hex(SIGNATURE + "2000ffff")));
    }

    @Test
    void acceptsAHeaderOfTheGreatestLength() {
        int value = 2048 - 12 - 3;
        byte[] header = v2("2111", IPV4_BLOCK + "e0" + "%04x".formatted(value) + "ab".repeat(value));
        assertEquals(ProxyProtocol.MOST_RECEIVED_BYTES, header.length);
        assertEquals(proxied(header.length, "192.0.2.1", 56324, "198.51.100.2", 443), parse(header));
    }

    @Test
    void skipsExtensions() {
        assertEquals(proxied(35, "192.0.2.1", 56324, "198.51.100.2", 443),
                parse(v2("2111", IPV4_BLOCK + "010001aa ea0000")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "0400", "040001", "040002aa", "040000 04", "04ffff", "048000"})
    void refusesExtensionsThatReachBeyondTheHeader(String extensions) {
        assertEquals(invalid(Flaw.BAD_EXTENSION), parse(v2("2111", IPV4_BLOCK + extensions)));
        assertEquals(invalid(Flaw.BAD_EXTENSION), parse(v2("2132", UNIX_BLOCK + extensions)));
    }

    @Test
    void acceptsARightChecksum() {
        assertEquals(proxied(44, "192.0.2.1", 56324, "198.51.100.2", 443), parse(v2("2111", CHECKED_BLOCK)));
    }

    @Test
    void refusesAWrongChecksumWhicheverByteIsWrong() {
        byte[] header = v2("2111", CHECKED_BLOCK);
        for (int i = 16; i < header.length; i++) {
            byte[] damaged = header.clone();
            damaged[i] ^= 0x10;
            boolean isInExtensionHeader = i >= 28 && i < 31 || i >= 33 && i < 36 || i >= 40 && i < 43;
            if (!isInExtensionHeader) {
                assertEquals(invalid(Flaw.BAD_CHECKSUM), parse(damaged), "byte " + i);
            }
        }
    }

    @Test
    void refusesAChecksumOfAnotherLength() {
        assertEquals(invalid(Flaw.BAD_CHECKSUM), parse(v2("2111", IPV4_BLOCK + "030003 26708b")));
        assertEquals(invalid(Flaw.BAD_CHECKSUM), parse(v2("2111", IPV4_BLOCK + "030000")));
    }
}
