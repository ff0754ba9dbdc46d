package io.sluice.config.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One of several sections, selected by a key that all of them have, such as {@code protocol}. Immutable.
 *
 * @param selector the selecting key
 */
record Variants<T>(String selector, List<Variant<? extends T>> variants) implements ValueType<T> {

    /** One section. @param word the selector's value @param type the class of records that the section writes */
    record Variant<T>(String word, Class<T> type, Section<T> section) {

        Object write(Object record) {
            return section.write(type.cast(record));
        }
    }

    @Override
    public Optional<T> read(Node node, Reading reading) {
        if (!(node instanceof MappingNode mapping)) {
            reading.error(node, "expected a mapping of keys, not " + Nodes.shown(node), shape());
            return Optional.empty();
        }
        Optional<ScalarNode> choice = Nodes.scalar(node, selector);
        if (choice.isEmpty()) {
            return readWithoutSelector(mapping, reading);
        }
        String word = choice.get().getValue();
        for (Variant<? extends T> variant : variants) {
            if (variant.word().equals(word)) {
                return variant.section().read(node, "", this::hint, reading).map(record -> record);
            }
        }
        reading.error(choice.get(), "unknown " + selector + " " + Nodes.quoted(word),
                Optional.of(Nearest.hint(word, words())));
        return words().stream().filter(known -> Nearest.likely(word, List.of(known)).isPresent()).findFirst()
                .flatMap(meant -> readCorrected(mapping, choice.get(), plain(meant), reading));
    }

    /** What to say of a key that only other variants have. */
    private Optional<String> hint(String key) {
        return variants.stream().filter(variant -> variant.section().knows(key)).<String>map(Variant::word)
                .reduce((one, another) -> one + " or " + another)
                .map(words -> "only with " + selector + ": " + words);
    }

    private Optional<T> readWithoutSelector(MappingNode mapping, Reading reading) {
        String oneOf = "key \"" + selector + "\" must be one of: " + String.join(", ", words());
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && tuple.getValueNode() instanceof ScalarNode value
                    && standsForSelector(key.getValue(), value.getValue())) {
                reading.error(key, oneOf, Optional.of(Nearest.didYouMean(selector)));
                return readCorrected(mapping, value, value, reading);
            }
        }
        reading.error(mapping, oneOf);
        return Optional.empty();
    }

    private boolean standsForSelector(String key, String value) {
        boolean known = variants.stream().anyMatch(variant -> variant.section().knows(key));
        return !known && (words().contains(value) || Nearest.likely(key, List.of(selector)).isPresent());
    }

    /** Corrects the key that has the value in the tree, to find the other mistakes of the section. */
    private Optional<T> readCorrected(MappingNode mapping, Node value, Node corrected, Reading reading) {
        mapping.getValue().replaceAll(tuple ->
                tuple.getValueNode() == value ? new NodeTuple(plain(selector), corrected) : tuple);
        return read(mapping, reading);
    }

    private static ScalarNode plain(String word) {
        return new ScalarNode(Tag.STR, word, ScalarStyle.PLAIN);
    }

    private List<String> words() {
        return variants.stream().<String>map(Variant::word).toList();
    }

    @Override
    public Object write(T record) {
        for (Variant<? extends T> variant : variants) {
            if (variant.type().isInstance(record)) {
                return variant.write(record);
            }
        }
        throw new AssertionError("no section writes a " + record.getClass());
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Json.object("oneOf", variants.stream().map(variant -> variant.section().schema(definitions)).toList());
    }

    @Override
    public String values() {
        return "section";
    }

    @Override
    public Optional<String> shape() {
        return variants.getFirst().section().shape();
    }

    @Override
    public List<Nested> nested() {
        return variants.stream()
                .map(variant -> new Nested("", selector + ": " + variant.word(), variant.section()))
                .toList();
    }
}
