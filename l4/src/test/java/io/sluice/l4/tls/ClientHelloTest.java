package io.sluice.l4.tls;

import static io.sluice.l4.tls.ClientHello.Verdict.COMPLETE;
import static io.sluice.l4.tls.ClientHello.Verdict.NEEDS_MORE;
import static io.sluice.l4.tls.ClientHello.Verdict.NOT_TLS;
import static io.sluice.l4.tls.Hellos.ascii;
import static io.sluice.l4.tls.Hellos.extension;
import static io.sluice.l4.tls.Hellos.inRecords;
import static io.sluice.l4.tls.Hellos.joined;
import static io.sluice.l4.tls.Hellos.message;
import static io.sluice.l4.tls.Hellos.messageOf;
import static io.sluice.l4.tls.Hellos.protocols;
import static io.sluice.l4.tls.Hellos.serverName;
import static io.sluice.l4.tls.Hellos.vector16;
import static io.sluice.l4.tls.Hellos.vector8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.l4.tls.ClientHello.Verdict;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each sample whole, cut at every byte, spread over records, and changed at random. */
class ClientHelloTest {

    private final ClientHello hello = new ClientHello();

    @Test
    void findsTheServerNameAndTheProtocolsOfTheJdksClient() {
        assertEquals(COMPLETE, parse(Hellos.ofEngine("Orders.DB.example.com", "h2", "http/1.1")));
        assertEquals("orders.db.example.com", hello.serverName());
        assertTrue(hello.offers(ascii("h2")));
        assertTrue(hello.offers(ascii("http/1.1")));
        assertFalse(hello.offers(ascii("http/1.0")));
        assertFalse(hello.offers(ascii("http/1")));
    }

    @Test
    void doesWithoutServerNameAndProtocols() {
        assertEquals(COMPLETE, parse(Hellos.ofEngine(null)));
        assertNull(hello.serverName());
        assertFalse(hello.offers(ascii("h2")));
    }

    @Test
    void doesWithoutExtensions() {
        byte[] body = joined(new byte[] {3, 1}, new byte[32], vector8(new byte[0]), vector16(new byte[2]),
                vector8(new byte[1]));
        assertEquals(COMPLETE, parse(inRecords(message(body), 1000)));
        assertNull(hello.serverName());
    }

    @Test
    void takesNamesOfAnyLengthInLowerCase() {
        assertEquals(COMPLETE, parse(Hellos.with(serverName("AMZ-amz.[09]~"))));
        assertEquals("amz-amz.[09]~", hello.serverName());
        assertEquals(COMPLETE, parse(Hellos.with(serverName("x".repeat(255)))));
        assertEquals("x".repeat(255), hello.serverName());
    }

    @Test
    void forgetsWhatTheHelloBeforeSaid() {
        parse(Hellos.ofEngine("a.example.com", "h2"));
        parse(Hellos.ofEngine(null));
        assertNull(hello.serverName());
        assertFalse(hello.offers(ascii("h2")));
    }

    @Test
    void needsMoreAtEveryCut() {
        byte[] whole = Hellos.ofEngine("db.example.com", "postgresql");
        for (int cut = 0; cut < whole.length; cut++) {
            assertEquals(NEEDS_MORE, parse(Arrays.copyOf(whole, cut)), "cut at " + cut);
        }
        assertEquals(COMPLETE, parse(whole));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64, 200})
    void joinsRecords(int recordBytes) {
        byte[] records = inRecords(messageOf(Hellos.ofEngine("db.example.com", "h2", "postgresql")), recordBytes);
        for (int cut = 0; cut < records.length; cut++) {
            assertEquals(NEEDS_MORE, parse(Arrays.copyOf(records, cut)), "cut at " + cut);
        }
        assertEquals(COMPLETE, parse(records));
        assertEquals("db.example.com", hello.serverName());
        assertTrue(hello.offers(ascii("postgresql")));
    }

    @Test
    void leavesWhatFollowsAlone() {
        byte[] whole = Hellos.with(serverName("a.b"));
        assertEquals(COMPLETE, parse(joined(whole, ascii("anything"))));
        assertEquals("a.b", hello.serverName());
    }

    @Test
    void leavesTheBufferAsItIs() {
        byte[] whole = Hellos.with(serverName("A.b"));
        ByteBuffer received = ByteBuffer.wrap(joined(ascii("xy"), whole, ascii("z"))).position(2)
                .limit(2 + whole.length);
        assertEquals(COMPLETE, hello.parse(received));
        assertEquals(2, received.position());
        assertEquals(2 + whole.length, received.limit());
        assertEquals(ByteBuffer.wrap(whole), received);
    }

    @Test
    void readsAsMuchAsIsAllowedAndNoMore() {
        int rest = Hellos.with(serverName("a.b")).length - 5 + 4;
        byte[] longest = messageOf(Hellos.with(serverName("a.b"),
                extension(21, new byte[ClientHello.MOST_BYTES - rest])));
        assertEquals(ClientHello.MOST_BYTES, longest.length);
        for (int recordBytes : new int[] {4000, 1 << 14}) {
            assertEquals(COMPLETE, parse(inRecords(longest, recordBytes)));
            assertEquals("a.b", hello.serverName());
        }
        byte[] tooLong = messageOf(Hellos.with(extension(21, new byte[ClientHello.MOST_BYTES])));
        assertEquals(NOT_TLS, parse(Arrays.copyOf(inRecords(tooLong, 4000), 9)));
        assertEquals(NEEDS_MORE, parse(Arrays.copyOf(inRecords(longest, 4000), 6)), "the length before is forgotten");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "\0\0\0\10\4\322\26\57", "\200\56\1\0\2"})
    void seesAtTheFirstByteThatItIsNotTls(String sent) {
        assertEquals(NOT_TLS, parse(Arrays.copyOf(ascii(sent), 1)));
        assertEquals(NOT_TLS, parse(ascii(sent)));
    }

    static List<byte[]> malformed() {
        byte[] name = serverName("a.b");
        return List.of(
                new byte[] {22, 2},
                new byte[] {22, 3, 1, 0, 0},
                new byte[] {22, 3, 1, 0x40, 1},
                new byte[] {22, 3, 1, 0, 4, 2},
                new byte[] {22, 3, 1, 0, 4, 1, 1, 0, 0},
                joined(Arrays.copyOf(Hellos.with(name), 5), messageOf(inRecords(new byte[] {2, 0, 0, 0}, 4))),
                // Without the length's first byte it would be a good one.
                ByteBuffer.wrap(Hellos.with(name)).put(6, (byte) 1).array(),
                // Nothing is read behind a message that fills the room for it.
                inRecords(message(joined(new byte[34], vector8(new byte[0]), vector16(new byte[983]))), 2000),
                inRecords(message(joined(new byte[34], vector8(new byte[0]), vector16(new byte[981]),
                        vector8(new byte[0]), new byte[1])), 2000),
                inRecords(message(new byte[0]), 100),
                inRecords(message(new byte[34]), 100),
                inRecords(message(joined(new byte[34], vector8(new byte[33]), vector16(new byte[2]),
                        vector8(new byte[1]))), 100),
                inRecords(message(joined(new byte[34], vector8(new byte[0]), vector16(new byte[2]),
                        vector8(new byte[1]), new byte[] {0})), 100),
                inRecords(message(joined(new byte[34], vector8(new byte[0]), vector16(new byte[2]),
                        vector8(new byte[1]), vector16(name), new byte[] {0})), 100),
                Hellos.with(new byte[] {0}),
                Hellos.with(new byte[] {0, 9, 0, 1}),
                Hellos.with(name, name),
                Hellos.with(protocols("h2"), protocols("h2")),
                Hellos.with(serverName("")),
                Hellos.with(serverName("a b")),
                Hellos.with(serverName("a\0b")),
                Hellos.with(serverName("a\177b")),
                Hellos.with(serverName("a\nb")),
                Hellos.with(serverName("x".repeat(256))),
                Hellos.with(extension(0, new byte[0])),
                Hellos.with(extension(0, vector16(new byte[0]))),
                Hellos.with(extension(0, vector16(joined(new byte[] {1}, vector16(ascii("a")))))),
                Hellos.with(extension(0, vector16(joined(new byte[] {0}, vector16(ascii("a")), new byte[] {0},
                        vector16(ascii("b")))))),
                Hellos.with(extension(0, joined(vector16(joined(new byte[] {0}, vector16(ascii("a")))), new byte[1]))),
                Hellos.with(extension(0, new byte[] {0, 5, 0, 0, 9, 'a', 'b'})),
                Hellos.with(extension(16, new byte[0])),
                Hellos.with(extension(16, vector16(new byte[0]))),
                Hellos.with(protocols("h2", "")),
                Hellos.with(extension(16, vector16(new byte[] {3, 'h', '2'}))));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void takesWhatIsMalformedForSomethingElse(byte[] bytes) {
        assertEquals(NOT_TLS, parse(bytes));
    }

    @Test
    void neverFailsAndJudgesPiecesAsTheWhole() {
        Random random = new Random(20260401);
        List<byte[]> samples = List.of(Hellos.ofEngine("db.example.com", "h2"),
                inRecords(messageOf(Hellos.ofEngine("a.example.com", "postgresql")), 50),
                Hellos.with(serverName("a.b"), protocols("x", "yz")));
        for (int round = 0; round < 30_000; round++) {
            byte[] bytes = changed(samples.get(round % samples.size()), random);
            Verdict whole = parse(bytes);
            String name = hello.serverName();
            int cut = random.nextInt(bytes.length + 1);
            Verdict piece = parse(Arrays.copyOf(bytes, cut));
            assertTrue(piece == NEEDS_MORE || piece == whole, "round " + round);
            assertEquals(whole, parse(bytes));
            assertEquals(name, hello.serverName());
            assertFalse(hello.offers(ascii("not there")));
        }
    }

    private static byte[] changed(byte[] sample, Random random) {
        byte[] bytes = sample.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 90));
            bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] + random.nextInt(-2, 3));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private Verdict parse(byte[] bytes) {
        return hello.parse(ByteBuffer.wrap(bytes));
    }
}
