package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SessionFormatTest {

    @Test
    void writesTextLines() throws IOException {
        String expected = """
                192.0.2.1:56324 [2025-03-04T05:06:07.089Z] orders-db orders/db1 0/1/2500 128/5000000000 -- 1
                [2001:db8::1]:1 [2025-03-04T05:06:07.089Z] orders-db orders/<NOSRV> -1/-1/0 0/0 SC 0
                """;
        assertEquals(expected, written(new SessionTextFormat()));
    }

    @Test
    void writesJsonLines() throws IOException {
        String expected = """
                {"start":"2025-03-04T05:06:07.089Z","listener":"orders-db","client":"192.0.2.1:56324",\
                "pool":"orders","server":"db1","queue_seconds":0.0,"connect_seconds":0.001999999,"total_seconds":2.5,\
                "client_bytes":128,"server_bytes":5000000000,"termination":"--","retries":1}
                {"start":"2025-03-04T05:06:07.089Z","listener":"orders-db","client":"[2001:db8::1]:1",\
                "pool":"orders","total_seconds":5.0E-4,\
                "client_bytes":0,"server_bytes":0,"termination":"SC","retries":0}
                """;
        assertEquals(expected, written(new SessionJsonFormat()));
    }

    @Test
    void writesWhatIsKnownOfSomeSessionsOnly() throws IOException {
        SessionRecord record = Records.refused(new SessionRecord());
        record.pool = null;
        record.refusal = "no-route";
        record.sni = "db.example.com";
        record.user = "al ice";
        record.database = "b\u00fc\n\u007f\"\\=";
        record.application = "";
        assertEquals("[2001:db8::1]:1 [2025-03-04T05:06:07.089Z] orders-db <NOROUTE>/<NOSRV> -1/-1/0 0/0 SC 0"
                + " refusal=no-route sni=db.example.com user=al\\x20ice database=b\\xC3\\xBC\\x0A\\x7F\\x22\\x5C="
                + " application=\n", written(new SessionTextFormat(), record));
        assertEquals("""
                {"start":"2025-03-04T05:06:07.089Z","listener":"orders-db","client":"[2001:db8::1]:1",\
                "total_seconds":5.0E-4,"client_bytes":0,"server_bytes":0,"termination":"SC","retries":0,\
                "refusal":"no-route","sni":"db.example.com","user":"al ice","database":"b\\u00FC\\n\\u007F\\"\\\\=",\
                "application":""}
                """, written(new SessionJsonFormat(), record));
    }

    private static String written(RecordFormat<SessionRecord> format, SessionRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(record, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void hasTwoLettersOfItsOwnForEachTermination() {
        assertEquals(Termination.values().length,
                Arrays.stream(Termination.values()).map(Termination::code).distinct().count());
        for (Termination termination : Termination.values()) {
            assertEquals(2, termination.code().length());
        }
    }

    private static String written(RecordFormat<SessionRecord> format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SessionRecord record = new SessionRecord();
        format.write(Records.normal(record), out);
        format.write(Records.refused(record), out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
