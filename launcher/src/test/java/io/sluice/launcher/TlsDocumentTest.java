package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** config/TLS.md says what the program does, where that can be compared. */
class TlsDocumentTest {

    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

    @Test
    void showsConfigurationsThatAreValid() throws Exception {
        List<SluiceConfig> configs = new ArrayList<>();
        String document = Files.readString(ShippedFiles.HOME.resolve("config/TLS.md"));
        for (MatchResult block : YAML.matcher(document).results().toList()) {
            configs.add(ConfigParser.parse(block.group(1), "TLS.md", ShippedFiles.HOME.resolve("config/examples")));
        }
        assertEquals(5, configs.size());
        assertEquals(2, configs.getFirst().listeners().getFirst().tls().orElseThrow().certificates().size());
        assertTrue(configs.getFirst().pool("web").tls().orElseThrow().verify());
        assertTrue(configs.getLast().pool("orders").asksForPostgresTls());
    }
}
