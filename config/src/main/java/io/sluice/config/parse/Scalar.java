package io.sluice.config.parse;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A value written as one word or number. Immutable.
 *
 * @param values the values allowed, as in {@link ValueType#values()}
 * @param schema the JSON Schema
 * @param parser converts the text to the value
 * @param writer converts the value for the dump
 */
record Scalar<V>(String values, Map<String, Object> schema, Parser<V> parser, Function<V, Object> writer)
        implements ValueType<V> {

    /** Converts text to a value. */
    interface Parser<V> {
        V parse(String text) throws InvalidValueException;
    }

    @Override
    public Optional<V> read(Node node, Reading reading) {
        return read(node, reading, Optional.empty());
    }

    /** As the other {@code read}, with a hint for errors that have none. */
    Optional<V> read(Node node, Reading reading, Optional<String> hint) {
        if (!(node instanceof ScalarNode scalar)) {
            reading.error(node, "expected one value, not " + Nodes.shown(node));
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(scalar.getValue()));
        } catch (InvalidValueException e) {
            reading.error(node, e.getMessage(), e.suggestion().or(() -> hint));
            return Optional.empty();
        }
    }

    /** Still one word or number, so that its errors can propose words that stand for a value. */
    @Override
    public <W> Scalar<W> map(Function<V, W> to, Function<W, V> from) {
        return new Scalar<>(values, schema, text -> to.apply(parser.parse(text)), from.andThen(writer));
    }

    @Override
    public Object write(V value) {
        return writer.apply(value);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return schema;
    }
}
