package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastElementsTest {

    private final LastElements elements = new LastElements();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a | a
            a,b | b;a
            a, b ,c | c;b;a
            ` \t a \t , \tb,c\t` | c;b;a
            ,a,,b , , | b;a
            a b,c d | c d;a b
            , | ``
            ` , ,\t, ` | ``
            `` | ``
            """)
    void goesFromTheLastElementToTheFirst(String list, String expected) {
        assertEquals(expected, String.join(";", read(list)));
    }

    @Test
    void goesFromTheLastLineToTheFirst() {
        assertEquals(List.of("e", "d", "c", "b", "a"), read("a, b", "", " , ", "c", "d,e,"));
    }

    @Test
    void findsNothingWithoutTheField() {
        elements.of(parse("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Fo: a\r\n\r\n"), KnownField.X_FORWARDED_FOR);
        assertFalse(elements.next());
        assertFalse(elements.next());
    }

    @Test
    void readsAnyListAsAWalkFromItsStartDoes() {
        Random random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            String[] lines = Stream.generate(() -> line(random)).limit(1 + random.nextInt(4)).toArray(String[]::new);
            List<String> expected = Stream.of(String.join(",", lines).split(","))
                    .map(element -> element.replaceAll("^[ \t]+|[ \t]+$", "")).filter(element -> !element.isEmpty())
                    .toList();
            assertEquals(expected.reversed(), read(lines), () -> String.join("|", lines));
        }
    }

    private static String line(Random random) {
        StringBuilder line = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            line.append("abc,, \t".charAt(random.nextInt(7)));
        }
        return line.toString();
    }

    private List<String> read(String... lines) {
        StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\nHost: h\r\n");
        for (String line : lines) {
            head.append("X-Forwarded-For:").append(line).append("\r\nX-Other: x,y\r\n");
        }
        elements.of(parse(head.append("\r\n").toString()), KnownField.X_FORWARDED_FOR);
        List<String> read = new ArrayList<>();
        while (elements.next()) {
            read.add(Pieces.text(elements.bytes(), elements.offset(), elements.length()));
        }
        return read;
    }

    private static HeaderFields parse(String head) {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        assertTrue(parser.parse(ByteBuffer.wrap(Pieces.bytes(head))) == Outcome.COMPLETE, head);
        return parser.fields();
    }
}
