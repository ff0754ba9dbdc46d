package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.load.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code benchmarks/LOAD.md} says what the commands do, where that can be compared. */
class BenchDocumentTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(-[^|]+)` \\|");
    private static final Pattern OPTION = Pattern.compile("--?[a-zA-Z-]+");
    /** Of every command. */
    private static final Set<String> COMMON = Set.of("-f", "--file", "-h", "--help", "-V", "--version");

    private String document;

    @BeforeEach
    void readDocument() throws Exception {
        document = Files.readString(Path.of("..", "benchmarks", "LOAD.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "origin"})
    void listsEveryOptionAndNoOther(String command) {
        String heading = command.equals("bench") ? "## Load" : "## A server";
        String section = document.substring(document.indexOf(heading));
        section = section.substring(0, section.indexOf("\n## "));
        Set<String> documented = ROW.matcher(section).results()
                .flatMap(row -> OPTION.matcher(row.group(1)).results()).map(option -> option.group())
                .collect(Collectors.toCollection(TreeSet::new));
        CommandSpec spec = SluiceCommand.commandLine().getSubcommands().get(command).getCommandSpec();
        Set<String> offered = spec.options().stream().flatMap(BenchDocumentTest::names)
                .filter(name -> !COMMON.contains(name)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(offered, documented);
    }

    @Test
    void listsEveryKindOfFailure() {
        for (Failure failure : Failure.values()) {
            assertTrue(document.contains("| failed: `" + failure.label() + "` |"), failure.label());
        }
    }

    private static Stream<String> names(OptionSpec option) {
        Stream<String> names = Stream.of(option.names());
        String negated = "--no-" + option.longestName().substring(2);
        return option.negatable() ? Stream.concat(names, Stream.of(negated)) : names;
    }
}
