package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpgradeCommandTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhatToWriteIfTheConfigurationHasNoUpgradeSocket() throws Exception {
        Path file = Files.writeString(directory.resolve("sluice.yaml"), """
                listeners: [{ name: in, bind: 127.0.0.1:5432, protocol: tcp, pool: pool }]
                pools: { pool: { servers: [{ name: a, address: 127.0.0.1:1 }] } }
                """);
        StringWriter err = new StringWriter();
        int exitCode = SluiceCommand.commandLine().setErr(new PrintWriter(err))
                .execute("upgrade", "-f", file.toString());
        assertEquals(ExitCode.CANNOT_START, exitCode);
        assertTrue(err.toString().contains("add one, as in 'upgrade-socket: upgrade.sock', and restart"),
                err::toString);
    }
}
