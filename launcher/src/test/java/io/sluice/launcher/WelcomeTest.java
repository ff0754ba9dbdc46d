package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a start prints. */
class WelcomeTest {

    @Test
    void tellsWhatLeadsNowhere() throws Exception {
        LoadedConfig loaded = ConfigParser.load("""
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    routes: [{ redirect: { to: "https://*/" } }]
                pools:
                  web: { servers: [{ name: a, address: 127.0.0.1:1, state: maintenance }] }
                """, "c.yaml", Path.of(""));
        try (Sluice sluice = Sluice.launch(loaded, "test")) {
            assertEquals("listener in  127.0.0.1:" + InProcess.address(sluice).getPort() + "  answers by itself\n"
                    + "pool web  round-robin:  a (127.0.0.1:1, MAINTENANCE)\n", Welcome.text(loaded.config(), sluice));
        }
    }

    @Test
    void suggestsAPathThatLeadsToAPool() throws Exception {
        LoadedConfig loaded = ConfigParser.load("""
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: http
                    routes:
                      - { match: { path: /robots.txt }, respond: { body: "" } }
                      - { match: { path: /fruit/** }, pool: web }
                pools:
                  web: { servers: [{ name: a, address: 127.0.0.1:1, state: maintenance }] }
                demo-servers: [{ name: a, bind: 127.0.0.1:0 }]
                """, "c.yaml", Path.of(""));
        try (Sluice sluice = Sluice.launch(loaded, "test")) {
            String text = Welcome.text(loaded.config(), sluice);
            assertTrue(text.endsWith(":" + InProcess.address(sluice).getPort() + "/fruit/\n"), text);
        }
    }
}
