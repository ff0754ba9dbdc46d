package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.Key.Default;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A mapping with known keys, which stands for one record. Its table of keys drives parsing, defaults, dump, schema and
 * reference. Immutable.
 *
 * @param <T> the record
 */
final class Section<T> implements ValueType<T> {

    private final String name;
    private final String meaning;
    private final Map<String, Key<T, ?>> keys;
    private final Map<String, String> refused;
    private final Map<String, Supplier<ValueType<?>>> neighbours;
    private final List<Check<T>> checks;
    private final Consumer<Reading> afterKeys;
    private final Function<Values, T> constructor;

    private Section(Builder<T> builder, Function<Values, T> constructor) {
        this.name = builder.name;
        this.meaning = builder.meaning;
        this.keys = builder.keys;
        this.refused = builder.refused;
        this.neighbours = builder.neighbours;
        this.checks = builder.checks;
        this.afterKeys = builder.afterKeys;
        this.constructor = constructor;
    }

    /** Starts a section. @param name unique, also the schema's name @param meaning the description for the reference */
    static <T> Builder<T> named(String name, String meaning) {
        return new Builder<>(name, meaning);
    }

    String name() {
        return name;
    }

    String meaning() {
        return meaning;
    }

    Collection<Key<T, ?>> keys() {
        return keys.values();
    }

    /** The record when no key is given; only for a section without required keys. */
    T defaults() {
        Values values = new Values("");
        keys.values().forEach(values::putDefault);
        return constructor.apply(values);
    }

    @Override
    public Optional<T> read(Node node, Reading reading) {
        return read(node, "", _ -> Optional.empty(), reading);
    }

    /**
     * As the other {@code read}.
     *
     * @param nameInMap the section's name in its map of sections; empty if it is not in a map
     * @param elsewhere a hint for a key that this section does not have but a related one has
     */
    Optional<T> read(Node node, String nameInMap, Function<String, Optional<String>> elsewhere, Reading reading) {
        if (!(node instanceof MappingNode mapping)) {
            reading.error(node, "expected a mapping of keys, not " + Nodes.shown(node), shape());
            return Optional.empty();
        }
        int errorsBefore = reading.errorCount();
        Map<String, Node> given = givenKeys(mapping, elsewhere, reading);
        Values values = new Values(nameInMap);
        readKeys(mapping, given, values, reading);
        runChecks(node, given, values, reading);
        afterKeys.accept(reading);
        return reading.errorCount() == errorsBefore ? construct(node, values, reading) : Optional.empty();
    }

    /** The required keys, or else the optional ones. */
    @Override
    public Optional<String> shape() {
        return Optional.of(required().isEmpty() ? Nearest.knownHere(keys.keySet())
                : "write " + braces());
    }

    /** The section with its required keys, in YAML's flow style. */
    String braces() {
        return "{ " + String.join(": ..., ", required()) + ": ... }";
    }

    boolean knows(String key) {
        return keys.containsKey(key);
    }

    private List<String> required() {
        return keys.values().stream().filter(Key::isRequired).map(Key::name).toList();
    }

    private Optional<T> construct(Node node, Values values, Reading reading) {
        try {
            return Optional.of(constructor.apply(values));
        } catch (IllegalArgumentException e) {
            reading.error(node, e.getMessage());
            return Optional.empty();
        }
    }

    private Map<String, Node> givenKeys(
            MappingNode mapping, Function<String, Optional<String>> elsewhere, Reading reading) {
        Map<String, Node> given = new LinkedHashMap<>();
        Map<String, Integer> firstLines = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                reading.error(keyNode, "expected a key, not " + Nodes.shown(keyNode));
                continue;
            }
            String key = scalar.getValue();
            Integer firstLine = firstLines.putIfAbsent(key, Reading.line(keyNode));
            if (firstLine != null) {
                reading.error(keyNode, "key " + Nodes.quoted(key) + " is already in line " + firstLine);
            } else if (keys.containsKey(key)) {
                given.put(key, tuple.getValueNode());
            } else if (refused.containsKey(key)) {
                reading.error(keyNode, "key " + Nodes.quoted(key) + " is not for here", Optional.of(refused.get(key)));
            } else {
                reading.error(keyNode, "unknown key " + Nodes.quoted(key),
                        elsewhere.apply(key).or(() -> Optional.of(hint(key))));
            }
        }
        return given;
    }

    /** What was meant by an unknown key: a peer's word, a mistyped one, the same inside or beside, or a longer one. */
    private String hint(String key) {
        return notOfYaml(key).or(() -> PeerWords.hint(key, keys.keySet()))
                .or(() -> Nearest.mistyped(key, keys.keySet()))
                .or(() -> anyOf(keys.values().stream().filter(outer -> knows(outer.type(), key)).map(Key::name))
                        .map(outer -> "write it inside " + outer))
                .or(() -> anyOf(neighbours.entrySet().stream().filter(beside -> knows(beside.getValue().get(), key))
                        .map(Map.Entry::getKey)).map(beside -> "write it into " + beside))
                .orElseGet(() -> Nearest.hintByLetters(key, keys.keySet()));
    }

    /** In braces, YAML takes {@code name:a} for a key without a value; and version 1.2 does not merge keys. */
    private Optional<String> notOfYaml(String key) {
        if (key.equals("<<")) {
            return Optional.of("keys are not merged: write them out; an alias stands for a whole value");
        }
        int colon = key.indexOf(':');
        return colon > 0 && keys.containsKey(key.substring(0, colon))
                ? Optional.of("a space follows the colon: write " + key.substring(0, colon) + ": ...")
                : Optional.empty();
    }

    private static boolean knows(ValueType<?> type, String key) {
        return type.nested().stream().anyMatch(nested -> nested.section().knows(key));
    }

    private static Optional<String> anyOf(Stream<String> places) {
        return places.reduce((one, another) -> one + " or " + another);
    }

    /** Reads keys in the table's order: a derived key comes after its source, and has no value if the source is bad. */
    private void readKeys(MappingNode mapping, Map<String, Node> given, Values values, Reading reading) {
        for (Key<T, ?> key : keys.values()) {
            Node node = given.get(key.name());
            if (node != null) {
                readKey(key, node, values, reading);
            } else if (key.isRequired()) {
                reading.error(mapping, "key \"" + key.name() + "\" is missing");
            } else {
                values.putDefault(key);
            }
        }
    }

    private <V> void readKey(Key<T, V> key, Node node, Values values, Reading reading) {
        reading.read("." + key.name(), node, key.type()::read).ifPresent(value -> values.put(key, value));
    }

    private void runChecks(Node node, Map<String, Node> given, Values values, Reading reading) {
        for (Check<T> check : checks) {
            if (values.haveAll(check.keys()) && !check.good().test(values)) {
                String at = check.keys().getFirst().name();
                reading.error(given.getOrDefault(at, node), reading.path("." + at), check.message(), Optional.empty());
            }
        }
    }

    @Override
    public Object write(T record) {
        Map<String, Object> written = new LinkedHashMap<>();
        keys.values().stream().filter(key -> !key.isOmitted(record))
                .forEach(key -> written.put(key.name(), key.write(record)));
        return written;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return definitions.reference(this);
    }

    Map<String, Object> ownSchema(Definitions definitions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.values().forEach(key -> properties.put(key.name(), key.schema(definitions)));
        Map<String, Object> schema = Json.object("description", meaning, "type", "object",
                "additionalProperties", false, "properties", properties);
        List<String> required = required();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    @Override
    public String values() {
        return "section";
    }

    @Override
    public List<Nested> nested() {
        return List.of(new Nested("", "", this));
    }

    /**
     * A rule across several keys.
     *
     * @param keys all keys that the rule looks at; a violation is reported at the first
     */
    private record Check<T>(List<Key<T, ?>> keys, Predicate<Values> good, String message) { }

    /** Collects the keys of a section in the order of dump and reference. */
    static final class Builder<T> {

        private final String name;
        private final String meaning;
        private final Map<String, Key<T, ?>> keys = new LinkedHashMap<>();
        private final Map<String, String> refused = new LinkedHashMap<>();
        private final Map<String, Supplier<ValueType<?>>> neighbours = new LinkedHashMap<>();
        private final List<Check<T>> checks = new ArrayList<>();
        private Consumer<Reading> afterKeys = _ -> { };

        private Builder(String name, String meaning) {
            this.name = name;
            this.meaning = meaning;
        }

        <V> Key<T, V> required(String key, ValueType<V> type, Function<T, V> getter, String means) {
            return add(new Key<>(key, type, Optional.empty(), getter, means));
        }

        <V> Key<T, V> optional(String key, ValueType<V> type, V fallback, Function<T, V> getter, String means) {
            return add(new Key<>(key, type, Optional.of(new Default.Fixed<>(fallback)), getter, means));
        }

        /** An optional key that the dump leaves out if it has its default. */
        <V> Key<T, V> omitted(String key, ValueType<V> type, V fallback, Function<T, V> getter, String means) {
            return add(new Key<>(key, type, Optional.of(new Default.Omitted<>(fallback)), getter, means));
        }

        /** An optional key without a default. */
        <V> Key<T, Optional<V>> maybe(
                String key, ValueType<V> type, Function<T, Optional<V>> getter, String means) {
            return omitted(key, type.map(Optional::of, Optional::orElseThrow), Optional.empty(), getter, means);
        }

        /** An optional bound of at least 1; without it, or by the word, {@link SluiceConfig#UNLIMITED}. */
        Key<T, Integer> bound(String key, Function<T, Integer> getter, String means) {
            return optional(key, Numbers.integer(1, SluiceConfig.UNLIMITED - 1).or("unlimited", SluiceConfig.UNLIMITED),
                    SluiceConfig.UNLIMITED, getter, means);
        }

        <V> Key<T, V> derived(
                String key, ValueType<V> type, Default.Derived<V, ?> fallback, Function<T, V> getter, String means) {
            return add(new Key<>(key, type, Optional.of(fallback), getter, means));
        }

        /** A subsection with defaults for all of its keys, which also apply if the subsection is absent. */
        <V> Key<T, V> subsection(String key, Section<V> section, Function<T, V> getter, String means) {
            return optional(key, section, section.defaults(), getter, means);
        }

        /** Refuses a key that users may expect. @param instead says what to write instead */
        void refused(String key, String instead) {
            refused.put(key, instead);
        }

        /** Refuses keys that users may expect. @param instead says what to write instead of any of them */
        void refused(List<String> others, String instead) {
            others.forEach(key -> refused(key, instead));
        }

        /**
         * Names other sections whose keys users may look for in this one.
         *
         * @param place such as "the pool"
         * @param type  asked for late, as sections may name each other
         */
        void neighbour(String place, Supplier<ValueType<?>> type) {
            neighbours.put(place, type);
        }

        /** Adds a rule across several keys; a violation is reported at the first. */
        void check(List<? extends Key<T, ?>> of, Predicate<Values> good, String message) {
            checks.add(new Check<>(List.copyOf(of), good, message));
        }

        /** Adds a step that runs after all keys have been read, even with errors. */
        void afterKeys(Consumer<Reading> step) {
            afterKeys = step;
        }

        Section<T> build(Function<Values, T> constructor) {
            return new Section<>(this, constructor);
        }

        private <V> Key<T, V> add(Key<T, V> key) {
            keys.put(key.name(), key);
            return key;
        }
    }
}
