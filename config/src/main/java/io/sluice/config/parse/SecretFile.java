package io.sluice.config.parse;

import io.sluice.config.LoginConfig.InFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the files that keep secrets out of the configuration, and warns of those that everybody may read. */
final class SecretFile {

    private SecretFile() { }

    /** The first line of the file; empty if it cannot be read, which is reported then. */
    static String read(Path file, Node at, Reading reading) {
        try {
            String secret = new InFile(file).read();
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                reading.warning(at, reading.path(), "everybody on this host may read " + file);
            }
            return secret;
        } catch (IOException e) {
            reading.error(at, e.getMessage());
            return "";
        }
    }
}
