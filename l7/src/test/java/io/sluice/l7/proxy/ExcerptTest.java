package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExcerptTest {

    private static final String HEAD =
            "GET / HTTP/1.1\r\nauthorization: Basic Zm9v\r\nCookie: a=1;\r\n b=2\r\nX: y\r\n";

    @Test
    void showsBytesAsInSourceCode() {
        Excerpt excerpt = of("a\0\t\\\r\n\u00e9b", 4);
        assertEquals("a\\x00\\t\\\\", excerpt.before());
        assertEquals("\\r", excerpt.at());
        assertEquals("\\n\\xe9b", excerpt.after());
    }

    @Test
    void isBoundedOnBothSides() {
        Excerpt excerpt = of("a".repeat(2000) + "!" + "b".repeat(2000), 2000);
        assertEquals("a".repeat(512), excerpt.before());
        assertEquals("!", excerpt.at());
        assertEquals("b".repeat(511), excerpt.after());
    }

    @Test
    void hasNoByteWhereOneIsMissing() {
        assertEquals(new Excerpt("abc", "", ""), of("abc", 3));
        assertEquals(new Excerpt("", "", ""), of("", 0));
    }

    @Test
    void masksWhatIdentifiesUsers() {
        Excerpt excerpt = ofHead(HEAD.indexOf("X:"));
        assertEquals(
                "GET / HTTP/1.1\\r\\nauthorization: ***** ****\\r\\nCookie: ****\\r\\n ***\\r\\n", excerpt.before());
        assertEquals("X", excerpt.at());
    }

    @Test
    void masksWhatServersGiveUsers() {
        byte[] head = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Secure\r\nX".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("HTTP/1.1 200 OK\\r\\nSet-Cookie: **** ******\\r\\n",
                Excerpt.ofHead(head, head.length, head.length - 1).before());
    }

    @Test
    void masksNoFieldThatIsAtFault() {
        Excerpt excerpt = ofHead(HEAD.indexOf("b=2"));
        assertEquals("GET / HTTP/1.1\\r\\nauthorization: ***** ****\\r\\nCookie: a=1;\\r\\n ", excerpt.before());
    }

    private static Excerpt of(String text, int position) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Excerpt.of(bytes, position);
    }

    private static Excerpt ofHead(int position) {
        byte[] bytes = HEAD.getBytes(StandardCharsets.ISO_8859_1);
        return Excerpt.ofHead(bytes, bytes.length, position);
    }
}
