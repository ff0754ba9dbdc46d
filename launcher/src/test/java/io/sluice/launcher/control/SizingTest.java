package io.sluice.launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import java.nio.file.Path;
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

    private static int connections(String ofListener, String ofPool) throws Exception {
        SluiceConfig config = ConfigParser.parse("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: p%s }]
                pools: { p: { servers: [{ name: s, address: "127.0.0.1:1" }]%s } }
                """.formatted(ofListener, ofPool), "test.yaml", EXAMPLES);
        return Sizing.of(config).connections(config);
    }
}
