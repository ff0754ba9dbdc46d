package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigDiffTest {

    private static final String BEFORE = """
            listeners:
              - { name: web, bind: 127.0.0.1:8000, protocol: http, pool: a }
              - { name: db, bind: 127.0.0.1:5432, protocol: tcp, pool: a }
            pools:
              a:
                servers:
                  - { name: one, address: 127.0.0.1:1 }
                  - { name: two, address: 127.0.0.1:2, weight: 3 }
                sticky: { cookie: c, secret: hush }
            """;

    @Test
    void isEmptyForEqualConfigurations() throws ConfigException {
        assertTrue(diff(BEFORE).isEmpty());
        assertTrue(diff(BEFORE.replace("weight: 3", "weight: 3, backup: false")).isEmpty());
    }

    @Test
    void namesListenersThatComeAndGo() throws ConfigException {
        assertEquals("listener web removed; listener site added", summary(BEFORE.replace("name: web", "name: site")));
    }

    @Test
    void namesTheKeysOfAListenerThatHaveChanged() throws ConfigException {
        assertEquals("listener web changed (routes)",
                summary(BEFORE.replace("http, pool: a", "http, routes: [{ respond: { body: x } }]")));
        assertEquals("listener db changed (max-connections, timeouts.client)",
                summary(BEFORE.replace("tcp,", "tcp, max-connections: 5, timeouts: { client: 5m },")));
    }

    @Test
    void takesAHostByItselfForAListOfOne() throws ConfigException {
        String one = BEFORE.replace("http, pool: a", "http, routes: [{ match: { host: h, path: /x }, pool: a }]");
        assertTrue(between(one, one.replace("host: h", "host: [h]").replace("path: /x", "path: [/x]")).isEmpty());
        assertEquals("listener web changed (routes)", between(one, one.replace("host: h", "host: [h, i]")).summary());
    }

    @Test
    void namesServersWithinTheirPool() throws ConfigException {
        assertEquals("pool a: server one removed, server two changed (weight), server three added",
                summary(BEFORE.replace("weight: 3 }", "weight: 4 }\n      - { name: three, address: 127.0.0.1:3 }")
                        .replace("      - { name: one, address: 127.0.0.1:1 }\n", "")));
        assertEquals("pool a: changed (balance), server one changed (address)",
                summary(BEFORE.replace("    servers:", "    balance: first\n    servers:").replace(":1 }", ":9 }")));
    }

    @Test
    void namesWhatBelongsToFailover() throws ConfigException {
        String checked = BEFORE.replace("    servers:", "    health-check: { type: redis }\n    servers:");
        String before = checked.replace("tcp, pool: a", "tcp, pool: a, role: replica");
        assertEquals("listener db changed (fallback)", between(before,
                before.replace("role: replica", "role: replica, fallback: primary")).summary());
        assertEquals(List.of("pool a:", "  hold: 0s -> 20s", "  on-role-change: close-connections -> keep",
                        "  on-failback: keep -> close-connections", "  close-rate: 200/s -> 1/s",
                        "  split-brain: highest-timeline -> latest"),
                between(before, before.replace("    servers:", "    hold: 20s\n    on-role-change: keep\n"
                        + "    on-failback: close-connections\n    close-rate: 1/s\n    split-brain: latest\n"
                        + "    servers:")).lines());
        assertEquals("pool a changed (health-check.max-lag)", between(before,
                before.replace("type: redis", "type: redis, max-lag: 5s")).summary());
    }

    @Test
    void namesWhatTcpListenersDoWithFirstBytes() throws ConfigException {
        assertEquals("listener db changed (inspect)", summary(BEFORE.replace("tcp,", "tcp, inspect: postgres,")));
        assertEquals("listener db changed (pool, inspect, routes)",
                summary(BEFORE.replace("tcp, pool: a", "tcp, routes: [{ match: { sni: x.test }, pool: a }]")));
    }

    @Test
    void namesWhatWorkersAreGiven() throws ConfigException {
        assertEquals(List.of("cpu-affinity changed", "busy-poll: auto -> 50us", "zero-copy: auto -> off"),
                diff("cpu-affinity: [0, 1]\nbusy-poll: 50us\nzero-copy: off\n" + BEFORE).lines());
    }

    @Test
    void showsValuesOldAndNewButNoSecret() throws ConfigException {
        String after = BEFORE.replace("weight: 3", "weight: 4").replace("hush", "loud");
        assertEquals(List.of("pool a:", "  server two:", "    weight: 3 -> 4", "  sticky.secret changed"),
                diff("drain-timeout: 5s\n" + after).lines().subList(1, 5));
        assertEquals("drain-timeout: 30s -> 5s", diff("drain-timeout: 5s\n" + after).lines().getFirst());
        assertFalse(String.join("\n", diff(after).lines()).contains("loud"));
    }

    @Test
    void tellsOfAnotherTokenButNotWhich() throws ConfigException {
        String before = "admin: { bind: 127.0.0.1:9, token: 0123456789abcdef }\n" + BEFORE;
        assertEquals(List.of("admin.token changed"), between(before, before.replace("abcdef", "fedcba")).lines());
        assertTrue(between(before, before).isEmpty());
    }

    @Test
    void tellsOfAnotherOrderOfServers() throws ConfigException {
        String one = "      - { name: one, address: 127.0.0.1:1 }\n";
        assertEquals("pool a changed (order of servers)",
                summary(BEFORE.replace(one, "").replace("weight: 3 }\n", "weight: 3 }\n" + one)));
    }

    private static String summary(String after) throws ConfigException {
        return diff(after).summary();
    }

    private static ConfigDiff diff(String after) throws ConfigException {
        return between(BEFORE, after);
    }

    private static ConfigDiff between(String before, String after) throws ConfigException {
        return ConfigDiff.between(ConfigParser.load(before, "before", Path.of("")).config(),
                ConfigParser.load(after, "after", Path.of("")).config());
    }
}
