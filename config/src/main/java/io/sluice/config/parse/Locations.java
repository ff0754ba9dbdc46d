package io.sluice.config.parse;

import java.util.Map;
import java.util.Optional;

/**
 * The place of each part of a configuration in its file, for errors that show only when the configuration is used: an
 * address that is taken, a log file that cannot be opened. Immutable.
 */
public final class Locations {

    private final Source source;
    private final Map<String, Position> positions;

    /** Line and column, from 0. */
    record Position(int line, int column) { }

    /** @param positions by path; that of the whole, by the empty path, is among them */
    Locations(Source source, Map<String, Position> positions) {
        this.source = source;
        this.positions = Map.copyOf(positions);
    }

    /**
     * Makes an error about a part of the configuration.
     *
     * @param path the key's path, such as {@code listeners[0].bind[1]}; if the key is not written, the error is at the
     *             nearest part around it
     */
    public ConfigError error(String path, String message, Optional<String> suggestion) {
        String told = path.isEmpty() ? message : path + ": " + message;
        String place = path;
        while (!positions.containsKey(place)) {
            place = place.substring(0, Math.max(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['))));
        }
        Position position = positions.get(place);
        return source.error(position.line(), position.column(), told, suggestion);
    }
}
