package io.sluice.l7.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** Exact lines of format json. */
class JsonFormatTest {

    private static final String START = "{\"start\":\"2026-11-21T10:00:00.123Z\",\"listener\":\"web\","
            + "\"client_ip\":\"192.0.2.7\",\"client_port\":50123,";
    private static final String SERVED = "\"request_id\":\"0123456789abcdefffffffffffffffff\","
            + "\"route\":\"api\",\"pool\":\"orders\",\"server\":\"o1\",\"status\":200,"
            + "\"request_bytes\":17,\"response_bytes\":1234,\"termination\":\"--\",\"retries\":1,"
            + "\"head_seconds\":0.001,\"queue_seconds\":0.0029,\"connect_seconds\":0.003,\"response_seconds\":0.04,"
            + "\"total_seconds\":0.0515}\n";
    private static final String BYTES_AND_REST = "\"request_bytes\":0,\"response_bytes\":0,\"termination\":";

    private final JsonFormat format = new JsonFormat();

    @Test
    void writesARequestThatWasServed() {
        assertLine("\"method\":\"GET\",\"target\":\"/x?a=1\",\"protocol\":\"HTTP/1.1\",\"host\":\"a\","
                        + "\"referer\":\"http://a/\",\"user_agent\":\"curl/8.0 (x y)\"," + SERVED,
                "GET /x?a=1 HTTP/1.1\r\nHost: a:80\r\nReferer: http://a/\r\nUser-Agent: curl/8.0 (x y)\r\n\r\n");
    }

    @Test
    void writesThePeerIfItIsNotTheClient() {
        AccessRecord record = AccessRecords.served("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        record.forwardedFor(new byte[] {(byte) 203, 0, 113, 9}, 567);
        assertTrue(AccessRecords.write(format, record).contains(",\"client_ip\":\"203.0.113.9\","
                + "\"client_port\":567,\"peer_ip\":\"192.0.2.7\",\"peer_port\":50123,\"method\":"));
        record.forwardedFor(new byte[] {(byte) 203, 0, 113, 9}, 0);
        assertTrue(AccessRecords.write(format, record).contains(",\"client_ip\":\"203.0.113.9\","
                + "\"peer_ip\":\"192.0.2.7\",\"peer_port\":50123,\"method\":"));
    }

    @Test
    void leavesOutWhatIsNotThere() {
        assertLine("\"method\":\"GET\",\"target\":\"/\",\"protocol\":\"HTTP/1.0\"," + SERVED,
                "GET / HTTP/1.0\r\nReferer:\r\n\r\n");
        assertEquals(START + BYTES_AND_REST + "\"CR\",\"retries\":0,\"total_seconds\":0.0515}\n",
                AccessRecords.write(format, AccessRecords.unserved("")));
    }

    @Test
    void writesTheFirstLineOfARequestThatWasRefused() {
        assertEquals(START + "\"request\":\"GET /x\",\"status\":400," + BYTES_AND_REST
                        + "\"PR\",\"retries\":0,\"refusal\":\"bad-request-line\",\"total_seconds\":0.0515}\n",
                AccessRecords.write(format, AccessRecords.refused("GET /x\nHost: a\n\n")));
    }

    @Test
    void escapesQuotesBackslashesControlsAndWhatIsNotAscii() {
        assertLine("\"request\":\"\\u0016\\u0000\\u007F\\u001B\\\"\\\\,\\u00C3\\u00A9\\u0085\\u00FF\"," + SERVED,
                "\u0016\0\u007f\u001b\"\\,\u00c3\u00a9\u0085\u00ff\r\n{\"forged\":1}");
    }

    @Test
    void writesAWholeLineOrNone() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("disk full");
            }
        };
        AccessRecord record = AccessRecords.served("GET / HTTP/1.0\r\n\r\n");
        assertThrows(IOException.class, () -> format.write(record, full));
        assertLine("\"method\":\"GET\",\"target\":\"/\",\"protocol\":\"HTTP/1.0\"," + SERVED, "GET / HTTP/1.0\r\n\r\n");
    }

    @Test
    void leavesTheTargetOpenAndUnflushed() throws IOException {
        int[] counts = new int[2];
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                counts[0]++;
            }

            @Override
            public void close() {
                counts[1]++;
            }
        };
        format.write(AccessRecords.served("GET / HTTP/1.0\r\n\r\n"), out);
        assertArrayEquals(new int[2], counts);
    }

    private void assertLine(String afterStart, String head) {
        assertEquals(START + afterStart, AccessRecords.write(format, AccessRecords.served(head)));
    }
}
