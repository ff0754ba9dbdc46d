package io.sluice.launcher;

import io.sluice.config.parse.ConfigParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that ask a running Sluice, which they find by its configuration file: that Sluice, with one listener and one
 * server, and what they say.
 */
final class CommandFixture implements AutoCloseable {

    private final NamedServer one;
    private final Path file;
    private final Sluice sluice;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private CommandFixture(Path directory) throws Exception {
        one = NamedServer.start("one");
        file = Files.writeString(directory.resolve("sluice.yaml"), """
                admin: { bind: 127.0.0.1:%d }
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: [%s] } }
                max-connections: 8
                """.formatted(LoopbackPorts.free(), one.entry("")));
        sluice = Sluice.launch(ConfigParser.load(file), file.toString());
    }

    static CommandFixture launch(Path directory) throws Exception {
        return new CommandFixture(directory);
    }

    /** The exit code of a command; what it said is there until the next one. */
    int run(String... arguments) {
        return runWith(file, arguments);
    }

    /** The same, with another file. */
    int runWith(Path configuration, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-f", configuration.toString()));
        return SluiceCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    void replaceInFile(String old, String now) throws Exception {
        Files.writeString(file, Files.readString(file).replace(old, now));
    }

    Path file() {
        return file;
    }

    Sluice sluice() {
        return sluice;
    }

    NamedServer server() {
        return one;
    }

    @Override
    public void close() throws IOException {
        sluice.close();
        one.close();
    }
}
