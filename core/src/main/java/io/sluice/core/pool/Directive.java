package io.sluice.core.pool;

import io.sluice.config.ServerConfig.AdminState;
import java.util.Optional;

/**
 * An operator's override for a server at run time. It takes precedence over the configuration, and outlives it.
 * Immutable.
 *
 * @param state  empty: as configured
 * @param weight empty: as configured; 0 drains the server
 */
public record Directive(Optional<AdminState> state, Optional<Integer> weight) {

    /** No override. */
    public static final Directive NONE = new Directive(Optional.empty(), Optional.empty());
}
