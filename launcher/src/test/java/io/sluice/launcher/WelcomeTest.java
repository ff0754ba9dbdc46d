package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a start prints. */
class WelcomeTest {

    @Test
    void tellsWhatLeadsNowhere() throws Exception {
        SluiceConfig config = ConfigParser.parse("""
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    routes: [{ redirect: { to: "https://*/" } }]
                pools:
                  web: { servers: [{ name: a, address: 127.0.0.1:1, state: maintenance }] }
                """, "c.yaml", Path.of(""));
        try (Sluice sluice = Sluice.launch(config)) {
            assertEquals("listener in  127.0.0.1:" + InProcess.address(sluice).getPort() + "  answers by itself\n"
                    + "pool web  round-robin:  a (127.0.0.1:1, MAINTENANCE)\n", Welcome.text(config, sluice));
        }
    }
}
