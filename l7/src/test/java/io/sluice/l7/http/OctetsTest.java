package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The scans and comparisons that go eight bytes at a time, against the same said plainly, for every byte. */
class OctetsTest {

    private static final int WORDS_BYTES = 20;

    private static int lowerCase(int octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 'a' - 'A' : octet;
    }

    @Test
    void ignoresTheCaseOfLettersOnly() {
        byte[] a = new byte[WORDS_BYTES];
        byte[] b = new byte[WORDS_BYTES];
        for (int left = 0; left < 256; left++) {
            for (int right = 0; right < 256; right++) {
                Arrays.fill(a, (byte) left);
                Arrays.fill(b, (byte) right);
                boolean same = lowerCase(left) == lowerCase(right);
                String pair = left + " and " + right;
                assertEquals(same, Octets.equalIgnoringCase(a, 0, b, 0, 1), pair);
                assertEquals(same, Octets.equalIgnoringCase(a, 0, b, 0, Long.BYTES), pair);
            }
        }
    }

    @Test
    void findsTheEndOfANameOrAValueAtEachByte() {
        IntPredicate inName = octet -> octet < 0x7f && Octets.is(Octets.TOKEN, (byte) octet);
        IntPredicate inValue = octet -> octet >= 0x20 && octet != 0x7f || octet == '\t';
        for (int octet = 0; octet < 256; octet++) {
            for (int at = 0; at < WORDS_BYTES; at++) {
                byte[] bytes = new byte[WORDS_BYTES + Octets.PADDING];
                Arrays.fill(bytes, 0, WORDS_BYTES, (byte) 'n');
                bytes[at] = (byte) octet;
                String place = octet + " at " + at;
                assertEquals(inName.test(octet) ? WORDS_BYTES : at, Octets.endOfName(bytes, 0), place);
                assertEquals(inValue.test(octet) ? WORDS_BYTES : at, Octets.endOfValue(bytes, 0), place);
            }
        }
    }

    @Test
    void readsHexadecimalDigitsOnly() {
        for (int octet = 0; octet < 256; octet++) {
            int expected = octet < 128 ? Character.digit(octet, 16) : -1;
            assertEquals(expected, Math.max(-1, Octets.hexValue((byte) octet)), "byte " + octet);
        }
    }
}
