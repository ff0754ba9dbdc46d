package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of words: names, paths, one of several. */
final class Words {

    private static final Pattern NAME = Pattern.compile(SluiceConfig.NAME_PATTERN);

    private Words() { }

    /** A name. @param what the kind of thing named, for messages */
    static Scalar<String> name(String what) {
        Scalar.Parser<String> parser = text -> {
            if (!NAME.matcher(text).matches()) {
                throw new InvalidValueException("the name of a " + what
                        + " is 1 to 64 letters, digits, '.', '_' or '-', not " + Nodes.quoted(text));
            }
            return text;
        };
        // YAML, and so an editor, takes a name of digits for a number.
        return new Scalar<>("name", Json.object("type", List.of("string", "number"), "pattern", "^" + NAME + "$"),
                parser, value -> value);
    }

    /** The name of a pool that requests or connections go to; the pool must exist. */
    static ValueType<String> poolInUse() {
        return name("pool").then((name, at, reading) -> {
            reading.pools().use(name, at, reading.path());
            return name;
        });
    }

    /** One constant of an enum, in kebab-case. */
    static <E extends Enum<E>> Scalar<E> oneOf(Class<E> type) {
        return oneOf(List.of(type.getEnumConstants()), Words::word);
    }

    /** One of several values. @param word the word for a value */
    static <V> Scalar<V> oneOf(List<V> values, Function<V, String> word) {
        Map<String, V> byWord = new LinkedHashMap<>();
        values.forEach(value -> byWord.put(word.apply(value), value));
        return oneOf(byWord);
    }

    /** A map in the order given. */
    @SafeVarargs
    static <V> SequencedMap<String, V> inOrder(Map.Entry<String, V>... entries) {
        SequencedMap<String, V> map = new LinkedHashMap<>();
        for (Map.Entry<String, V> entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }

    /** One of several values, each with one word. */
    static <V> Scalar<V> oneOf(Map<String, V> byWord) {
        Map<V, Object> written = new LinkedHashMap<>();
        byWord.forEach((word, value) -> written.put(value, asYaml(word)));
        return new Scalar<>(byWord.keySet().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", ")),
                Json.object("enum", List.copyOf(written.values())), text -> find(byWord, text), written::get);
    }

    /** The word as YAML reads it: a word of digits, such as a status code, is a number. */
    private static Object asYaml(String word) {
        return word.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.valueOf(word) : word;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E> E find(Map<String, E> byWord, String text) throws InvalidValueException {
        E found = byWord.get(text);
        if (found == null) {
            throw new InvalidValueException("unknown value " + Nodes.quoted(text),
                    Nearest.hint(text, byWord.keySet()));
        }
        return found;
    }

    /** Exactly this word: the value of a selector, by which {@link Variants} has chosen the section. */
    static Scalar<String> exactly(String word) {
        return new Scalar<>("`" + word + "`", Json.object("const", word), text -> word, value -> value);
    }

    /** A path of a file, made absolute: a relative one starts at the configuration's directory. */
    static ValueType<Path> path() {
        Scalar<Path> type = new Scalar<>("path", Json.object("type", "string", "minLength", 1),
                Words::toPath, Path::toString);
        return type.then((path, node, reading) -> reading.baseDirectory().resolve(path).normalize());
    }

    /** A path of a readable file. */
    static ValueType<Path> readableFile() {
        return path().then((file, node, reading) -> {
            if (Files.notExists(file)) {
                reading.error(node, "no such file: " + file);
            } else if (!Files.isReadable(file)) {
                reading.error(node, "permission denied: " + file);
            } else if (!Files.isRegularFile(file)) {
                reading.error(node, "not a file: " + file);
            }
            return file;
        });
    }

    /** The target of a log: a file, or empty for the process's standard output. */
    static ValueType<Optional<Path>> fileOrStdout() {
        return fileToWrite("the file cannot be opened").<Optional<Path>>map(Optional::of, Optional::orElseThrow)
                .or("stdout", Optional.empty());
    }

    /**
     * A file that Sluice makes if it is missing. Without its directory there is only a warning: a configuration is
     * often validated on another host than the one that Sluice runs on.
     *
     * @param otherwise what happens without the directory
     */
    static ValueType<Path> fileToWrite(String otherwise) {
        return path().then((file, at, reading) -> {
            Path directory = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file)) {
                reading.warning(at, reading.path(), "is a directory: " + file + "; with it " + otherwise);
            } else if (directory != null && !Files.isDirectory(directory)) {
                reading.warning(at, reading.path(), "no such directory: " + directory + "; without it " + otherwise);
            }
            return file;
        });
    }

    private static Path toPath(String text) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("expected a path, not " + Nodes.quoted(text));
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidValueException("not a path: " + e.getReason());
        }
    }
}
