package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are checked in and yet generated. */
final class GeneratedFiles {

    private GeneratedFiles() { }

    /** Fails if the file is not what is generated now; with {@code -Dsluice.regenerate=true}, writes it first. */
    static void assertCurrent(Path file, String generated) throws IOException {
        if (Boolean.getBoolean("sluice.regenerate")) {
            Files.writeString(file, generated);
        }
        assertEquals(generated, Files.exists(file) ? Files.readString(file) : "", file + " is not what the keys of the "
                + "configuration generate. Run: mvn -pl config -am verify -Dsluice.regenerate=true");
    }
}
