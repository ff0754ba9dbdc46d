package io.sluice.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the records refuse by themselves: the parser's own types refuse most of it before, and say where. */
class ChecksTest {

    @Test
    void refusesWhatIsBeyondABound() {
        assertDoesNotThrow(() -> Checks.inRange("k", 1, 1, 2));
        assertDoesNotThrow(() -> Checks.inRange("k", 2, 1, 2));
        refuses("k must be from 1 to 2, not 0", () -> Checks.inRange("k", 0, 1, 2));
        refuses("k must be from 1 to 2, not 3", () -> Checks.inRange("k", 3, 1, 2));
        assertDoesNotThrow(() -> Checks.atLeast("k", 1, 1));
        refuses("k must be at least 1, not 0", () -> Checks.atLeast("k", 0, 1));
    }

    @Test
    void refusesTimesThatNeverPass() {
        assertDoesNotThrow(() -> Checks.positive("k", Duration.ofNanos(1)));
        refuses("k must be longer than 0", () -> Checks.positive("k", Duration.ZERO));
        assertDoesNotThrow(() -> Checks.notNegative("k", Duration.ZERO));
        refuses("k must not be negative", () -> Checks.notNegative("k", Duration.ofNanos(-1)));
    }

    @Test
    void refusesNothingAndNamesThatAreNone() {
        assertDoesNotThrow(() -> Checks.notEmpty("k", List.of(1)));
        refuses("k must not be empty", () -> Checks.notEmpty("k", List.of()));
        assertDoesNotThrow(() -> Checks.name("pool", "a"));
        refuses("the name of a pool is 1 to 64 letters, digits, '.', '_' or '-', not \"a b\"",
                () -> Checks.name("pool", "a b"));
        assertDoesNotThrow(() -> Checks.uniqueNames("pool", Stream.of("a", "b")));
        refuses("two of name a: the name of a pool is unique", () -> Checks.uniqueNames("pool", Stream.of("a", "a")));
    }

    private static void refuses(String message, Executable check) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, check).getMessage());
    }
}
