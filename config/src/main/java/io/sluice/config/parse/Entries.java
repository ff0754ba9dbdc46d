package io.sluice.config.parse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * A map from keys that the operator chooses to single values, in the order of the file. Immutable.
 *
 * @param key   the type of the keys
 * @param value the type of the values
 */
record Entries<K, V>(Scalar<K> key, ValueType<V> value) implements ValueType<Map<K, V>> {

    @Override
    public Optional<Map<K, V>> read(Node node, Reading reading) {
        if (!(node instanceof MappingNode mapping)) {
            reading.error(node, "expected a mapping, not " + Nodes.shown(node));
            return Optional.empty();
        }
        int errorsBefore = reading.errorCount();
        Map<K, V> values = new LinkedHashMap<>();
        Map<K, Integer> firstLines = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            key.read(keyNode, reading).ifPresent(name -> {
                Integer firstLine = firstLines.putIfAbsent(name, Reading.line(keyNode));
                if (firstLine != null) {
                    reading.error(keyNode, "key " + Nodes.quoted(name.toString()) + " is already in line " + firstLine);
                }
                reading.read("." + name, tuple.getValueNode(), value::read).ifPresent(read -> values.put(name, read));
            });
        }
        return reading.errorCount() == errorsBefore ? Optional.of(values) : Optional.empty();
    }

    @Override
    public Object write(Map<K, V> values) {
        Map<Object, Object> written = new LinkedHashMap<>();
        values.forEach((name, one) -> written.put(key.write(name), value.write(one)));
        return written;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Json.object("type", "object", "additionalProperties", value.schema(definitions));
    }

    @Override
    public String values() {
        return key.values() + ": " + value.values();
    }
}
