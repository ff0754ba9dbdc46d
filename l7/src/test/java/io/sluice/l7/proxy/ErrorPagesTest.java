package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorPagesTest {

    @TempDir
    private Path directory;

    private ErrorPages read(int status, String name, String body) throws IOException {
        return ErrorPages.read(Map.of(status, Files.writeString(directory.resolve(name), body)));
    }

    private static String told(ErrorPages pages, int status, boolean jsonWanted) {
        ErrorPages.Page page = pages.page(status, jsonWanted);
        return new String(page.contentType(), StandardCharsets.US_ASCII) + ": "
                + new String(page.body(), StandardCharsets.US_ASCII);
    }

    @Test
    void showsAnOperatorsPageAsWhatItsNameSays() throws IOException {
        assertEquals("application/json: {}", told(read(502, "e.JSON", "{}"), 502, false));
        assertEquals("text/plain; charset=utf-8: sorry", told(read(502, "e.txt", "sorry"), 502, false));
        assertEquals("text/html; charset=utf-8: <p>", told(read(502, "e", "<p>"), 502, false));
    }

    @Test
    void showsJsonToWhoeverWantsIt() throws IOException {
        assertEquals("application/json: {}", told(read(502, "e.json", "{}"), 502, true));
        String builtIn = "application/json: {\"status\":502,\"error\":\"Bad Gateway\"}\n";
        assertEquals(builtIn, told(read(502, "e.html", "<p>"), 502, true));
        assertEquals(builtIn, told(read(502, "e.txt", "sorry"), 502, true));
        assertEquals(builtIn, told(read(503, "e.json", "{}"), 502, true));
    }

    /** That is how a reload knows whether pages have changed. */
    @Test
    void isEqualToWhatSaysTheSame() throws IOException {
        assertEquals(read(502, "e.txt", "sorry"), read(502, "f.txt", "sorry"));
        assertNotEquals(read(502, "e.txt", "sorry"), read(503, "e.txt", "sorry"));
        assertNotEquals(read(502, "e.txt", "sorry"), read(502, "e.html", "sorry"));
        assertNotEquals(read(502, "e.txt", "sorry"), read(502, "e.txt", "angry"));
        assertNotEquals(read(502, "e.txt", "sorry"), ErrorPages.BUILT_IN);
    }
}
