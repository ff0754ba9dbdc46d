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
 * @param getter   from the record, for the dump
 * @param meaning  sentences for the reference of keys, in Markdown
 */
record Key<T, V>(String name, ValueType<V> type, Optional<Default<V>> fallback, Function<T, V> getter, String meaning) {

    Object write(T record) {
        return type.write(getter.apply(record));
    }

    /** Whether the dump leaves the key out: it has nothing to say, and perhaps no words to say it. */
    boolean isOmitted(T record) {
        return fallback.orElse(null) instanceof Default.Omitted<V> omitted
                && omitted.value().equals(getter.apply(record));
    }

    boolean isRequired() {
        return fallback.isEmpty();
    }

    /** The schema of its value, with what an editor shows beside it. */
    Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>(type.schema(definitions));
        schema.put("description", meaning);
        if (fallback.orElse(null) instanceof Default.Fixed<V> fixed) {
            schema.put("default", type.write(fixed.value()));
        }
        return schema;
    }

    /** What a key is when it is absent. */
    sealed interface Default<V> {

        /** Always the same. */
        record Fixed<V>(V value) implements Default<V> { }

        /** Always the same, and the dump leaves the key out where its value is that. */
        record Omitted<V>(V value) implements Default<V> { }

        /** Worked out from another key of the section, which stands before it; the text says how. */
        record Derived<V, W>(Key<?, W> key, String text, Function<W, V> from) implements Default<V> {
            V value(Values values) {
                return from.apply(values.get(key));
            }
        }
    }
}
