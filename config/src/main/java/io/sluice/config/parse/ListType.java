package io.sluice.config.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A list; one scalar may stand for a list of one. Immutable.
 *
 * @param item     the type of the items
 * @param least    the least number of items
 * @param uniqueBy a key of the items' sections that must differ from item to item; empty: none
 */
record ListType<V>(ValueType<V> item, int least, Optional<String> uniqueBy) implements ValueType<List<V>> {

    static <V> ListType<V> of(ValueType<V> item) {
        return new ListType<>(item, 0, Optional.empty());
    }

    ListType<V> notEmpty() {
        return new ListType<>(item, 1, uniqueBy);
    }

    ListType<V> uniqueBy(String key) {
        return new ListType<>(item, least, Optional.of(key));
    }

    /** As this one, and no value may be in it twice. */
    ValueType<List<V>> eachOnce() {
        return then(this::reportRepeated);
    }

    @Override
    public Optional<List<V>> read(Node node, Reading reading) {
        if (node instanceof ScalarNode && takesScalars()) {
            return item.read(node, reading).map(List::of);
        }
        if (!(node instanceof SequenceNode sequence)) {
            reading.error(node, "expected a list, not " + Nodes.shown(node),
                    Optional.of("begin each entry with a dash and a space"));
            return Optional.empty();
        }
        List<Node> nodes = sequence.getValue();
        if (nodes.size() < least) {
            reading.error(node, "needs at least " + least + (least == 1 ? " entry" : " entries"));
            return Optional.empty();
        }
        List<V> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            reading.read("[" + i + "]", nodes.get(i), item::read).ifPresent(values::add);
        }
        uniqueBy.ifPresent(key -> reportTwins(key, nodes, reading));
        return values.size() == nodes.size() ? Optional.of(values) : Optional.empty();
    }

    private boolean takesScalars() {
        return item.nested().isEmpty();
    }

    private static void reportTwins(String key, List<Node> nodes, Reading reading) {
        Map<String, Integer> firstLines = new HashMap<>();
        for (Node node : nodes) {
            Nodes.scalar(node, key).ifPresent(scalar -> {
                Integer firstLine = firstLines.putIfAbsent(scalar.getValue(), Reading.line(scalar));
                if (firstLine != null) {
                    reading.error(scalar, key + " " + Nodes.quoted(scalar.getValue())
                            + " is already taken in line " + firstLine);
                }
            });
        }
    }

    private List<V> reportRepeated(List<V> values, Node node, Reading reading) {
        SequencedSet<V> seen = new LinkedHashSet<>();
        for (int i = 0; i < values.size(); i++) {
            if (!seen.add(values.get(i))) {
                reading.error(((SequenceNode) node).getValue().get(i), reading.path("[" + i + "]"),
                        Nodes.quoted(item.write(values.get(i)).toString()) + " is already in this list",
                        Optional.empty());
            }
        }
        return List.copyOf(seen);
    }

    @Override
    public Object write(List<V> values) {
        return values.stream().map(item::write).toList();
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> one = item.schema(definitions);
        Map<String, Object> list = Json.object("type", "array", "items", one);
        if (least > 0) {
            list.put("minItems", least);
        }
        return takesScalars() ? Json.object("anyOf", List.of(one, list)) : list;
    }

    @Override
    public String values() {
        return takesScalars() ? "list of: " + item.values() : "list of sections";
    }

    @Override
    public List<Nested> nested() {
        return item.nested().stream().map(nested -> nested.under("[]")).toList();
    }
}
