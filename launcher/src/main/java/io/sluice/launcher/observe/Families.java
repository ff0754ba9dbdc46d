package io.sluice.launcher.observe;

import io.sluice.launcher.observe.Family.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * All metrics of a page, by name. Metrics and the memory for their text are reused for the next page; their series are
 * made anew. Owned by one thread.
 */
final class Families {

    private final Map<String, Family> byName = new TreeMap<>();

    /** A number that only grows. @param name without {@code _total} */
    Numbers counter(String name, String help) {
        return numbers(name, help, Kind.COUNTER);
    }

    /** A number that goes up and down. */
    Numbers gauge(String name, String help) {
        return numbers(name, help, Kind.GAUGE);
    }

    /** A constant 1 whose labels carry the information. @param name without {@code _info} */
    Numbers info(String name, String help) {
        return numbers(name, help, Kind.INFO);
    }

    private Numbers numbers(String name, String help, Kind kind) {
        return (Numbers) byName.computeIfAbsent(name, _ -> new Numbers(name, help, kind));
    }

    /** Times in seconds. @param boundsUs the bounds of the buckets, in microseconds */
    Times histogram(String name, String help, long... boundsUs) {
        return (Times) byName.computeIfAbsent(name, _ -> new Times(name, help, boundsUs));
    }

    Collection<Family> all() {
        return byName.values();
    }

    /** Forgets all series. */
    void clear() {
        byName.values().forEach(family -> family.series().clear());
    }

    void writeTo(OutputStream out, PageFormat format) throws IOException {
        for (Family family : byName.values()) {
            family.writeTo(out, format);
        }
        out.write(format.end().getBytes(StandardCharsets.US_ASCII));
    }
}
