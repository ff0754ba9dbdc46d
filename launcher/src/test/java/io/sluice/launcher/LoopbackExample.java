package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.launcher.control.LaunchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A shipped example as it is but for its addresses: servers and listeners move to loopback, with free ports, and the
 * private network 10.0.0.0/8 becomes the loopback network 127.0.0.0/8. Owned by one thread.
 */
final class LoopbackExample implements AutoCloseable {

    private static final Path EXAMPLES = ShippedFiles.HOME.resolve("config/examples");
    private static final String CERTIFICATES = "test-certificates";
    private static final Pattern PRIVATE_NETWORK = Pattern.compile("\\b10\\.(?=\\d+\\.)");
    private static final Pattern SERVER = Pattern.compile("name: ([^,\\s]+), address: [^,\\s]+");
    private static final Pattern ADDRESS_KEY = Pattern.compile("\\baddress:");
    private static final Pattern BIND_LINE = Pattern.compile(".*\\bbind: .*");
    private static final Pattern BIND_ADDRESS = Pattern.compile("(\\*|\\[::]|\\d+(\\.\\d+){3}):\\d+");

    private final Conversation conversation;
    private final List<NamedServer> servers = new ArrayList<>();
    private LoadedConfig loaded;

    private LoopbackExample(Conversation conversation) {
        this.conversation = conversation;
    }

    /** The file names of the examples that are wanted. */
    static List<String> names(Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml"))
                    .filter(wanted).sorted().toList();
        }
    }

    /** Starts the example's servers, each of which holds that conversation. */
    static LoopbackExample start(String name, Conversation conversation, Path directory)
            throws IOException, ConfigException {
        LoopbackExample example = new LoopbackExample(conversation);
        example.read(name, directory);
        return example;
    }

    SluiceConfig config() {
        return loaded.config();
    }

    /** Starts Sluice with the example. */
    Sluice launch() throws LaunchException, InterruptedException {
        return Sluice.launch(loaded, "example");
    }

    @Override
    public void close() throws IOException {
        for (NamedServer server : servers) {
            server.close();
        }
    }

    private void read(String name, Path directory) throws IOException, ConfigException {
        String text = PRIVATE_NETWORK.matcher(Files.readString(EXAMPLES.resolve(name))).replaceAll("127.");
        long addresses = ADDRESS_KEY.matcher(text).results().count();
        text = SERVER.matcher(text).replaceAll(this::startServer);
        assertEquals(addresses, servers.size(), "a server's entry is written in a way that this test does not know");
        assertFalse(servers.isEmpty());
        text = BIND_LINE.matcher(text).replaceAll(line -> BIND_ADDRESS.matcher(line.group()).replaceAll("127.0.0.1:0"));
        // A link, as an example names its certificates by where they are beside it.
        Files.createSymbolicLink(directory.resolve(CERTIFICATES), EXAMPLES.resolve(CERTIFICATES).toAbsolutePath());
        loaded = ConfigParser.load(text, name, directory);
    }

    private String startServer(MatchResult entry) {
        try {
            NamedServer server = NamedServer.start(entry.group(1), conversation);
            servers.add(server);
            return "name: " + entry.group(1) + ", address: 127.0.0.1:" + server.port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
