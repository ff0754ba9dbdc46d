package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpErrorTest {

    @ParameterizedTest
    @EnumSource
    void hasAStatusThatFitsAndASentence(HttpError error) {
        assertTrue(Set.of(400, 413, 414, 431, 501, 502, 505).contains(error.status()));
        assertTrue(error.reason().matches("[a-z0-9-]+"), error.reason());
        assertTrue(error.sentence().endsWith("."), error.sentence());
    }

    @Test
    void namesItsReasonAsCountersDo() {
        assertEquals("bare-lf", HttpError.BARE_LF.reason());
    }
}
