package io.sluice.launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.Endpoint;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestartsTest {

    private static final String FIRST = """
            workers: 2
            listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, backlog: 100 }]
            pools: { pool: { servers: [{ name: server, address: 127.0.0.1:1 }] } }
            """;

    @Test
    void tellsWhatOnlyARestartChangesAndWhereItIsWritten() throws ConfigException {
        assertEquals(List.of("test.yaml:1:10: workers"), pending(FIRST.replace("workers: 2", "workers: 3")));
        assertEquals(List.of("test.yaml:2:15: cpu-affinity"),
                pending(FIRST.replace("workers: 2", "workers: 2\ncpu-affinity: [0, 1]")));
        assertEquals(List.of("test.yaml:1:12: busy-poll"), pending("busy-poll: 50us\n" + FIRST));
        assertEquals(List.of("test.yaml:1:12: zero-copy"), pending("zero-copy: off\n" + FIRST));
        assertEquals(List.of("test.yaml:1:10: buffers"), pending("buffers: { size: 8KiB }\n" + FIRST));
        assertEquals(List.of("test.yaml:1:17: upgrade-socket"), pending("upgrade-socket: /s\n" + FIRST));
        assertEquals(List.of("test.yaml:2:80: listeners[0].backlog"),
                pending(FIRST.replace("backlog: 100", "backlog: 200")));
    }

    @Test
    void tellsOfAPartThatIsWrittenNoMore() throws ConfigException {
        assertEquals(List.of("workers"), pending(FIRST.replace("workers: 2\n", "")).stream()
                .map(told -> told.replaceAll(".*: ", "")).toList());
    }

    @Test
    void saysNothingOfWhatIsInForce() throws ConfigException {
        assertEquals(List.of(), pending(FIRST));
        assertEquals(List.of(), pending("max-connections: 5\n"
                + FIRST.replace("protocol: tcp", "protocol: tcp, inspect: postgres").replace(":1 }", ":2 }")));
    }

    /** Position and key of what is told. */
    private static List<String> pending(String yaml) throws ConfigException {
        LoadedConfig loaded = ConfigParser.load(yaml, "test.yaml", Path.of(""));
        Binding binding = new Binding(new Endpoint("127.0.0.1", 0), 100, List.of(), new InetSocketAddress(0));
        Served served = new Served(null, loaded.config().listeners().getFirst(), List.of(binding), List.of());
        Assembly next = new Assembly(loaded.config(), Map.of("in", served), Map.of(), Map.of(), List.of(),
                TlsParts.NONE, List.of());
        return new Restarts(ConfigParser.load(FIRST, "first.yaml", Path.of("")).config()).pending(loaded, next).stream()
                .map(part -> part.render().lines().findFirst().orElseThrow().replaceAll(": takes a restart.*", ""))
                .toList();
    }
}
