package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.launcher.control.Generation;
import io.sluice.launcher.control.LaunchException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** Sluice in the test's own process, whose configuration is replaced. */
final class ReloadFixture implements AutoCloseable {

    private final Path directory;
    private final Sluice sluice;

    private ReloadFixture(Path directory, Sluice sluice) {
        this.directory = directory;
        this.sluice = sluice;
    }

    static ReloadFixture launch(String yaml) throws Exception {
        return launch(yaml, Path.of(""));
    }

    /** @param directory where relative paths start */
    static ReloadFixture launch(String yaml, Path directory) throws Exception {
        return new ReloadFixture(directory, InProcess.launch(yaml, directory));
    }

    Sluice sluice() {
        return sluice;
    }

    Optional<Generation> reload(String yaml) throws ConfigException, LaunchException, InterruptedException {
        return sluice.control().reload(ConfigParser.load(yaml, "test.yaml", directory), "test.yaml");
    }

    InetSocketAddress address(String listener) {
        return sluice.addresses(listener).getFirst();
    }

    @Override
    public void close() {
        sluice.close();
    }
}
