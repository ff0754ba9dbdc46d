package io.sluice.l7.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.AccessLogTemplate;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Exact lines of format combined. */
class CombinedFormatTest {

    private static final String START = "192.0.2.7 - - [21/Nov/2026:10:00:00 +0000] ";
    private static final String SERVED = " web api orders/o1 1/2/3/40/51 -- 1\n";
    private static final String UNSERVED = " web - -/- -1/-1/-1/-1/51 CR 0\n";

    private final TemplateFormat format = new TemplateFormat(AccessLogTemplate.of(TemplateFormat.COMBINED));

    @Test
    void writesARequestThatWasServed() {
        assertLine("\"GET /x?a=1 HTTP/1.1\" 200 1234 \"http://a/\" \"curl/8.0 (x y)\"" + SERVED,
                "GET /x?a=1 HTTP/1.1\r\nHost: a\r\nReferer: http://a/\r\nUSER-AGENT: curl/8.0 (x y)\r\n\r\n");
    }

    @Test
    void writesDashesForFieldsThatAreAbsentOrEmpty() {
        assertLine("\"GET / HTTP/1.0\" 200 1234 \"-\" \"-\"" + SERVED, "GET / HTTP/1.0\r\n\r\n");
        assertLine("\"GET / HTTP/1.0\" 200 1234 \"-\" \"-\"" + SERVED,
                "GET / HTTP/1.0\r\nReferer:\r\nUser-Agent: \r\n\r\n");
    }

    @Test
    void writesTargetsOfEachFormAsSent() {
        assertLine("\"GET http://a:80/p?q HTTP/1.1\" 200 1234 \"-\" \"-\"" + SERVED,
                "GET http://a:80/p?q HTTP/1.1\r\nHost: a\r\n\r\n");
        assertLine("\"OPTIONS * HTTP/1.1\" 200 1234 \"-\" \"-\"" + SERVED, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        assertLine("\"CONNECT a:443 HTTP/1.1\" 200 1234 \"-\" \"-\"" + SERVED,
                "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
    }

    @Test
    void writesARequestThatNeverCame() {
        assertEquals(START + "\"-\" 000 0 \"-\" \"-\"" + UNSERVED,
                AccessRecords.write(format, AccessRecords.unserved("")));
        assertEquals(START + "\"-\" 000 0 \"-\" \"-\"" + UNSERVED,
                AccessRecords.write(format, AccessRecords.unserved("\r\n")));
    }

    @Test
    void writesTheFirstLineOfARequestThatWasCutOrRefused() {
        assertEquals(START + "\"GET /x HT\" 000 0 \"-\" \"-\"" + UNSERVED,
                AccessRecords.write(format, AccessRecords.unserved("GET /x HT")));
        assertEquals(START + "\"GET  /x HTTP/1.1\" 400 0 \"-\" \"-\" web - -/- -1/-1/-1/-1/51 PR 0\n",
                AccessRecords.write(format, AccessRecords.refused("GET  /x HTTP/1.1\r\nUser-Agent: u\r\n\r\n")));
        assertEquals(START + "\"GET /x\" 400 0 \"-\" \"-\" web - -/- -1/-1/-1/-1/51 PR 0\n",
                AccessRecords.write(format, AccessRecords.refused("\r\nGET /x\nUser-Agent: u\n\n")));
    }

    @Test
    void keepsWhatStandsBeforeTheFaultOfAHead() {
        assertEquals(START + "\"GET /x HTTP/1.1\" 400 0 \"-\" \"u\" web - -/- -1/-1/-1/-1/51 PR 0\n",
                AccessRecords.write(format, AccessRecords.refused(
                        "GET /x HTTP/1.1\r\nUser-Agent: u\r\nBad Name: x\r\nReferer: r\r\n\r\n")));
    }

    @Test
    void writesALongHeadAsFarAsItIsKept() {
        String start = "GET /x HTTP/1.1\r\nHost: a\r\nUser-Agent: u\r\nCookie: ";
        assertLine("\"GET /x HTTP/1.1\" 200 1234 \"-\" \"u\"" + SERVED,
                start + "c".repeat(20_000) + "\r\nReferer: r\r\n\r\n");
    }

    @Test
    void escapesQuotesBackslashesControlsAndWhatIsNotAscii() {
        assertLine("\"GET / HTTP/1.1\" 200 1234 \"a\\\"b\\\\c\" \"caf\\xC3\\xA9\\xFF~ ok\"" + SERVED,
                "GET / HTTP/1.1\r\nHost: a\r\nReferer: a\"b\\c\r\nUser-Agent: caf\u00c3\u00a9\u00ff~ ok\r\n\r\n");
        assertLine("\"GET / HTTP/1.1\" 200 1234 \"a\\x09b\" \"-\"" + SERVED,
                "GET / HTTP/1.1\r\nHost: a\r\nReferer: a\tb\r\n\r\n");
    }

    @Test
    void escapesEveryByteOfAFirstLineThatIsNoRequest() {
        assertLine("\"\\x16\\x03\\x01\\x00\\x7F\\x1B[2J\\\" 200 1 \\\"\" 200 1234 \"-\" \"-\"" + SERVED,
                "\u0016\u0003\u0001\0\u007f\u001b[2J\" 200 1 \"\r127.0.0.1 - - forged\n");
    }

    @Test
    void writesIpV6AddressesAndEachSecondAnew() {
        AccessRecord record = AccessRecords.served("GET / HTTP/1.0\r\n\r\n");
        record.peer = new InetSocketAddress("2001:db8::1", 1);
        record.startMs = Instant.parse("2026-09-01T23:59:59.999Z").toEpochMilli();
        String client = "2001:db8::1 - - ";
        String rest = " \"GET / HTTP/1.0\" 200 1234 \"-\" \"-\"" + SERVED;
        assertEquals(client + "[01/Sep/2026:23:59:59 +0000]" + rest, AccessRecords.write(format, record));
        record.startMs++;
        assertEquals(client + "[02/Sep/2026:00:00:00 +0000]" + rest, AccessRecords.write(format, record));
    }

    @Test
    void leavesNothingOfOneRecordInTheNext() {
        assertLine("\"GET /long HTTP/1.1\" 200 1234 \"r\" \"u\"" + SERVED,
                "GET /long HTTP/1.1\r\nHost: a\r\nReferer: r\r\nUser-Agent: u\r\n\r\n");
        assertEquals(START + "\"-\" 000 0 \"-\" \"-\"" + UNSERVED,
                AccessRecords.write(format, AccessRecords.unserved("")));
    }

    private void assertLine(String afterStart, String head) {
        assertEquals(START + afterStart, AccessRecords.write(format, AccessRecords.served(head)));
    }
}
