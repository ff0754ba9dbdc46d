package io.sluice.config.parse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The configurations that Sluice ships. */
final class ExampleFiles {

    private ExampleFiles() { }

    /** {@code sluice.yaml} and all of {@code examples}. */
    static List<Path> all() throws IOException {
        try (Stream<Path> examples = Files.list(Path.of("examples"))) {
            return Stream.concat(Stream.of(Path.of("sluice.yaml")),
                    examples.filter(file -> file.toString().endsWith(".yaml")).sorted()).toList();
        }
    }
}
