package io.sluice.config.parse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
        Optional<String> meant =
                words().stream().filter(known -> Nearest.likely(word, List.of(known)).isPresent()).findFirst();
        if (meant.isPresent()) {
            return read(with(plain(meant.get()), selector, mapping), reading);
        }
        readAsEach(mapping, reading);
        return Optional.empty();
    }

    /** Finds the mistakes that do not depend on the selector's value. */
    private void readAsEach(MappingNode mapping, Reading reading) {
        Set<String> keys = variants.stream().flatMap(variant -> variant.section().keys().stream()).map(Key::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        reading.readInEachWay(variants.stream().<Consumer<Reading>>map(variant -> way ->
                variant.section().read(with(plain(variant.word()), selector, mapping), "",
                        key -> Optional.of(Nearest.hint(key, keys)), way)).toList());
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
                return read(with(value, key.getValue(), mapping), reading);
            }
        }
        reading.error(mapping, oneOf);
        readAsEach(mapping, reading);
        return Optional.empty();
    }

    private boolean standsForSelector(String key, String value) {
        boolean known = variants.stream().anyMatch(variant -> variant.section().knows(key));
        return !known && (words().contains(value) || Nearest.likely(key, List.of(selector)).isPresent());
    }

    /**
     * The section with this value of the selector in place of one of its keys, to find its other mistakes: another such
     * key is one of them.
     */
    private MappingNode with(Node value, String insteadOf, MappingNode mapping) {
        List<NodeTuple> tuples = new ArrayList<>();
        boolean isThere = false;
        for (NodeTuple tuple : mapping.getValue()) {
            boolean isMeant = tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(insteadOf);
            tuples.add(isMeant ? new NodeTuple(selectorAt(tuple.getKeyNode()), value) : tuple);
            isThere |= isMeant;
        }
        if (!isThere) {
            tuples.add(new NodeTuple(plain(selector), value));
        }
        return new MappingNode(mapping.getTag(), true, tuples, mapping.getFlowStyle(), mapping.getStartMark(),
                mapping.getEndMark());
    }

    private static ScalarNode plain(String word) {
        return new ScalarNode(Tag.STR, word, ScalarStyle.PLAIN);
    }

    private ScalarNode selectorAt(Node key) {
        return new ScalarNode(Tag.STR, true, selector, ScalarStyle.PLAIN, key.getStartMark(), key.getEndMark());
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
