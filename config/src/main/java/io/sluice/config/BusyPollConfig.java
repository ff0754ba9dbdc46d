package io.sluice.config;

import java.time.Duration;

/**
 * Whether a worker that has nothing to do asks for further events before it sleeps. Immutable.
 *
 * @param mode when it does so
 * @param most for how long after the last event; zero unless the mode is {@link Mode#ALWAYS}
 */
public record BusyPollConfig(Mode mode, Duration most) {

    /** Workers sleep at once. */
    public static final BusyPollConfig OFF = new BusyPollConfig(Mode.OFF, Duration.ZERO);

    /** Workers ask for a moment while events follow each other so closely that most come in that time. */
    public static final BusyPollConfig AUTO = new BusyPollConfig(Mode.AUTO, Duration.ZERO);

    /** When workers ask. */
    public enum Mode { OFF, AUTO, ALWAYS }

    public BusyPollConfig {
        Checks.notNegative("busy-poll", most);
        Checks.that((mode == Mode.ALWAYS) != most.isZero(), "busy-poll must be off, auto or a duration");
    }

    public static BusyPollConfig always(Duration most) {
        return new BusyPollConfig(Mode.ALWAYS, most);
    }
}
