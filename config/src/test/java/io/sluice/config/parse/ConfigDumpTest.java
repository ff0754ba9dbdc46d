package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import io.sluice.config.TcpListenerConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigDumpTest {

    /** Every key, and each with a value that is not its default. */
    private static final String NOTHING_BY_DEFAULT = """
            workers: 3
            cpu-affinity: [2, 0, 7]
            busy-poll: 1500us
            zero-copy: off
            max-connections: 777
            drain-timeout: 0
            buffers: { size: 4097, memory: 1GB }
            overload: { file-descriptors: 81%, direct-memory: 82%, heap: 100% }
            listeners:
              - name: '1e3'
                protocol: tcp
                bind: ["*:0", "[::]:443"]
                pool: 'true'
                max-connections: 12
                backlog: 13
                importance: 100
                proxy-protocol: { accept: required, trusted: [10.0.0.0/8, "::1"], timeout: 1500ms }
                allow: [10.0.0.0/8, 2001:db8::/32]
                deny: 10.1.0.0/16
                timeouts: { inspect: 7s, client: 1d, half-closed: 90s }
                session-log: { file: "logs/a: b #.log", format: json }
              - { name: quiet, protocol: tcp, bind: 127.0.0.1:1, pool: "null", inspect: tls, session-log: off }
              - name: routed
                protocol: tcp
                bind: 127.0.0.1:4
                inspect: postgres
                routes:
                  - { match: { sni: Db.example.com. , alpn: [postgresql, "http/1.1"] }, pool: w }
                  - { match: { sni: ["*.example.com", x.test] }, pool: "true" }
                  - { pool: "null" }
              - name: web
                protocol: http
                bind: 127.0.0.1:2
                max-connections: 12
                timeouts: { request-header: 1s, client: 2s, keep-alive: 3s, tunnel: 4s, half-closed: 5s }
                limits: { header-bytes: 2KiB, headers: 8, uri-bytes: 99, body-bytes: 0, requests-per-connection: 7 }
                forwarded:
                  { trusted: 10.0.0.0/8, client: x-forwarded-for, x-forwarded: false, forwarded: true,
                    request-id: false, via: edge }
                merge-slashes: false
                access-log: { file: a.log, format: '%{client_ip} "%{method} 100% %{path}"' }
                routes:
                  - name: all
                    match:
                      host: [Shop.example.com., "*.shop.example"]
                      path: [/a//b/**, /a]
                      path-suffix: [.php, "/"]
                      method: [GET, purge]
                      header: { X-B: "yes", X-A: "1: #", x-c: '' }
                      query: { v: 2, "a[]": "%20" }
                      cookie: { beta: true, alpha: no }
                      client: [10.0.0.0/8, "::1"]
                    split: [{ pool: w, weight: 99.99 }, { pool: "null", weight: 0.01 }, { pool: "true", weight: 0 }]
                    split-by: { cookie: uid }
                    rewrite: { strip-prefix: /a, add-prefix: /z }
                    request-headers: { remove: [X-Z, X-Y], set: { Host: inner, X-E: p }, add: { X-F: "a, b" } }
                    response-headers: { remove: Server, set: { B: "1", A: "2" }, add: { D: "1", C: "2" } }
                    limits: { body-bytes: unlimited }
                    timeouts: { response: 8s, server: 9s, tunnel: 10s }
                    rate-limit: { requests: 9/s, by: route }
                  - { match: { host: "*.example.com" }, redirect: { to: "https://e.com/x?y", status: 308 } }
                  - { respond: { status: 451, body: "two\nlines: \t\u00e4", content-type: text/html } }
                  - { pool: w, limits: { body-bytes: 0 }, timeouts: { server: 1d } }
              - { name: short, protocol: http, bind: 127.0.0.1:3, pool: w, access-log: off }
            pools:
              "true":
                balance: ip-hash
                servers: [{ name: "007", address: "[::1]:1", weight: 0, backup: true, max-connections: 1 },
                          { name: b, address: "b:2", weight: 256 }]
                health-check: { type: tcp, interval: 1s, fast-interval: 2s, down-interval: 3s, timeout: 4s,
                                rise: 5, fall: 6 }
                initial-state: up
                passive: { connect-failures: 4, eject-for: 11s, max-ejected: 99% }
                timeouts: { connect: 1s, server: 2s, queue: 3s }
                retries: 0
                slow-start: 1m
                on-down: close-connections
                on-failback: close-connections
                send-proxy-protocol: v1
                source: [10.0.0.1, "::1"]
                max-queue: 0
                resolve-interval: 1h
              "null":
                servers: [{ name: a, address: "a:1" }]
                passive: off
              w:
                balance: hash
                hash-by: path
                servers: [{ name: a, address: "a:1" }]
                health-check: { type: http, method: POST, path: /h?x=1, host: "h:1", interval: 1s, rise: 7,
                                expect: { status: [200, 300-301], body-contains: "o\nk" } }
                passive: { errors: 9, connect-failures: 0 }
                timeouts: { response: 7s }
                sticky: { cookie: SRV, secure: true, http-only: false, same-site: none, max-age: 8h, secret: 's "1' }
                connections: { idle-per-server: 0, idle-timeout: 1s, max-requests: 9 }
                retry: { on: [504, idle-closed, 502], attempts: 0, only-idempotent: false, budget: 0% }
            demo-servers: [{ name: demo, bind: "127.0.0.1:9" }]
            """;

    @ParameterizedTest
    @MethodSource("io.sluice.config.parse.ExampleFiles#all")
    void parsesToAnEqualConfiguration(Path file) throws Exception {
        assertParsesToItself(ConfigParser.load(file).config());
    }

    @Test
    void parsesToAnEqualConfigurationWithNothingByDefault() throws Exception {
        SluiceConfig config = parse(NOTHING_BY_DEFAULT);
        assertParsesToItself(config);
        TcpListenerConfig first = (TcpListenerConfig) config.listeners().getFirst();
        assertEquals(Path.of("/etc/sluice/logs/a: b #.log"), first.sessionLog().file().orElseThrow());
    }

    @Test
    void fillsInDefaults() throws Exception {
        String dump = ConfigDump.toYaml(parse("""
                listeners: [{ name: a, protocol: tcp, bind: 127.0.0.1:1, pool: p }]
                pools: { p: { servers: [{ name: s, address: "s:1" }], health-check: { type: tcp, interval: 1s } } }
                """));
        assertEquals("""
                workers: auto
                cpu-affinity: off
                busy-poll: auto
                zero-copy: auto
                max-connections: auto
                drain-timeout: 30s
                buffers:
                  size: 32KiB
                  memory: 256MiB
                overload:
                  file-descriptors: 90%
                  direct-memory: 90%
                  heap: 90%
                listeners:
                  - name: a
                    protocol: tcp
                    bind:
                      - 127.0.0.1:1
                    pool: p
                    role: any
                    fallback: none
                    inspect: off
                    max-connections: unlimited
                    max-connections-per-client: unlimited
                    backlog: 4096
                    importance: 50
                    proxy-protocol:
                      accept: off
                      trusted: []
                      timeout: 5s
                    allow: []
                    deny: []
                    timeouts:
                      inspect: 10s
                      client: 1h
                      half-closed: 30s
                    session-log:
                      file: stdout
                      format: text
                pools:
                  p:
                    balance: round-robin
                    servers:
                      - name: s
                        address: s:1
                        weight: 1
                        backup: false
                        max-connections: unlimited
                        state: ready
                    health-check:
                      type: tcp
                      interval: 1s
                      fast-interval: 1s
                      down-interval: 1s
                      timeout: 1s
                      rise: 2
                      fall: 3
                    initial-state: checked
                    passive:
                      connect-failures: 3
                      errors: 5
                      eject-for: 10s
                      max-ejected: 50%
                    timeouts:
                      connect: 5s
                      server: 1h
                      queue: 5s
                      response: 1m
                    retries: 3
                    slow-start: 0s
                    on-down: keep
                    hold: 0s
                    on-role-change: close-connections
                    on-failback: keep
                    close-rate: 200/s
                    split-brain: highest-timeline
                    send-proxy-protocol: off
                    source: []
                    max-queue: 1024
                    resolve-interval: 10s
                    connections:
                      idle-per-server: 64
                      idle-timeout: 30s
                      max-requests: unlimited
                    retry:
                      on:
                        - connect-failure
                        - idle-closed
                      attempts: 2
                      only-idempotent: true
                      budget: 20%
                demo-servers: []
                """, dump);
    }

    @Test
    void writesWhatIsOffAsOff() throws Exception {
        String dump = ConfigDump.toYaml(parse(NOTHING_BY_DEFAULT));
        assertTrue(dump.contains("session-log: off\n"), dump);
        assertTrue(dump.contains("health-check: off\n"), dump);
        assertTrue(dump.contains("passive: off\n"), dump);
    }

    @Test
    void writesHeaderRulesAndMatchesInTheOrderOfTheFile() throws Exception {
        String dump = ConfigDump.toYaml(parse(NOTHING_BY_DEFAULT));
        for (String keys : List.of("X-B: X-A: x-c:", "v: a[]:", "beta: alpha:", "Host: X-E:", "B: A:", "D: C:")) {
            String[] words = keys.split(" ");
            for (int i = 1; i < words.length; i++) {
                assertTrue(dump.indexOf(' ' + words[i - 1]) < dump.indexOf(' ' + words[i]), keys + " in " + dump);
            }
        }
    }

    @Test
    void leavesOutWhatHasNothingToSay() throws Exception {
        String dump = ConfigDump.toYaml(parse("""
                listeners: [{ name: a, protocol: http, bind: 127.0.0.1:1, pool: p }]
                pools: { p: { servers: [{ name: s, address: "s:1" }] } }
                """));
        assertTrue(dump.contains("""
                    routes:
                      - name: route-1
                        pool: p
                """), dump);
        assertFalse(dump.contains("sticky"), dump);
        assertFalse(dump.contains("via"), dump);
    }

    private static SluiceConfig parse(String yaml) throws ConfigException {
        return ConfigParser.load(yaml, "test.yaml", Path.of("/etc/sluice")).config();
    }

    @Test
    void showsNoSecretAndIsNotTakenForOneThatDoes() throws Exception {
        String dump = ConfigDump.toYaml(parse("""
                listeners: [{ name: a, protocol: http, bind: 127.0.0.1:1, pool: p }]
                pools: { p: { servers: [{ name: s, address: "s:1" }], sticky: { cookie: c, secret: unguessable } } }
                """));
        assertFalse(dump.contains("unguessable"), dump);
        ConfigException refused = assertThrows(ConfigException.class, () -> parse(dump));
        assertTrue(refused.getMessage().contains("*** stands for a value that the dump does not show"),
                refused.getMessage());
    }

    private static void assertParsesToItself(SluiceConfig config) throws ConfigException {
        String dump = Dumps.withSecrets(config);
        assertEquals(config, ConfigParser.load(dump, "dump.yaml", Path.of("/elsewhere")).config(), dump);
    }
}
