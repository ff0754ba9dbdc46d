package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** See {@link ValueType#or}: {@code auto}, {@code unlimited}, {@code off} and the like. Immutable. */
record OrWord<V>(String word, V value, Predicate<V> isWord, ValueType<V> otherwise) implements ValueType<V> {

    @Override
    public Optional<V> read(Node node, Reading reading) {
        if (!(node instanceof ScalarNode scalar)) {
            return otherwise.read(node, reading);
        }
        if (scalar.getValue().equals(word)) {
            return Optional.of(value);
        }
        if (otherwise instanceof OrWord<V> further && further.knows(scalar.getValue())) {
            return further.read(node, reading);
        }
        if (withoutWords() instanceof Scalar<V> type) {
            return type.read(scalar, reading, Optional.of("or write " + words()));
        }
        if (otherwise.nested().isEmpty()) {
            return otherwise.read(scalar, reading);
        }
        reading.error(node, "expected a mapping of keys or the word " + words() + ", not " + Nodes.shown(node),
                Nearest.likely(scalar.getValue(), allWords()).or(otherwise::shape));
        return Optional.empty();
    }

    private boolean knows(String text) {
        return text.equals(word) || otherwise instanceof OrWord<V> further && further.knows(text);
    }

    private ValueType<V> withoutWords() {
        return otherwise instanceof OrWord<V> further ? further.withoutWords() : otherwise;
    }

    private String words() {
        return String.join(" or ", allWords());
    }

    private List<String> allWords() {
        Stream<String> further = otherwise instanceof OrWord<V> or ? or.allWords().stream() : Stream.empty();
        return Stream.concat(Stream.of(word), further).toList();
    }

    @Override
    public Object write(V written) {
        return isWord.test(written) ? word : otherwise.write(written);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Json.object("anyOf", List.of(Json.object("const", word), otherwise.schema(definitions)));
    }

    @Override
    public String values() {
        return "`" + word + "` or " + otherwise.values();
    }

    @Override
    public Optional<String> shape() {
        return otherwise.shape();
    }

    @Override
    public List<Nested> nested() {
        return otherwise.nested();
    }
}
