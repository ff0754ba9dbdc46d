package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** See {@link ValueType#then}. Immutable. */
record Then<V>(ValueType<V> type, Step<V> step) implements ValueType<V> {

    @Override
    public Optional<V> read(Node node, Reading reading) {
        return type.read(node, reading).map(value -> step.apply(value, node, reading));
    }

    @Override
    public Object write(V value) {
        return type.write(value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return type.schema(definitions);
    }

    @Override
    public String values() {
        return type.values();
    }

    @Override
    public List<Nested> nested() {
        return type.nested();
    }
}
