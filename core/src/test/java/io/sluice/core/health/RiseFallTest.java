package io.sluice.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiseFallTest {

    /** Checks: + good, - bad. Verdicts: U up, D down, . no change, ? no change but one is under way. */
    @ParameterizedTest
    @CsvSource({
        "+,           U",
        "-,           D",
        "++++,        U...",
        "----,        D...",
        "+---,        U??D",
        "+--+---,     U??.??D",
        "-++,         D?U",
        "-+-++,       D?.?U",
        "+---++---,   U??D?U??D",
    })
    void believesInAChangeAfterEnoughChecksInARow(String checks, String verdicts) {
        assertEquals(verdicts, verdicts(new RiseFall(2, 3), checks));
    }

    @Test
    void changesAtEachCheckWithRiseAndFallOfOne() {
        assertEquals("UDUD", verdicts(new RiseFall(1, 1), "+-+-"));
    }

    @Test
    void holdsAServerThatIsAssumedUpToItsFall() {
        RiseFall riseFall = new RiseFall(2, 3);
        riseFall.assume(true);
        assertEquals("??D", verdicts(riseFall, "---"));
    }

    private static String verdicts(RiseFall riseFall, String checks) {
        StringBuilder verdicts = new StringBuilder();
        for (char check : checks.toCharArray()) {
            verdicts.append(switch (riseFall.onCheck(check == '+')) {
                case UP -> 'U';
                case DOWN -> 'D';
                case UNCHANGED -> riseFall.isInBetween() ? '?' : '.';
            });
        }
        return verdicts.toString();
    }
}
