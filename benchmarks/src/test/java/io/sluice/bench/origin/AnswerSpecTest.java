package io.sluice.bench.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerSpecTest {

    @Test
    void hasDefaults() {
        assertEquals(new AnswerSpec(128, Duration.ZERO, 200, 0, 0), AnswerSpec.parse(""));
    }

    @Test
    void composes() {
        assertEquals(new AnswerSpec(16 * 1024, Duration.ofMillis(50), 503, 10_000, 500),
                AnswerSpec.parse("size=16k&delay=50ms&status=503&error=1%&reset=0.05%"));
    }

    @Test
    void takesAShareWithItsPercentSignEncoded() {
        assertEquals(1_000_000, AnswerSpec.parse("error=100%25").errorPpm());
    }

    @ParameterizedTest
    @ValueSource(strings = {"siz=1", "size", "size=", "size=x", "delay=5", "status=199", "status=600", "status=20",
        "error=1", "error=101%", "error=%", "reset=-1%", "x"})
    void refusesWhatItDoesNotKnow(String query) {
        assertThrows(IllegalArgumentException.class, () -> AnswerSpec.parse(query));
    }
}
