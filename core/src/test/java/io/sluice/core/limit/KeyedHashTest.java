package io.sluice.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyedHashTest {

    /** The key 0, 1, ... 15, as the reference implementation reads it. */
    private final KeyedHash hash = new KeyedHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** Made by OpenSSL's SIPHASH with one compression and three finalization rounds, over the bytes 0, 1, 2, ... */
    @ParameterizedTest
    @CsvSource({"0, DCC40F055801ACAB", "1, 93CA577DF39BF4C9", "7, 4011B19B987D92D3", "8, 8E9A298D11959036",
        "9, E43D066CB38EA425", "15, 5699512A6DD820D3", "16, 668B907D1ADD4FCC", "63, A8B3BBB76290199D"})
    void isSipHash(int length, String expected) {
        byte[] bytes = new byte[length + 5];
        for (int i = 0; i < length; i++) {
            bytes[3 + i] = (byte) i;
        }
        long bigEndian = Long.reverseBytes(hash.of(bytes, 3, 3 + length));
        assertEquals(expected, HexFormat.of().withUpperCase().toHexDigits(bigEndian));
    }

    @Test
    void nobodyKnowsARandomKey() {
        byte[] bytes = {1, 2, 3};
        assertNotEquals(KeyedHash.random().of(bytes, 0, 3), KeyedHash.random().of(bytes, 0, 3));
    }
}
