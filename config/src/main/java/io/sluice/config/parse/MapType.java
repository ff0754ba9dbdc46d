package io.sluice.config.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Sections by name, in the order of the file. Immutable.
 *
 * @param name    the type of the names
 * @param section the section of each name
 * @param nameOf  returns a record's name
 */
record MapType<V>(ValueType<String> name, Section<V> section, Function<V, String> nameOf)
        implements ValueType<List<V>> {

    @Override
    public Optional<List<V>> read(Node node, Reading reading) {
        if (!(node instanceof MappingNode mapping)) {
            reading.error(node, "expected a mapping of names, not " + Nodes.shown(node),
                    Optional.of("write each name as a key, such as web: " + section.braces()));
            return Optional.empty();
        }
        Map<String, Integer> firstLines = new LinkedHashMap<>();
        List<V> values = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            Optional<String> entry = name.read(key, reading);
            Integer firstLine = entry.map(text -> firstLines.putIfAbsent(text, Reading.line(key))).orElse(null);
            if (firstLine != null) {
                reading.error(key, "name " + Nodes.quoted(entry.get()) + " is already taken in line " + firstLine);
            } else {
                readEntry(entry, tuple.getValueNode(), reading).ifPresent(values::add);
            }
        }
        return values.size() == mapping.getValue().size() ? Optional.of(values) : Optional.empty();
    }

    /** Reads the section of a bad name, too, to find further errors. */
    private Optional<V> readEntry(Optional<String> entry, Node node, Reading reading) {
        String text = entry.orElse("?");
        Optional<V> value = reading.read("." + text, node,
                (at, state) -> section.read(at, text, _ -> Optional.empty(), state));
        return entry.isPresent() ? value : Optional.empty();
    }

    @Override
    public Object write(List<V> values) {
        Map<String, Object> written = new LinkedHashMap<>();
        values.forEach(value -> written.put(nameOf.apply(value), section.write(value)));
        return written;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Json.object("type", "object", "propertyNames", name.schema(definitions),
                "additionalProperties", section.schema(definitions));
    }

    @Override
    public String values() {
        return "sections by name";
    }

    @Override
    public List<Nested> nested() {
        return List.of(new Nested(".<name>", "", section));
    }
}
