package io.sluice.l7.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.config.AccessLogTemplate;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.Pieces;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TemplateFormatTest {

    private static final String HEAD = "POST http://shop.example:8080/a/b?x=1&y HTTP/1.1\r\nHost: shop.example:8080\r\n"
            + "X-Id: 17\r\nx-id: 18\r\nX-Text: two words\r\nX-Empty:\r\n\r\n";

    @Test
    void writesEveryField() {
        AccessRecord record = AccessRecords.served(HEAD);
        record.refusal = HttpError.BAD_CHUNK_SIZE;
        assertField("192.0.2.7", "client_ip", record);
        assertField("50123", "client_port", record);
        assertField("192.0.2.7", "peer_ip", record);
        assertField("50123", "peer_port", record);
        assertField("2026-11-21T10:00:00.123Z", "start", record);
        assertField("21/Nov/2026:10:00:00 +0000", "start_clf", record);
        assertField("web", "listener", record);
        assertField("api", "route", record);
        assertField("orders", "pool", record);
        assertField("o1", "server", record);
        assertField("POST\\x20http://shop.example:8080/a/b?x=1&y\\x20HTTP/1.1", "request", record);
        assertField("POST", "method", record);
        assertField("http://shop.example:8080/a/b?x=1&y", "target", record);
        assertField("/a/b", "path", record);
        assertField("x=1&y", "query", record);
        assertField("HTTP/1.1", "protocol", record);
        assertField("shop.example", "host", record);
        assertField("0123456789abcdefffffffffffffffff", "request_id", record);
        assertField("200", "status", record);
        assertField("17", "request_bytes", record);
        assertField("1234", "response_bytes", record);
        assertField("1", "time_head", record);
        assertField("2", "time_queue", record);
        assertField("3", "time_connect", record);
        assertField("40", "time_response", record);
        assertField("51", "time_total", record);
        assertField("--", "termination", record);
        assertField("1", "retries", record);
        assertField("bad-chunk-size", "refusal", record);
        assertField("17", "header.x-ID", record);
        assertField("-", "header.X-Empty", record);
        assertField("-", "header.X-Absent", record);
    }

    @Test
    void tellsTheClientFromThePeer() {
        AccessRecord record = AccessRecords.served(HEAD);
        String template = "%{client_ip} %{client_port} %{peer_ip} %{peer_port}";
        record.forwardedFor(new byte[] {(byte) 203, 0, 113, 9}, 567);
        assertEquals("203.0.113.9 567 192.0.2.7 50123\n", line(template, record));
        record.forwardedFor(InetAddress.ofLiteral("2001:db8::9").getAddress(), 0);
        assertEquals("2001:db8::9 - 192.0.2.7 50123\n", line(template, record));
        record.clearForwardedFor();
        assertEquals("192.0.2.7 50123 192.0.2.7 50123\n", line(template, record));
    }

    @Test
    void hasEveryFieldThatConfigurationsMayName() {
        AccessRecord record = AccessRecords.served(HEAD);
        record.refusal = HttpError.BAD_CHUNK_SIZE;
        for (String field : AccessLogTemplate.FIELDS) {
            assertNotEquals("-\n", line("%{" + field + "}", record), field);
        }
    }

    @Test
    void writesDashesForWhatIsNotThere() {
        assertEquals("- - -/- - - - - - - 000 -1 -1 -1 -1 CR -\n",
                line("%{request} %{route} %{pool}/%{server} %{method} %{target} %{path} %{query} %{protocol} %{host}"
                        + " %{status} %{time_head} %{time_queue} %{time_connect} %{time_response} %{termination}"
                        + " %{refusal}", AccessRecords.unserved("")));
        assertEquals("GET / - - HTTP/1.0\n", line("%{method} %{path} %{query} %{host} %{protocol}",
                AccessRecords.served("GET /? HTTP/1.0\r\n\r\n")));
        assertEquals("OPTIONS * - a\n", line("%{method} %{target} %{path} %{host}",
                AccessRecords.served("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")));
    }

    @Test
    void tellsTheRequestIdThatCame() {
        AccessRecord record = AccessRecords.served("GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID: a \"b\r\n\r\n");
        record.hasOwnId = false;
        assertEquals("\"a \\\"b\"\n", line("\"%{request_id}\"", record));
    }

    @Test
    void tellsTheRequestOnlyOfAHeadThatHasNoRequestLine() {
        assertEquals("\"GET /x HTTP/3.0\" - - - - -\n",
                line("\"%{request}\" %{method} %{target} %{protocol} %{host} %{header.Host}",
                        AccessRecords.served("GET /x HTTP/3.0\r\nHost: a\r\n\r\n")));
    }

    @Test
    void tellsTheHostOfAHeadThatWasCut() {
        String template = "%{method} %{host} %{header.Host} %{header.Accept}";
        assertEquals("GET a:81 a:81 -\n", line(template,
                AccessRecords.served("GET / HTTP/1.1\r\nHost: a:81\r\nAccept: text/ht")));
        assertEquals("GET a a -\n", line(template,
                AccessRecords.served("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")));
    }

    @Test
    void tellsNoHostOfTheRequestBefore() {
        TemplateFormat format = format("%{host} %{path}");
        assertEquals("shop.example /a/b\n", AccessRecords.write(format, AccessRecords.served(HEAD)));
        assertEquals("- /\n", AccessRecords.write(format, AccessRecords.served("GET / HTTP/1.1\r\n\r\n")));
        assertEquals("- -\n", AccessRecords.write(format, AccessRecords.served("GET ")));
    }

    @Test
    void escapesSpacesOutsideOfQuotesOnly() {
        AccessRecord record = AccessRecords.served(HEAD);
        assertEquals("two\\x20words \"two words\" two\\x20words\n",
                line("%{header.X-Text} \"%{header.X-Text}\" %{header.X-Text}", record));
        assertEquals("\"17 two words\" two\\x20words\n",
                line("\"%{header.X-Id} %{header.X-Text}\" %{header.X-Text}", record));
    }

    @Test
    void escapesWhatSeparatesAValueFromTheNext() {
        AccessRecord record = AccessRecords.served("GET /a|b[c]?d|e HTTP/1.1\r\nHost: a\r\nX: 1] \"2\r\n\r\n");
        assertEquals("/a\\x7Cb[c]|d|e [1\\x5D\\x20\\\"2] \"1]\\x20\\\"2 1] \\\"2\"\n",
                line("%{path}|%{query} [%{header.X}] \"%{header.X} %{header.X}\"", record));
    }

    @Test
    void escapesNoLettersOrDigitsSinceEscapesConsistOfThem() {
        AccessRecord record = AccessRecords.served("GET / HTTP/1.1\r\nHost: a\r\nX: x0\u00e9\r\n\r\n");
        assertEquals("x0\\xE9x x0\\xE90\n", line("%{header.X}x %{header.X}0", record));
    }

    @Test
    void writesTheTextOfTheTemplateAsItIs() {
        assertEquals(Pieces.text("100% é \\ $web$\n".getBytes(StandardCharsets.UTF_8)),
                line("100% é \\ $%{listener}$", AccessRecords.served(HEAD)));
        assertEquals("nothing\n", line("nothing", AccessRecords.served(HEAD)));
    }

    @Test
    void keepsLinesOfAnyLengthWhole() {
        AccessRecord record = AccessRecords.served("\u0001".repeat(10_000));
        assertEquals("\\x01".repeat(AccessRecord.MOST_HEAD_BYTES) + "\n", line("%{request}", record));
    }

    private static void assertField(String expected, String field, AccessRecord record) {
        assertEquals("<" + expected + ">\n", line("<%{" + field + "}>", record), field);
    }

    private static String line(String template, AccessRecord record) {
        return AccessRecords.write(format(template), record);
    }

    private static TemplateFormat format(String template) {
        return new TemplateFormat(AccessLogTemplate.of(template));
    }
}
