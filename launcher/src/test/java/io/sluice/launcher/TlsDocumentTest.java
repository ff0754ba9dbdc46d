package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** config/TLS.md says what the program does, where that can be compared. */
class TlsDocumentTest {

    @Test
    void showsAConfigurationThatIsValid() throws Exception {
        String document = Files.readString(ShippedFiles.HOME.resolve("config/TLS.md"));
        String yaml = document.substring(document.indexOf("```yaml") + 7, document.indexOf("```\n\n## Certificates"));
        SluiceConfig config = ConfigParser.parse(yaml, "TLS.md", ShippedFiles.HOME.resolve("config/examples"));
        assertEquals(2, config.listeners().getFirst().tls().orElseThrow().certificates().size());
        assertTrue(config.pool("web").tls().orElseThrow().verify());
    }
}
