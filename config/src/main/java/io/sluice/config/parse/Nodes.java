package io.sluice.config.parse;

import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Queries on nodes of the YAML tree. */
final class Nodes {

    private static final int MAX_SHOWN = 60;
    private static final Set<Tag> KNOWN_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ, Tag.MERGE);

    private Nodes() { }

    /** What the operator wrote, in the form for error messages. */
    static String shown(Node node) {
        return switch (node) {
            case MappingNode _ -> "a mapping of keys";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar -> quoted(scalar.getValue());
            default -> "this";
        };
    }

    static String quoted(String text) {
        String cut = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
        StringBuilder shown = new StringBuilder("\"");
        // A message is one line, and must not contain control characters for the terminal.
        cut.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.append('"').toString();
    }

    /** Whether the key has no value. */
    static boolean isEmpty(Node node) {
        return node instanceof ScalarNode scalar && scalar.isPlain() && scalar.getTag().equals(Tag.NULL);
    }

    /** Whether the node has a tag for a type beyond plain YAML, of which a configuration uses none. */
    static boolean hasForeignTag(Node node) {
        return !KNOWN_TAGS.contains(node.getTag());
    }

    /** The scalar value of a mapping's key, if there is one. */
    static Optional<ScalarNode> scalar(Node node, String key) {
        if (!(node instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
                return tuple.getValueNode() instanceof ScalarNode scalar ? Optional.of(scalar) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
