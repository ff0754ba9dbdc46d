package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import io.sluice.core.net.TlsFailure;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** config/TLS.md says what the program does, where that can be compared. */
class TlsDocumentTest {

    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern REASON = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    @Test
    void showsConfigurationsThatAreValid() throws Exception {
        List<SluiceConfig> configs = new ArrayList<>();
        String document = Files.readString(ShippedFiles.HOME.resolve("config/TLS.md"));
        for (MatchResult block : YAML.matcher(document).results().toList()) {
            configs.add(ConfigParser.load(block.group(1), "TLS.md", ShippedFiles.HOME.resolve("config/examples"))
                    .config());
        }
        assertEquals(5, configs.size());
        assertEquals(2, configs.getFirst().listeners().getFirst().tls().orElseThrow().certificates().size());
        assertTrue(configs.getFirst().pool("web").tls().orElseThrow().verify());
        assertTrue(configs.getLast().pool("orders").asksForPostgresTls());
    }

    @Test
    void listsEveryReasonForWhichHandshakesAreRefused() throws Exception {
        String document = Files.readString(ShippedFiles.HOME.resolve("config/TLS.md"));
        String table = document.substring(document.indexOf("| reason | meaning |"), document.indexOf("## Sessions"));
        assertEquals(Stream.of(TlsFailure.values()).map(TlsFailure::refusal).filter(Objects::nonNull).toList(),
                REASON.matcher(table).results().map(row -> row.group(1)).toList());
    }
}
