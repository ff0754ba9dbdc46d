package io.sluice.core.address;

import static io.sluice.core.address.Headers.NEED_MORE;
import static io.sluice.core.address.Headers.hex;
import static io.sluice.core.address.Headers.parse;
import static io.sluice.core.address.Headers.socket;
import static io.sluice.core.address.Headers.v2;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.core.address.ProxyHeader.Invalid;
import io.sluice.core.address.ProxyHeader.Local;
import io.sluice.core.address.ProxyHeader.NeedMore;
import io.sluice.core.address.ProxyHeader.Proxied;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyProtocolTest {

    private static final String LONGEST_IP = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    static Stream<byte[]> samples() {
        return Stream.of(
                Headers.text("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n"),
                Headers.text("PROXY TCP6 2001:db8::1 ::ffff:198.51.100.2 0 65535\r\n"),
                Headers.text("PROXY UNKNOWN\r\n"),
                Headers.text("PROXY UNKNOWN ::1 ::1 1 2\r\n"),
                v2("2000", ""),
                v2("2100", "123456"),
                v2("2111", "c0000201 c6336402 dc04 01bb"),
                v2("2111", "c0000201 c6336402 dc04 01bb 040002aabb 03000426708bdc 040001cc"),
                v2("2112", "c0000201 c6336402 dc04 01bb"),
                v2("2121", "20010db8000000000000000000000001 20010db8000000000000000000000002 0000 ffff 010001aa"),
                v2("2131", "2f".repeat(216)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void waitsForTheRestWhereverAHeaderIsCut(byte[] header) {
        for (int length = 0; length < header.length; length++) {
            assertEquals(NEED_MORE, parse(Arrays.copyOf(header, length)), "cut at " + length);
        }
        assertEquals(header.length, lengthBytes(parse(header)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void saysTheSameWhateverFollowsAndLeavesTheBufferAsItIs(byte[] header) {
        ProxyHeader expected = parse(header);
        ByteBuffer buffer = ByteBuffer.allocateDirect(header.length + 20).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(7).put(header).put(header, 0, 5).flip().position(7);
        assertEquals(expected, ProxyProtocol.parse(buffer));
        assertEquals(7, buffer.position());
        assertEquals(header.length + 12, buffer.limit());
        assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.order());
        assertEquals(ByteBuffer.wrap(header), buffer.limit(7 + header.length));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void copesWithEveryByteChangedToEveryOther(byte[] header) {
        for (int i = 0; i < header.length; i++) {
            byte[] mutated = header.clone();
            for (int value = 0; value < 256; value++) {
                mutated[i] = (byte) value;
                assertIsSound(parse(mutated), mutated.length);
            }
        }
    }

    @Test
    void copesWithRandomBytesBehindTheStartOfAHeader() {
        Random random = new Random(107);
        List<byte[]> samples = samples().toList();
        for (int round = 0; round < 200_000; round++) {
            byte[] sample = samples.get(random.nextInt(samples.size()));
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            System.arraycopy(sample, 0, bytes, 0, Math.min(bytes.length, random.nextInt(sample.length + 1)));
            assertIsSound(parse(bytes), bytes.length);
        }
    }

    @Test
    void copesWithLinesOfRandomPieces() {
        String[] pieces = {"PROXY", " ", "TCP4", "TCP6", "UNKNOWN", "192.0.2.1", "::1", "::ffff:1.2.3.4", ":", ".", "1",
            "65535", "65536", "\r", "\n", "\r\n", "\0", "\u00ff", "%", "f"};
        Random random = new Random(15);
        for (int round = 0; round < 200_000; round++) {
            StringBuilder line = new StringBuilder("PROXY ");
            for (int i = random.nextInt(16); i > 0; i--) {
                line.append(pieces[random.nextInt(pieces.length)]);
            }
            assertIsSound(parse(Headers.text(line.toString())), line.length());
        }
    }

    @Test
    void writesVersion1() {
        assertEquals("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n",
                text(ProxyProtocolVersion.V1, socket("192.0.2.1", 56324), socket("198.51.100.2", 443)));
        assertEquals("PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 0 65535\r\n",
                text(ProxyProtocolVersion.V1, socket("2001:db8::1", 0), socket("::1", 65535)));
    }

    @Test
    void writesVersion1OfOneFamilyForAddressesOfTwo() {
        assertEquals("PROXY TCP6 0:0:0:0:0:ffff:c000:201 2001:db8:0:0:0:0:0:2 1 2\r\n",
                text(ProxyProtocolVersion.V1, socket("192.0.2.1", 1), socket("2001:db8::2", 2)));
    }

    @Test
    void writesVersion2() {
        assertArrayEquals(v2("2111", "c0000201 c6336402 dc04 01bb"),
                encode(ProxyProtocolVersion.V2, socket("192.0.2.1", 56324), socket("198.51.100.2", 443)));
        assertArrayEquals(v2("2121", "20010db8000000000000000000000001 00000000000000000000000000000001 0000 ffff"),
                encode(ProxyProtocolVersion.V2, socket("2001:db8::1", 0), socket("::1", 65535)));
    }

    @Test
    void writesVersion2OfOneFamilyForAddressesOfTwo() {
        assertArrayEquals(v2("2121", "20010db8000000000000000000000001 00000000000000000000ffffc6336402 0001 0002"),
                encode(ProxyProtocolVersion.V2, socket("2001:db8::1", 1), socket("198.51.100.2", 2)));
    }

    @Test
    void writesMappedAddressesAsIpv4AndNoZones() throws UnknownHostException {
        InetAddress mapped = Inet6Address.getByAddress(null, AddressBytes.asIpv6(new byte[] {10, 0, 0, 1}), -1);
        assertEquals("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n",
                text(ProxyProtocolVersion.V1, new InetSocketAddress(mapped, 1), socket("10.0.0.2", 2)));
        byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
        InetAddress zoned = Inet6Address.getByAddress(null, linkLocal, 1);
        assertEquals("PROXY TCP6 fe80:0:0:0:0:0:0:1 0:0:0:0:0:0:0:1 1 2\r\n",
                text(ProxyProtocolVersion.V1, new InetSocketAddress(zoned, 1), socket("::1", 2)));
    }

    @Test
    void writesLocalConnections() {
        ByteBuffer out = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        InetSocketAddress source = socket("10.0.0.1", 1);
        InetSocketAddress destination = socket("10.0.0.2", 2);
        ProxyProtocol.encodeLocal(ProxyProtocolVersion.V1, source, destination, out);
        assertEquals("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", new String(written(out), US_ASCII));
        ProxyProtocol.encodeLocal(ProxyProtocolVersion.V2, source, destination, out.clear());
        assertArrayEquals(hex("0d0a0d0a000d0a515549540a 20 00 0000"), written(out));
    }

    @Test
    void writesNothingWhenOff() {
        ByteBuffer out = ByteBuffer.allocate(0);
        ProxyProtocol.encodeLocal(ProxyProtocolVersion.OFF, socket("10.0.0.1", 1), socket("10.0.0.2", 2), out);
        ProxyProtocol.encode(ProxyProtocolVersion.OFF, socket("10.0.0.1", 1), socket("10.0.0.2", 2), out);
        assertEquals(0, out.position());
    }

    @ParameterizedTest
    @EnumSource(value = ProxyProtocolVersion.class, names = "OFF", mode = EnumSource.Mode.EXCLUDE)
    void readsBackWhatItWrites(ProxyProtocolVersion version) {
        List<String> addresses = List.of(
                "0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", LONGEST_IP);
        for (String from : addresses) {
            for (String to : addresses) {
                InetSocketAddress source = socket(from, 65535);
                InetSocketAddress destination = socket(to, 10000);
                byte[] header = encode(version, source, destination);
                assertEquals(new Proxied(header.length, source, destination), parse(header));
            }
        }
    }

    /** Random input has no known answer, but any answer keeps to these bounds. */
    private static void assertIsSound(ProxyHeader header, int received) {
        switch (header) {
            case NeedMore() -> assertTrue(received < ProxyProtocol.MOST_RECEIVED_BYTES);
            case Invalid(var flaw) -> assertTrue(flaw.toString().length() > 0);
            case Local(int length) -> assertTrue(length >= 15 && length <= received, "length " + length);
            case Proxied(int length, var source, var destination) -> {
                assertTrue(length >= 28 && length <= received, "length " + length);
                assertTrue(!source.isUnresolved() && !destination.isUnresolved());
            }
        }
    }

    private static int lengthBytes(ProxyHeader header) {
        return header instanceof Local(int length) ? length : assertInstanceOf(Proxied.class, header).lengthBytes();
    }

    private static String text(
            ProxyProtocolVersion version, InetSocketAddress source, InetSocketAddress destination) {
        return new String(encode(version, source, destination), US_ASCII);
    }

    private static byte[] encode(
            ProxyProtocolVersion version, InetSocketAddress source, InetSocketAddress destination) {
        ByteBuffer out = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        ProxyProtocol.encode(version, source, destination, out);
        return written(out);
    }

    private static byte[] written(ByteBuffer out) {
        return Arrays.copyOf(out.array(), out.position());
    }
}
