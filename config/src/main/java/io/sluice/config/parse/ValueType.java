package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The type of a key's value: how to read it, write it, and describe it to editors and readers.
 *
 * @param <V> the Java type in the records
 */
interface ValueType<V> {

    /** Reads the value; empty after its errors have been reported. */
    Optional<V> read(Node node, Reading reading);

    /** The value for the dump: a string, a number, a boolean, a list or a map of these. */
    Object write(V value);

    /** The JSON Schema of the value. */
    Map<String, Object> schema(Definitions definitions);

    /** The values allowed, in a few words of Markdown. */
    String values();

    /** A hint at what the value looks like, for those who have written one word where a section is expected. */
    default Optional<String> shape() {
        return Optional.empty();
    }

    /** The sections inside the value, for the reference of keys. */
    default List<Nested> nested() {
        return List.of();
    }

    /** This type, or a word that stands for one value. */
    default ValueType<V> or(String word, V value) {
        return or(word, value, value::equals);
    }

    /** This type, or a word; {@code isWord} says which values are written as the word. */
    default ValueType<V> or(String word, V value, Predicate<V> isWord) {
        return new OrWord<>(word, value, isWord, this);
    }

    /** This type with its values converted to another Java type. */
    default <W> ValueType<W> map(Function<V, W> to, Function<W, V> from) {
        return new Mapped<>(this, (value, _, _) -> to.apply(value), from);
    }

    /** This type with one more step after reading, which may use the state of the parse. */
    default ValueType<V> then(Step<V, V> step) {
        return new Mapped<>(this, step, Function.identity());
    }

    /** A step after reading. */
    interface Step<V, W> {
        W apply(V value, Node node, Reading reading);
    }

    /**
     * A section inside a value.
     *
     * @param suffix what to append to the value's path: {@code []} in a list, {@code .<name>} in a map
     * @param note   which of several sections this is; may be empty
     */
    record Nested(String suffix, String note, Section<?> section) {
        Nested under(String prefix) {
            return new Nested(prefix + suffix, note, section);
        }
    }
}
