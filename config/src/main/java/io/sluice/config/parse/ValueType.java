package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What may stand behind a key: how it is read, written, described to an editor and to a reader.
 *
 * @param <V> what it is in the records
 */
interface ValueType<V> {

    /** The value, or empty after everything wrong with it has been reported. */
    Optional<V> read(Node node, Reading reading);

    /** The value as the dump shows it: a string, a number, a boolean, a list or a map of these. */
    Object write(V value);

    /** The JSON Schema of the value. */
    Map<String, Object> schema(Definitions definitions);

    /** What may be written, in a few words of Markdown. */
    String values();

    /** Where sections lie inside the value, for the reference of keys. */
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

    /** This type as another one that it corresponds to value by value. */
    default <W> ValueType<W> map(Function<V, W> to, Function<W, V> from) {
        return new Mapped<>(this, (value, _, _) -> to.apply(value), from);
    }

    /** This type with one more step after reading, which may look at the rest of the file's state. */
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
     * @param suffix what its path has more than the value's: {@code []} in a list, {@code .<name>} in a map
     * @param note   which of several sections it is, or empty
     */
    record Nested(String suffix, String note, Section<?> section) {
        Nested under(String prefix) {
            return new Nested(prefix + suffix, note, section);
        }
    }
}
