package io.sluice.config.parse;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/** The values of one section while it is read, by key, defaults included. Owned by one parse. */
final class Values {

    private final String name;
    private final Map<Key<?, ?>, Object> byKey = new IdentityHashMap<>();

    /** @param name the section's name in its map of sections; empty if it is not in a map */
    Values(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** The value of a key; null if it has none yet. */
    @SuppressWarnings("unchecked") // Only put() adds values, and it takes the key's type.
    <V> V get(Key<?, V> key) {
        return (V) byKey.get(key);
    }

    <V> void put(Key<?, V> key, V value) {
        byKey.put(key, value);
    }

    boolean haveAll(Collection<? extends Key<?, ?>> keys) {
        return byKey.keySet().containsAll(keys);
    }

    /** Puts the default, unless it is derived from a key without a value. */
    <V> void putDefault(Key<?, V> key) {
        switch (key.fallback().orElseThrow()) {
            case Key.Default.Fixed<V> fixed -> put(key, fixed.value());
            case Key.Default.Omitted<V> omitted -> put(key, omitted.value());
            case Key.Default.Derived<V, ?> derived -> {
                if (byKey.containsKey(derived.key())) {
                    put(key, derived.value(this));
                }
            }
        }
    }
}
