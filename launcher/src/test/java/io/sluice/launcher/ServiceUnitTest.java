package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit and the log rotation that are shipped, by the tools that are to read them, where there are any. */
class ServiceUnitTest {

    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final Path LOGROTATE = Path.of("/usr/sbin/logrotate");

    @TempDir
    private Path directory;

    @Test
    void systemdUnderstandsTheUnitWithoutComplaint() throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "no systemd here");
        String unit = Files.readString(ShippedFiles.HOME.resolve("config/systemd/sluice.service"));
        // It asks for the program, too.
        Path here = Files.writeString(directory.resolve("sluice.service"),
                unit.replace("/opt/sluice", ShippedFiles.HOME.toString()));
        assertEquals("", outputOf(ANALYZE.toString(), "verify", here.toString()));
    }

    @Test
    void theServiceIsWellSandboxed() throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "no systemd here");
        Path unit = ShippedFiles.HOME.resolve("config/systemd/sluice.service");
        String verdict = outputOf(ANALYZE.toString(), "security", "--offline=true", "--threshold=25", unit.toString());
        assertTrue(verdict.contains("Overall exposure level"), verdict);
    }

    @Test
    void logrotateUnderstandsItsFile() throws Exception {
        assumeTrue(Files.isExecutable(LOGROTATE), "no logrotate here");
        String rotation = Files.readString(ShippedFiles.HOME.resolve("config/logrotate/sluice"));
        // It asks for the user, too, and refuses a file that others may write.
        Path here = Files.writeString(directory.resolve("sluice"), rotation.replace("sluice adm", "root root"));
        Files.setPosixFilePermissions(here, PosixFilePermissions.fromString("rw-r--r--"));
        outputOf(LOGROTATE.toString(), "--debug", "--state", directory.resolve("state").toString(), here.toString());
    }

    /** Of a command that ends well. */
    private static String outputOf(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
