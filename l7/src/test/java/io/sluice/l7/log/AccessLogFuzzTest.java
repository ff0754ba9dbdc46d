package io.sluice.l7.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessLogTemplate;
import io.sluice.core.log.RecordFormat;
import io.sluice.l7.http.Pieces;
import io.sluice.l7.http.Samples;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever bytes come as a head, a record stays one line of printable ASCII with the fields it has to have. */
class AccessLogFuzzTest {

    private static final int ROUNDS = 5_000;
    private static final String TEMPLATE = "%{request} %{method} %{target} %{path} %{query} %{protocol} %{host}"
            + " %{header.user-agent} %{header.cookie} %{header.x-text} end";
    private static final String QUOTED = "\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\]|\\\\x[0-9A-F]{2})++\"";
    private static final Pattern COMBINED_LINE = Pattern.compile(
            "192\\.0\\.2\\.7 - - \\[21/Nov/2026:10:00:00 \\+0000] " + QUOTED + " 200 1234 " + QUOTED + " " + QUOTED
                    + " web api orders/o1 1/2/3/40/51 -- 1\n");
    private static final Pattern TEMPLATE_LINE = Pattern.compile("(?:[!-~]+ ){10}end\n");
    private static final Pattern JSON_LINE = Pattern.compile("\\{\"start\":[ -~]*}\n");

    private final Random random = new Random(20261121);
    private final RecordFormat<AccessRecord> combined = template(TemplateFormat.COMBINED);
    private final RecordFormat<AccessRecord> fields = template(TEMPLATE);
    private final RecordFormat<AccessRecord> json = new JsonFormat();
    private final AccessRecord record = AccessRecords.served("");

    @Test
    void staysOneLineForRandomBytes() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] head = new byte[random.nextInt(300)];
            random.nextBytes(head);
            assertLines(head);
        }
    }

    @Test
    void staysOneLineForHeadsWithRandomBytesInThem() {
        List<String> samples = Samples.REQUESTS;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] head = Pieces.bytes(samples.get(random.nextInt(samples.size())));
            for (int n = random.nextInt(6); n > 0; n--) {
                head[random.nextInt(head.length)] = anyByte();
            }
            assertLines(head);
        }
    }

    @Test
    void staysOneLineForAnyByteInAValue() {
        for (int octet = 0; octet < 256; octet++) {
            char c = (char) octet;
            assertLines(Pieces.bytes("GET /" + c + "?" + c + " HTTP/1.1\r\nHost: a" + c + "\r\n\r\n"));
            assertLines(Pieces.bytes(
                    "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: x" + c + "y\r\nX-Text: " + c + "\r\n\r\n"));
        }
    }

    private byte anyByte() {
        String likely = "\r\n\"\\ \t\0\u007f\u0085\u00ff|";
        return (byte) (random.nextBoolean() ? likely.charAt(random.nextInt(likely.length())) : random.nextInt(256));
    }

    private void assertLines(byte[] head) {
        AccessRecords.setHead(record, head);
        assertMatches(COMBINED_LINE, AccessRecords.write(combined, record));
        assertMatches(TEMPLATE_LINE, AccessRecords.write(fields, record));
        String object = AccessRecords.write(json, record);
        assertMatches(JSON_LINE, object);
        assertEquals(object.indexOf("\"listener\":"), object.lastIndexOf("\"listener\":"), object);
    }

    private static void assertMatches(Pattern pattern, String line) {
        assertTrue(pattern.matcher(line).matches(), line);
    }

    private static RecordFormat<AccessRecord> template(String template) {
        return new TemplateFormat(AccessLogTemplate.of(template));
    }
}
