package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/** See {@link ValueType#map} and {@link ValueType#then}. Immutable. */
record Mapped<V, W>(ValueType<V> type, Step<V, W> to, Function<W, V> from) implements ValueType<W> {

    @Override
    public Optional<W> read(Node node, Reading reading) {
        return type.read(node, reading).map(value -> to.apply(value, node, reading));
    }

    @Override
    public Object write(W value) {
        return type.write(from.apply(value));
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
    public Optional<String> shape() {
        return type.shape();
    }

    @Override
    public List<Nested> nested() {
        return type.nested();
    }
}
