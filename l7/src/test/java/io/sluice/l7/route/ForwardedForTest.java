package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.config.Cidr;
import io.sluice.core.address.CidrSet;
import io.sluice.core.stats.Allocation;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a request is from, if 10.0.0.0/8 and 2001:db8:1::/48 are trusted. */
class ForwardedForTest {

    private static final int ROUNDS = 20_000;

    private final ForwardedFor forwardedFor = new ForwardedFor(new CidrSet(List.of(
            new Cidr(InetAddress.ofLiteral("10.0.0.0"), 8), new Cidr(InetAddress.ofLiteral("2001:db8:1::"), 48))));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9 | 203.0.113.9
            6.6.6.6, 203.0.113.9 | 203.0.113.9
            6.6.6.6,203.0.113.9,10.1.1.1,10.2.2.2 | 203.0.113.9
            10.6.6.6, 203.0.113.9, 10.1.1.1 | 203.0.113.9
            203.0.113.9, 2001:db8:1::1, 10.1.1.1 | 203.0.113.9
            2001:db8::9, 2001:db8:1::1 | 2001:db8::9
            203.0.113.9:567, 10.1.1.1:80 | 203.0.113.9:567
            [2001:db8::9]:80, [2001:db8:1::1]:81 | [2001:db8::9]:80
            [2001:db8::9], [2001:db8:1::1] | 2001:db8::9
            ::ffff:203.0.113.9, ::ffff:10.1.1.1 | 203.0.113.9
            ,, 203.0.113.9 , , 10.1.1.1 , | 203.0.113.9
            """)
    void findsTheLastAddressThatIsNotTrusted(String list, String client) {
        assertEquals(client, find(list));
    }

    @ParameterizedTest
    @CsvSource({"10.1.1.1, 10.1.1.1", "'10.3.3.3:7, 10.2.2.2, 10.1.1.1', 10.3.3.3:7"})
    void findsTheFirstIfAllAreTrusted(String list, String client) {
        assertEquals(client, find(list));
    }

    @Test
    void readsSeveralLinesAsOneList() {
        assertEquals("203.0.113.9", find("6.6.6.6", "7.7.7.7, 203.0.113.9", "", "10.1.1.1", "10.2.2.2, 10.3.3.3"));
        assertEquals("203.0.113.9", find("6.6.6.6", "203.0.113.9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", ",", ", ,", "unknown", "_secret", "203.0.113.9x", "203.0.113.9 203.0.113.8", "203.0.113.9;",
        "\"203.0.113.9\"", "for=203.0.113.9", "203.0.113.9, unknown", "203.0.113.9, 10.0.0.256", "unknown, 10.1.1.1",
        "203.0.113.9, fe80::1%eth0, 10.1.1.1", "203.0.113.9:99999, 10.1.1.1", "\u00e9, 10.1.1.1"})
    void findsNobodyWhereNoAddressIs(String list) {
        assertNull(find(list));
    }

    @Test
    void findsNobodyWithoutTheField() {
        assertNull(find());
        assertNull(forwardedFor.find(Requests.parse("GET / HTTP/1.1^^Host: h^^Forwarded: for=203.0.113.9^^"
                + "X_Forwarded_For: 203.0.113.9^^X-Real-IP: 203.0.113.9").fields()));
    }

    @Test
    void doesNotReadBeyondTheClient() {
        assertEquals("203.0.113.9", find("unknown, %%%, 203.0.113.9, 10.1.1.1"));
    }

    @Test
    void followsSoManyProxiesAndNoMore() {
        String client = "203.0.113.9, ";
        int most = ForwardedFor.MOST_PROXIES;
        assertEquals("203.0.113.9", find(client + list("10.1.1.1", most - 1)));
        assertNull(find(client + list("10.1.1.1", most)));
        assertEquals("10.1.1.1", find(list("10.1.1.1", most)));
        assertNull(find(list("10.1.1.1", most + 1)));
    }

    @Test
    void findsTheEndOfALongList() {
        assertEquals("203.0.113.9", find(list("6.6.6.6", 10_000) + ", 203.0.113.9"));
        assertNull(find(list("10.1.1.1", 10_000)));
        assertEquals("203.0.113.9", find("203.0.113.9, 10.1.1.1" + ",".repeat(50_000)));
    }

    @Test
    void forgetsTheRequestBefore() {
        assertEquals("203.0.113.9:80", find("203.0.113.9:80"));
        assertEquals("2001:db8::9", find("2001:db8::9"));
        assertEquals("203.0.113.8", find("203.0.113.8"));
        assertNull(find());
    }

    @Test
    void hashesAsAConnectionOfThatClient() {
        for (String address : List.of("203.0.113.9", "2001:db8::9")) {
            assertEquals(Requests.client(address).hash(), forwardedFor.find(fields(address + ", 10.1.1.1")).hash());
        }
    }

    /** Wherever a list is cut or broken, what a trusted proxy has appended decides. */
    @Test
    void isNotFooledByWhatAClientSends() {
        Random random = new Random(1);
        String sent = "10.1.1.1, [2001:db8:1::1]:80, 6.6.6.6:1, ::ffff:10.1.1.1,, unknown, \"10.1.1.1\"";
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder forged = new StringBuilder(sent.substring(random.nextInt(sent.length())));
            for (int i = random.nextInt(4); i > 0 && !forged.isEmpty(); i--) {
                forged.setCharAt(random.nextInt(forged.length()), (char) (' ' + random.nextInt(95)));
            }
            assertEquals("203.0.113.9", find(forged + ", 203.0.113.9", "10.1.1.1"), forged::toString);
        }
    }

    @Test
    void allocatesNothing() {
        HeaderFields fields = fields("6.6.6.6", "2001:db8::9, [2001:db8:1::1]:80", "10.1.1.1:443, 10.2.2.2");
        run(fields);
        long allocated = Allocation.by(() -> run(fields));
        assertEquals(0, allocated / ROUNDS, () -> allocated + " bytes");
    }

    private void run(HeaderFields fields) {
        for (int i = 0; i < ROUNDS; i++) {
            assertNotNull(forwardedFor.find(fields));
        }
    }

    private static String list(String element, int times) {
        return String.join(", ", Collections.nCopies(times, element));
    }

    private String find(String... lines) {
        Client client = forwardedFor.find(fields(lines));
        return client == null ? null : client.toString();
    }

    private static HeaderFields fields(String... lines) {
        StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\nHost: h\r\n");
        for (String line : lines) {
            head.append("X-Forwarded-For: ").append(line).append("\r\nAccept: */*\r\n");
        }
        RequestParser parser = new RequestParser(new HttpLimits(1 << 20, 100, 8 * 1024));
        assertEquals(Outcome.COMPLETE, parser.parse(ByteBuffer.wrap(Requests.bytes(head + "\r\n"))), head::toString);
        return parser.fields();
    }
}
