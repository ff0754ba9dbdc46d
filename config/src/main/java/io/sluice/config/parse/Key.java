package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key of a section. Immutable.
 *
 * @param <T>      the section's record
 * @param <V>      the value in that record
 * @param name     as written in the file
 * @param fallback its value when it is absent; empty: the key is required
 * @param getter   reads the value from the record, for the dump
 * @param meaning  the description for the reference of keys, in Markdown
 */
record Key<T, V>(String name, ValueType<V> type, Optional<Default<V>> fallback, Function<T, V> getter, String meaning) {

    Object write(T record) {
        return type.write(getter.apply(record));
    }

    /** Whether the dump leaves the key out: its default is {@link Default.Omitted}, and its value is that default. */
    boolean isOmitted(T record) {
        return fallback.orElse(null) instanceof Default.Omitted<V> omitted
                && omitted.value().equals(getter.apply(record));
    }

    boolean isRequired() {
        return fallback.isEmpty();
    }

    /** The value's schema, with the description and the default for editors. */
    Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>(type.schema(definitions));
        schema.put("description", meaning);
        if (fallback.orElse(null) instanceof Default.Fixed<V> fixed) {
            schema.put("default", type.write(fixed.value()));
        }
        return schema;
    }

    /** The value of an absent key. */
    sealed interface Default<V> {

        /** A constant. */
        record Fixed<V>(V value) implements Default<V> { }

        /** A constant; the dump leaves the key out if it has this value. */
        record Omitted<V>(V value) implements Default<V> { }

        /** Derived from an earlier key of the section. @param text how, for the reference */
        record Derived<V, W>(Key<?, W> key, String text, Function<W, V> from) implements Default<V> {
            V value(Values values) {
                return from.apply(values.get(key));
            }
        }
    }
}
