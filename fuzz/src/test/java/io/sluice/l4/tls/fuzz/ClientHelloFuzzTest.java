package io.sluice.l4.tls.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sluice.l4.tls.ClientHello;
import io.sluice.l4.tls.ClientHello.Verdict;
import io.sluice.l4.tls.Hellos;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes from a fuzzer that watches which branches they reach. No bytes make the reader of ClientHellos throw or leave
 * its bounds, and none are judged otherwise for coming in pieces: a verdict, once given, stays.
 *
 * <p>In {@code mvn verify} the test runs over the samples, and over the inputs that once failed. To fuzz for an hour:
 *
 * <pre>
 *   JAZZER_FUZZ=1 mvn -pl fuzz -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=ClientHelloFuzzTest#hellos
 * </pre>
 */
class ClientHelloFuzzTest {

    private static final int MOST_CUTS = 600;
    private static final byte[] PROTOCOL = "h2".getBytes(StandardCharsets.US_ASCII);

    private final ClientHello hello = new ClientHello();
    /** Has joined longer messages before, whose bytes must not show. */
    private final ClientHello used = new ClientHello();

    @MethodSource
    @FuzzTest(maxDuration = "60m")
    void hellos(byte[] bytes) {
        Verdict whole = hello.parse(ByteBuffer.wrap(bytes));
        String name = whole == Verdict.COMPLETE ? hello.serverName() : null;
        assertTrue(name == null || name.matches("[!-@\\[-~]{1,255}"), name);
        boolean offers = whole == Verdict.COMPLETE && hello.offers(PROTOCOL);

        Verdict last = Verdict.NEEDS_MORE;
        for (int cut = 0; cut < Math.min(bytes.length, MOST_CUTS); cut++) {
            Verdict piece = used.parse(ByteBuffer.wrap(bytes, 0, cut));
            assertTrue(last == Verdict.NEEDS_MORE || piece == last, "cut at " + cut);
            last = piece;
        }
        assertTrue(last == Verdict.NEEDS_MORE || last == whole);
        assertEquals(whole, used.parse(ByteBuffer.wrap(bytes)));
        if (whole == Verdict.COMPLETE) {
            assertEquals(name, used.serverName());
            assertEquals(offers, used.offers(PROTOCOL));
        }
    }

    static Stream<Arguments> hellos() {
        return Stream.of(Hellos.ofEngine("orders.db.example.com", "h2", "postgresql"), Hellos.ofEngine(null),
                new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0}, "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII))
                .map(bytes -> Arguments.of((Object) bytes));
    }
}
