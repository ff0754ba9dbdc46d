package io.sluice.config.parse;

import io.sluice.config.parse.Locations.Position;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** The state of parsing one file: the present path, errors and references so far. Owned by one parse. */
final class Reading {

    private static final int MAX_ERRORS = 1000;

    private final Source source;
    private final Deque<String> path = new ArrayDeque<>();
    private final SequencedSet<ConfigError> errors = new LinkedHashSet<>();
    private final SequencedSet<ConfigError> warnings = new LinkedHashSet<>();
    private final PoolUses pools;
    private final RoleUses roles = new RoleUses();
    private final PostgresTlsUses postgresTls = new PostgresTlsUses();
    private final PoolProtocols poolProtocols = new PoolProtocols();
    private final Binds binds = new Binds();
    private final Map<String, Position> positions = new HashMap<>();
    private int errorCount;

    Reading(Source source) {
        this(source, new PoolUses());
    }

    private Reading(Source source, PoolUses pools) {
        this.source = source;
        this.pools = pools;
    }

    Path baseDirectory() {
        return source.baseDirectory();
    }

    /** Definitions and uses of pools. */
    PoolUses pools() {
        return pools;
    }

    /** Pools that know roles, and uses of roles. */
    RoleUses roles() {
        return roles;
    }

    /** Pools that begin TLS with PostgreSQL's SSLRequest, and their uses. */
    PostgresTlsUses postgresTls() {
        return postgresTls;
    }

    /** Pools, and the protocols of their clients. */
    PoolProtocols poolProtocols() {
        return poolProtocols;
    }

    /** Addresses that something listens on. */
    Binds binds() {
        return binds;
    }

    /** Reads a node one step further down, such as {@code .servers} or {@code [0]}. */
    <V> Optional<V> read(String step, Node node, Reader<V> reader) {
        path.addLast(step);
        positions.put(path(), position(node));
        try {
            return isPlain(node) ? reader.read(node, this) : Optional.empty();
        } finally {
            path.removeLast();
        }
    }

    /** Reads in each of these ways, as it is not known which is meant, and reports the errors that all of them find. */
    void readInEachWay(List<Consumer<Reading>> ways) {
        List<Reading> readings = ways.stream().map(this::readApart).toList();
        readings.getFirst().errors.stream()
                .filter(error -> readings.stream().allMatch(reading -> reading.errors.contains(error)))
                .forEach(this::add);
    }

    /** With a state of its own but for the uses of pools, which are none the less for an error beside them. */
    private Reading readApart(Consumer<Reading> way) {
        Reading apart = new Reading(source, pools);
        apart.path.addAll(path);
        way.accept(apart);
        return apart;
    }

    private boolean isPlain(Node node) {
        if (Nodes.isEmpty(node)) {
            error(node, "has no value", Optional.of("give it one, indented further if it is a section, or remove it"));
            return false;
        }
        if (Nodes.hasForeignTag(node)) {
            error(node, "the tag " + node.getTag().getValue() + " has no meaning here");
            return false;
        }
        return true;
    }

    /** The path in the configuration, such as {@code pools.db.servers[0].weight}; empty at the root. */
    String path() {
        return path("");
    }

    /** The path of a step further down. */
    String path(String step) {
        String joined = String.join("", path) + step;
        return joined.startsWith(".") ? joined.substring(1) : joined;
    }

    /** The number of errors so far, including those beyond the first {@link #MAX_ERRORS}. */
    int errorCount() {
        return errorCount;
    }

    void error(Node at, String message) {
        error(at, message, Optional.empty());
    }

    void error(Node at, String message, Optional<String> suggestion) {
        error(at, path(), message, suggestion);
    }

    void error(Node at, String path, String message, Optional<String> suggestion) {
        add(located(at, path, message, suggestion));
    }

    private void add(ConfigError error) {
        errorCount++;
        if (errors.size() < MAX_ERRORS) {
            errors.add(error);
        }
    }

    void warning(Node at, String path, String message) {
        warnings.add(located(at, "warning: " + path, message, Optional.empty()));
    }

    List<ConfigError> errors() {
        return sorted(errors);
    }

    List<ConfigError> warnings() {
        return sorted(warnings);
    }

    /** The places of all nodes read. */
    Locations locations() {
        return new Locations(source, positions);
    }

    private static Position position(Node node) {
        return node.getStartMark().map(mark -> new Position(mark.getLine(), mark.getColumn()))
                .orElse(new Position(0, 0));
    }

    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private ConfigError located(Node at, String path, String message, Optional<String> suggestion) {
        Position position = position(at);
        return source.error(position.line(), position.column(), path.isEmpty() ? message : path + ": " + message,
                suggestion);
    }

    private static List<ConfigError> sorted(SequencedSet<ConfigError> found) {
        List<ConfigError> sorted = new ArrayList<>(found);
        sorted.sort(ConfigError.BY_POSITION);
        return sorted;
    }

    /** Reads a node, or reports its errors. */
    interface Reader<V> {
        Optional<V> read(Node node, Reading reading);
    }
}
