package io.sluice.launcher.control;

import io.sluice.config.parse.ConfigDiff;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.launcher.observe.Readings.GenerationReading;
import java.time.Instant;

/**
 * A configuration that has been in force. Immutable.
 *
 * @param number  from 1 on, never used again
 * @param since   when it was put in force
 * @param origin  where it came from, for a reader: a file, a rollback
 * @param loaded  the configuration, with the text that it was read from
 * @param changes the difference to the generation before; empty for the first one
 */
public record Generation(int number, Instant since, String origin, LoadedConfig loaded, ConfigDiff changes) {

    GenerationReading reading() {
        return new GenerationReading(number, since, origin);
    }
}
