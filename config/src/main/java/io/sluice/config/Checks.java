package io.sluice.config;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checks of the records' constructors. They throw {@link IllegalArgumentException}s that name the key. */
final class Checks {

    private static final Pattern NAME = Pattern.compile(SluiceConfig.NAME_PATTERN);

    private Checks() { }

    static void that(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    static void inRange(String key, int value, int least, int most) {
        that(value >= least && value <= most, key + " must be from " + least + " to " + most + ", not " + value);
    }

    static void atLeast(String key, int value, int least) {
        that(value >= least, key + " must be at least " + least + ", not " + value);
    }

    static void positive(String key, Duration value) {
        that(value.isPositive(), key + " must be longer than 0");
    }

    static void notNegative(String key, Duration value) {
        that(!value.isNegative(), key + " must not be negative");
    }

    static void notEmpty(String key, Collection<?> values) {
        that(!values.isEmpty(), key + " must not be empty");
    }

    static void name(String what, String name) {
        that(NAME.matcher(name).matches(),
                "the name of a " + what + " is 1 to 64 letters, digits, '.', '_' or '-', not \"" + name + "\"");
    }

    /** An immutable copy in the same order, which {@link Map#copyOf} does not keep. */
    static <K, V> Map<K, V> copyInOrder(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    static void uniqueNames(String what, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.forEach(name -> that(seen.add(name), "two of name " + name + ": the name of a " + what + " is unique"));
    }
}
