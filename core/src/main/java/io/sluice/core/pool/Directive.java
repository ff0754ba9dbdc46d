package io.sluice.core.pool;

import io.sluice.config.ServerConfig.AdminState;
import java.util.Optional;

/**
 * What an operator has said of a server at run time. It comes before what the configuration says, and outlives that.
 * Immutable.
 *
 * @param state  empty: as configured
 * @param weight empty: as configured; 0 drains the server
 */
public record Directive(Optional<AdminState> state, Optional<Integer> weight) {

    /** Nothing has been said. */
    public static final Directive NONE = new Directive(Optional.empty(), Optional.empty());
}
