package io.sluice.launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How much there is of everything. */
class SizingTest {

    private static final Path EXAMPLES = Path.of("../config/examples");
    private static final String CERTIFICATE =
            "{ chain: test-certificates/shop.pem, key: test-certificates/shop.key }";

    @Test
    void takesNoMoreDescriptorsWithTls() throws Exception {
        assertEquals(connections("", ""), connections(", tls: { certificates: [" + CERTIFICATE + "] }",
                ", tls: { ca: test-certificates/test-ca.pem, server-name: a }"));
    }

    @Test
    void tellsIfThereAreTooFewDescriptorsForTheConnections() throws Exception {
        int possible = connections("", "");
        assertEquals(Optional.empty(), shortage("auto"));
        assertEquals(Optional.empty(), shortage(String.valueOf(possible)));
        String told = shortage(String.valueOf(possible + 1)).orElseThrow();
        assertTrue(told.startsWith("max-connections: " + (possible + 1) + " clients"), told);
        assertTrue(told.contains("which do for " + possible + ": "), told);
    }

    private static Optional<String> shortage(String maxConnections) throws Exception {
        SluiceConfig config = ConfigParser.load("""
                max-connections: %s
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: p }]
                pools: { p: { servers: [{ name: s, address: "127.0.0.1:1" }] } }
                """.formatted(maxConnections), "test.yaml", EXAMPLES).config();
        return Sizing.of(config).shortage(config);
    }

    private static int connections(String ofListener, String ofPool) throws Exception {
        SluiceConfig config = ConfigParser.load("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: p%s }]
                pools: { p: { servers: [{ name: s, address: "127.0.0.1:1" }]%s } }
                """.formatted(ofListener, ofPool), "test.yaml", EXAMPLES).config();
        return Sizing.of(config).connections(config);
    }
}
