package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {

    private final HeadWriter writer = new HeadWriter();

    private String written() {
        return new String(writer.bytes(), 0, writer.length(), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 15, 16, 99, 100, 255, 256, 4095, 4096, Integer.MAX_VALUE, Long.MAX_VALUE})
    void writesNumbersAsJavaDoes(long number) {
        int size = (int) Math.min(Integer.MAX_VALUE, number);
        writer.clear().decimal(number).put(' ').hexSize(size).put(' ').hex(number);
        assertEquals(number + " " + Integer.toHexString(size) + " " + "%016x".formatted(number), written());
    }

    /** From just below what it holds at first. */
    @Test
    void growsWhateverIsWrittenAtItsEnd() {
        int room = writer.bytes().length;
        for (int left = 0; left <= 24; left++) {
            String begin = "x".repeat(room - left);
            byte[] text = Octets.ascii(begin);
            assertEquals(begin + "\r\n", write(fresh -> fresh.put(text).lineEnd()));
            assertEquals(begin + "0123456789abcdef", write(fresh -> fresh.put(text).hex(0x0123456789abcdefL)));
            assertEquals(begin + Long.MAX_VALUE, write(fresh -> fresh.put(text).decimal(Long.MAX_VALUE)));
            assertEquals(begin + begin + begin, write(fresh -> fresh.put(text).put(Octets.ascii(begin + begin))));
        }
    }

    private static String write(UnaryOperator<HeadWriter> what) {
        HeadWriter writer = what.apply(new HeadWriter());
        return StandardCharsets.US_ASCII.decode(writer.copy()).toString();
    }
}
