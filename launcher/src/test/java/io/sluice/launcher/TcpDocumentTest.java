package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.l4.tcp.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** config/TCP.md says what the program does, where that can be compared. */
class TcpDocumentTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| ([^|]+) \\|$");

    private String document;

    @BeforeEach
    void readDocument() throws IOException {
        document = Files.readString(ShippedFiles.HOME.resolve("config/TCP.md"));
    }

    @Test
    void listsEveryRefusalWithItsMeaning() {
        List<String> refusals = Stream.of(Refusal.values())
                .map(refusal -> refusal.reason() + " " + refusal.meaning()).toList();
        String table = document.substring(document.indexOf("| refusal | meaning |"));
        assertEquals(refusals,
                ROW.matcher(table).results().map(row -> row.group(1) + " " + row.group(2)).toList());
    }

    @Test
    void showsRoutesThatAreValid() throws ConfigException {
        List<SluiceConfig> configs = ShippedFiles.configurationsIn(document, "TCP.md");
        assertEquals(List.of("tls"), configs.getFirst().listeners().stream().map(ListenerConfig::name).toList());
    }
}
