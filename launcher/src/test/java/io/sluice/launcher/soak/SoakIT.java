package io.sluice.launcher.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything at once, by chance: briefly, with the worst of moods and with upgrades; and for as long as {@code
 * -Dsluice.soak.minutes} says.
 */
class SoakIT {

    private static final int MANY_VISITS = 200;
    private static final Path LOGS = Path.of("target", "soak").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({"2, 15", "3, 3"})
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nobodyGetsAnythingWrong(long seed, int visits) throws Exception {
        perform(seed, visits);
    }

    /** One seed after the other, until one fails. */
    @Test
    @EnabledIfSystemProperty(named = "sluice.soak.minutes", matches = "\\d+")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void norWithManySeeds() throws Exception {
        long endNs = System.nanoTime() + Duration.ofMinutes(Integer.getInteger("sluice.soak.minutes")).toNanos();
        for (long seed = Long.getLong("sluice.soak.seed", 1); System.nanoTime() < endNs; seed++) {
            perform(seed, MANY_VISITS);
        }
    }

    private static void perform(long seed, int visits) throws Exception {
        SoakRun run = new SoakRun(seed, LOGS.resolve(Long.toString(seed)));
        try {
            assertTrue(run.perform(visits), run::toString);
        } finally {
            System.out.println(run);
        }
    }
}
