package io.sluice.l4.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.config.LoginConfig.Tls;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTlsTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhatIsWrongWithAFileOfAuthoritiesInTheSameWordsAsListeners() throws Exception {
        Path file = directory.resolve("ca.pem");
        assertEquals("no such file: " + file, failure(file));
        Files.writeString(file, "to be done");
        assertEquals("nothing in PEM format (-----BEGIN ...) is in the file: " + file, failure(file));
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
        assertEquals("no certificate is in the file: " + file, failure(file));
    }

    private static String failure(Path ca) throws Exception {
        try (Socket unused = new Socket()) {
            CheckFailedException refusal = assertThrows(CheckFailedException.class,
                    () -> CheckTls.over(unused, new Tls(Tls.Mode.VERIFY_FULL, Optional.of(ca)), "db.test"));
            return refusal.getMessage().replace(Reason.TLS_FAILED.sentence() + ": ", "");
        }
    }
}
