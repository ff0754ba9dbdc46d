package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.l7.http.HttpError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** config/HTTP.md says what the program does, where that can be compared. */
class HttpDocumentTest {

    private static final Pattern REFUSAL = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| (\\d{3}) \\| (.+) \\|$");

    private String document;

    @BeforeEach
    void readDocument() throws IOException {
        document = Files.readString(ShippedFiles.HOME.resolve("config/HTTP.md"));
    }

    @Test
    void listsEveryRefusalWithItsStatusAndMeaning() {
        List<String> refusals = Stream.of(HttpError.values())
                .map(error -> error.reason() + " " + error.status() + " " + error.sentence()).toList();
        assertEquals(refusals, REFUSAL.matcher(document).results()
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3)).toList());
    }

    @Test
    void showsRoutesThatAreValid() throws ConfigException {
        List<SluiceConfig> configs = ShippedFiles.configurationsIn(document, "HTTP.md");
        assertEquals(List.of("web"), configs.getFirst().listeners().stream().map(ListenerConfig::name).toList());
    }
}
