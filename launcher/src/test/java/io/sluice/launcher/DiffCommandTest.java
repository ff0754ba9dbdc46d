package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {

    private static final String CONFIG = """
            listeners: [{ name: in, bind: 127.0.0.1:5432, protocol: tcp, pool: pool }]
            pools: { pool: { servers: [{ name: a, address: 127.0.0.1:1 }] } }
            """;

    @TempDir
    private Path directory;

    @Test
    void tellsWhatChanges() throws Exception {
        String after = CONFIG.replace("tcp,", "tcp, max-connections: 7,").replace(":1 }", ":1, weight: 2 }");
        assertEquals("""
                listener in:
                  max-connections: unlimited -> 7
                pool pool:
                  server a:
                    weight: 1 -> 2
                """, diff(CONFIG, after));
    }

    @Test
    void saysThatNothingChanges() throws Exception {
        assertEquals("nothing changes\n", diff(CONFIG, "workers: auto\n" + CONFIG));
    }

    private String diff(String before, String after) throws Exception {
        StringWriter out = new StringWriter();
        int exitCode = SluiceCommand.commandLine().setOut(new PrintWriter(out)).execute("diff",
                "-f", Files.writeString(directory.resolve("new.yaml"), after).toString(),
                "--against", Files.writeString(directory.resolve("old.yaml"), before).toString());
        assertEquals(ExitCode.OK, exitCode);
        return out.toString();
    }
}
