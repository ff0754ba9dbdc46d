package io.sluice.config.parse;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The text of a configuration as it was written, and edits of it. An edit keeps all other parts, but not comments and
 * layout. It does not check what it adds: {@link ConfigParser} does. Immutable.
 *
 * @param name          what errors call the text, such as a file's name
 * @param baseDirectory where relative paths in the configuration start
 * @param file          the file that the text, or the text before edits, was read from
 */
public record ConfigDocument(String name, String text, Path baseDirectory, Optional<Path> file) {

    private static final String NO_FILE = "configuration";

    /** Reads the text of a file. */
    public static ConfigDocument read(Path file) throws ConfigException {
        return of(Source.read(file), Optional.of(file));
    }

    static ConfigDocument of(Source source, Optional<Path> file) {
        return new ConfigDocument(source.name(), source.text(), source.baseDirectory(), file);
    }

    /** A document with another text. Errors do not name the file, which does not have these lines. */
    public ConfigDocument withText(String other) {
        return new ConfigDocument(NO_FILE, other, baseDirectory, file);
    }

    /** Parses the text. */
    public LoadedConfig load() throws ConfigException {
        return ConfigParser.load(source(), file);
    }

    /** With one more listener. @param entry its keys as YAML, of which JSON is a subset */
    public ConfigDocument withListener(String entry) throws ConfigException {
        MappingNode root = root();
        valueOf(root, "listeners").ifPresent(list -> append(list, compose(entry)));
        return with(root);
    }

    /** With one more pool. @param keys as YAML */
    public ConfigDocument withPool(String pool, String keys) throws ConfigException {
        MappingNode root = root();
        ScalarNode key = new ScalarNode(Tag.STR, pool, ScalarStyle.PLAIN);
        Node added = compose(keys);
        pools(root).ifPresent(pools -> pools.getValue().add(new NodeTuple(key, added)));
        return with(root);
    }

    /** With one more server; empty if there is no such pool. @param entry its keys as YAML */
    public Optional<ConfigDocument> withServer(String pool, String entry) throws ConfigException {
        MappingNode root = root();
        Optional<Node> servers = servers(root, pool);
        servers.ifPresent(list -> append(list, compose(entry)));
        return servers.map(_ -> with(root));
    }

    /** Without a listener; empty if there is none of that name. */
    public Optional<ConfigDocument> withoutListener(String listener) throws ConfigException {
        MappingNode root = root();
        return removed(valueOf(root, "listeners"), listener) ? Optional.of(with(root)) : Optional.empty();
    }

    /** Without a pool; empty if there is none of that name. */
    public Optional<ConfigDocument> withoutPool(String pool) throws ConfigException {
        MappingNode root = root();
        boolean isGone = pools(root).map(pools -> pools.getValue().removeIf(isKey(pool))).orElse(false);
        return isGone ? Optional.of(with(root)) : Optional.empty();
    }

    /** Without a server; empty if there is no such pool or no such server in it. */
    public Optional<ConfigDocument> withoutServer(String pool, String server) throws ConfigException {
        MappingNode root = root();
        return removed(servers(root, pool), server) ? Optional.of(with(root)) : Optional.empty();
    }

    /** The text with {@link HttpTypes#HIDDEN} for each secret, which no key accepts, so nobody uses it unawares. */
    public String textWithoutSecrets() throws ConfigException {
        List<ScalarNode> secrets = new ArrayList<>();
        collectSecrets(root(), secrets);
        // An alias yields its anchor's node, which may stand before secrets collected earlier.
        secrets.sort(Comparator.comparingInt(secret -> secret.getStartMark().orElseThrow().getIndex()));
        StringBuilder shown = new StringBuilder();
        int end = 0;
        for (ScalarNode secret : secrets) {
            int from = text.offsetByCodePoints(0, secret.getStartMark().orElseThrow().getIndex());
            if (from >= end) {
                shown.append(text, end, from).append('"').append(HttpTypes.HIDDEN).append('"');
                end = text.offsetByCodePoints(0, secret.getEndMark().orElseThrow().getIndex());
            }
        }
        return shown.append(text, end, text.length()).toString();
    }

    private static void collectSecrets(Node node, List<ScalarNode> secrets) {
        switch (node) {
            case SequenceNode list -> list.getValue().forEach(entry -> collectSecrets(entry, secrets));
            case MappingNode mapping -> mapping.getValue().forEach(tuple -> {
                boolean isSecret = ConfigDiff.SECRET.stream().anyMatch(key -> isKey(key).test(tuple));
                if (isSecret && tuple.getValueNode() instanceof ScalarNode value) {
                    secrets.add(value);
                } else {
                    collectSecrets(tuple.getValueNode(), secrets);
                }
            });
            default -> { }
        }
    }

    private MappingNode root() throws ConfigException {
        return (MappingNode) YamlTree.compose(source());
    }

    private Source source() throws ConfigException {
        return Source.of(name, text, baseDirectory);
    }

    /** Parses an entry from outside: JSON, which is also YAML. */
    private Node compose(String yaml) {
        try {
            return YamlTree.compose(Source.of("the request", yaml, baseDirectory));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private ConfigDocument with(MappingNode root) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setWidth(120)
                .build();
        Text changed = new Text();
        new Dump(settings).dumpNode(root, changed);
        return withText(changed.toString());
    }

    private static Optional<Node> servers(MappingNode root, String pool) {
        return pools(root).flatMap(pools -> valueOf(pools, pool)).filter(MappingNode.class::isInstance)
                .flatMap(keys -> valueOf((MappingNode) keys, "servers"));
    }

    private static Optional<MappingNode> pools(MappingNode root) {
        return valueOf(root, "pools").filter(MappingNode.class::isInstance).map(MappingNode.class::cast);
    }

    private static Optional<Node> valueOf(MappingNode mapping, String key) {
        return mapping.getValue().stream().filter(isKey(key)).map(NodeTuple::getValueNode).findFirst();
    }

    private static Predicate<NodeTuple> isKey(String key) {
        return tuple -> tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key);
    }

    private static void append(Node list, Node entry) {
        if (list instanceof SequenceNode sequence) {
            sequence.getValue().add(entry);
        }
    }

    private static boolean removed(Optional<Node> list, String name) {
        return list.orElse(null) instanceof SequenceNode sequence && sequence.getValue().removeIf(
                entry -> Nodes.scalar(entry, "name").filter(scalar -> scalar.getValue().equals(name)).isPresent());
    }

    /** The YAML library's output. */
    private static final class Text extends StringWriter implements StreamDataWriter { }
}
