package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files beside the program. */
final class ShippedFiles {

    /** The checkout; tests run in the module's directory. */
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private static final List<Integer> DEFAULT_PORTS = List.of(8080, 8081, 8082, 8083);

    private ShippedFiles() { }

    /** A copy of the default configuration in which all ports are others, free at the moment. */
    static Path defaultConfigWithFreePorts(Path directory) throws IOException {
        String text = Files.readString(HOME.resolve("config/sluice.yaml"));
        for (int port : DEFAULT_PORTS) {
            text = text.replace(":" + port, ":" + LoopbackPorts.free());
        }
        return Files.writeString(directory.resolve("sluice.yaml"), text);
    }
}
