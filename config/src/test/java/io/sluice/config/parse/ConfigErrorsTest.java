package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a wrong configuration is told: the exact place, the message and the suggestion. */
class ConfigErrorsTest {

    private static final String GOOD = """
            workers: 2
            listeners:
              - name: in
                bind: 127.0.0.1:5432
                protocol: tcp
                pool: db
              - { name: two, bind: 127.0.0.1:1, protocol: tcp, pool: db }
            pools:
              db:
                balance: first
                servers:
                  - { name: db1, address: db1:5432 }
                  - { name: db2, address: db2:5432 }
            """;

    @Test
    void reportsAllErrorsOfAFileInItsOrderWithLineCaretAndSuggestion() {
        ConfigException failure = failure("""
                workers: 0
                max_connections: 12
                buffers: { size: 1MiB, memory: 64KiB }
                listeners:
                  - name: a
                    bind: [localhost:80, ":5432"]
                    protocol: tcp
                    pool: dbb
                    timeouts: { client: 5 }
                  - { name: a, protocol: smtp }
                pools:
                  db:
                    servers:
                      - { name: "x y", address: db1 }
                """);
        assertEquals("""
                c.yaml:1:10: workers: expected a whole number from 1 to 1024, not "0"
                    workers: 0
                             ^
                    or write auto
                c.yaml:2:1: unknown key "max_connections"
                    max_connections: 12
                    ^
                    did you mean "max-connections"?
                c.yaml:3:32: buffers.memory: must hold at least one buffer of size
                    buffers: { size: 1MiB, memory: 64KiB }
                                                   ^
                c.yaml:6:12: listeners[0].bind[0]: expected an IP address or * before the port, not "localhost"
                        bind: [localhost:80, ":5432"]
                               ^
                    such as 127.0.0.1:80
                c.yaml:6:26: listeners[0].bind[1]: expected host:port, but ":5432" has no host
                        bind: [localhost:80, ":5432"]
                                             ^
                    write 0.0.0.0:5432 for every IPv4 address of the host, 127.0.0.1:5432 for itself
                c.yaml:8:11: listeners[0].pool: no pool is named "dbb"
                        pool: dbb
                              ^
                    did you mean "db"?
                c.yaml:9:25: listeners[0].timeouts.client: expected a duration such as 500ms, 2s, 5m, 1h or 1d, \
                but 5 has no unit
                        timeouts: { client: 5 }
                                            ^
                    write 5ms or 5s if that is meant
                c.yaml:10:5: listeners[1]: key "bind" is missing
                      - { name: a, protocol: smtp }
                        ^
                c.yaml:10:13: listeners: name "a" is already taken in line 5
                      - { name: a, protocol: smtp }
                                ^
                c.yaml:10:26: listeners[1]: unknown protocol "smtp"
                      - { name: a, protocol: smtp }
                                             ^
                    known here: tcp, http
                c.yaml:14:17: pools.db.servers[0].name: the name of a server is 1 to 64 letters, digits, '.', '_' \
                or '-', not "x y"
                          - { name: "x y", address: db1 }
                                    ^
                c.yaml:14:33: pools.db.servers[0].address: expected host:port, but "db1" has no port
                          - { name: "x y", address: db1 }
                                                    ^""", failure.getMessage());
    }

    /** In {@link #GOOD}, replace the first by the second; a {@code ~} is a line break. Then place, message, hint. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workers: 2 | workers: two | 1:10: workers: expected a whole number from 1 to 1024, not "two" | or write auto
            workers: 2 | workers: [2] | 1:10: workers: expected one value, not a list |
            workers: 2 | workers: { a: 1 } | 1:10: workers: expected one value, not a mapping of keys |
            workers: 2 | workers: | 1:9: workers: has no value | give it one, indented further if \
            it is a section, or remove it
            workers: 2 | workers: !x 2 | 1:10: workers: the tag !x has no meaning here |
            workers: 2 | ? [a, b]~: 2 | 1:3: expected a key, not a list |
            workers: 2 | Workers: 2 | 1:1: unknown key "Workers" | did you mean "workers"?
            workers: 2 | max-conections: 2 | 1:1: unknown key "max-conections" | did you mean "max-connections"?
            workers: 2 | workers: 2~workers: 3 | 2:1: key "workers" is already in line 1 |
            workers: 2 | max-connections: -1 | 1:18: max-connections: expected a whole number of at least 1, not "-1" \
            | or write auto
            workers: 2 | drain-timeout: 30 | 1:16: drain-timeout: expected a duration such as 500ms, 2s, 5m, 1h or \
            1d, but 30 has no unit | write 30ms or 30s if that is meant
            workers: 2 | drain-timeout: 30sec | 1:16: drain-timeout: unknown unit "sec" | write 30s
            workers: 2 | drain-timeout: 3weeks | 1:16: drain-timeout: unknown unit "weeks" | known here: ms, s, m, h, d
            workers: 2 | drain-timeout: 1m30s | 1:16: drain-timeout: expected a duration such as 500ms, 2s, 5m, 1h or \
            1d, not "1m30s" | write a whole number and one unit, without a space
            workers: 2 | size: 32KiB | 1:1: unknown key "size" | write it inside buffers
            workers: 2 | zero-copy: on | 1:12: zero-copy: unknown value "on" | known here: auto, off
            workers: 2 | busy-poll: 2s | 1:12: busy-poll: must be at most 1s, not 2s | or write auto or off
            workers: 2 | busy-poll: 50 | 1:12: busy-poll: expected a duration such as 50us or 1ms, but 50 has no unit \
            | write 50us or 50ms if that is meant
            workers: 2 | busy-poll: 0us | 1:12: busy-poll: must be at least 1us, not 0us | or write auto or off
            workers: 2 | busy-poll: 50usec | 1:12: busy-poll: unknown unit "usec" | write 50us
            workers: 2 | busy-poll: on | 1:12: busy-poll: expected a duration such as 50us or 1ms, not "on" | or write \
            auto or off
            workers: 2 | max-connections: 9999999999 | 1:18: max-connections: must be at most 2147483646, not \
            "9999999999" | or write auto
            workers: 2 | defaults: {} | 1:1: key "defaults" is not for here | write what is in it at the top, or into \
            listeners and pools; each key has a default of its own
            workers: 2 | error_log: e.log | 1:1: key "error_log" is not for here | Sluice logs to standard error, as \
            the variable SLUICE_LOG_LEVEL says; session-log and access-log are keys of listeners
            workers: 2 | user: www | 1:1: key "user" is not for here | Sluice runs in the foreground, as the user that \
            starts it; a service manager does the rest
            workers: 2 | worker_connections: 1024 | 1:1: unknown key "worker_connections" | did you mean \
            "max-connections"?
            workers: 2 | stats: {} | 1:1: unknown key "stats" | did you mean "admin"?
            workers: 2 | cpu-affinity: all | 1:15: cpu-affinity: expected a whole number from 0 to 8191, not "all" |
            workers: 2 | cpu-affinity: [0, -1] | 1:19: cpu-affinity[1]: expected a whole number from 0 to 8191, not \
            "-1" |
            workers: 2 | cpu-affinity: [3, 3] | 1:19: cpu-affinity[1]: "3" is already in this list |
            workers: 2 | workers: 2~cpu-affinity: [0, 1, 2] | 2:15: cpu-affinity: must list one core for each of the \
            workers |
            workers: 2 | workers: 2~cpu-affinity: 0 | 2:15: cpu-affinity: must list one core for each of the workers |
            workers: 2 | buffers: 5 | 1:10: buffers: expected a mapping of keys, not "5" | known here: size, memory
            workers: 2 | buffers: { size: 1GiB } | 1:18: buffers.size: must be at most 1MiB, not 1GiB |
            workers: 2 | buffers: { size: 32Kib } | 1:18: buffers.size: unknown unit "Kib" | write 32KiB
            workers: 2 | buffers: { size: 32k } | 1:18: buffers.size: unknown unit "k" | write 32KiB
            workers: 2 | buffers: { memory: 16KiB } | 1:20: buffers.memory: must hold at least one buffer of size |
            workers: 2 | demo-servers: [{ name: d, bind: 127.0.0.1:1 }] | 1:33: demo-servers[0].bind: 127.0.0.1:1 is \
            already listened on, in line 7 |
            workers: 2 | demo-servers: [{ name: d, bind: "*:4" }, { name: d, bind: "*:5" }] | 1:50: demo-servers: \
            name "d" is already taken in line 1 |
            name: in | name: in put | 3:11: listeners[0].name: the name of a listener is 1 to 64 letters, digits, \
            '.', '_' or '-', not "in put" |
            name: in | backlog: 5 | 3:5: listeners[0]: key "name" is missing |
            name: in | name: two | 7:13: listeners: name "two" is already taken in line 3 |
            bind: 127.0.0.1:5432 | bind: db:5432 | 4:11: listeners[0].bind: expected an IP address or * before the \
            port, not "db" | such as 127.0.0.1:5432
            bind: 127.0.0.1:5432 | bind: "::1:5432" | 4:11: listeners[0].bind: an IPv6 address before a port goes in \
            brackets | write [::1]:5432
            bind: 127.0.0.1:5432 | bind: [::1]:5432 | 4:12: not YAML: while parsing a flow node: expected the node \
            content, but found ':' | an address in brackets goes in quotes, such as "[::1]:5432"
            bind: 127.0.0.1:5432 | bind: *:5432 | 4:11: not YAML: found undefined alias :5432 | a value that begins \
            with * goes in quotes, such as "*:5432"
            bind: 127.0.0.1:5432 | bind: *.example.com | 4:12: not YAML: while scanning an alias: unexpected character \
            found .(46) | a value that begins with * goes in quotes, such as "*:5432" or "*.example.com"
            bind: 127.0.0.1:5432 | bind: unix:/tmp/s | 4:11: listeners[0].bind: expected host:port, not a Unix socket \
            | Sluice reaches servers and clients over TCP only
            name: in | name:in | 4:9: not YAML: mapping values are not allowed here | look \
            at the line before, too: a space follows each colon, and keys of one section begin in the same column
            bind: 127.0.0.1:5432 | bind: 127.0.0.1 | 4:11: listeners[0].bind: expected host:port, but "127.0.0.1" has \
            no port |
            bind: 127.0.0.1:5432 | bind: 80 | 4:11: listeners[0].bind: expected host:port, but "80" has no host | \
            write 0.0.0.0:80 for every IPv4 address of the host, 127.0.0.1:80 for itself
            bind: 127.0.0.1:5432 | bind: [] | 4:11: listeners[0].bind: needs at least 1 entry |
            bind: 127.0.0.1:5432 | bind: ["*:2", "*:2"] | 4:19: listeners[0].bind[1]: 0.0.0.0:2 is already listened \
            on, in line 4 |
            bind: 127.0.0.1:5432 | bind: "[::0]:2"~    deny: x~# | 5:11: listeners[0].deny: expected a network such \
            as 10.0.0.0/8, not "x" |
            protocol: tcp | protocol: smtp | 5:15: listeners[0]: unknown protocol "smtp" | known here: tcp, http
            protocol: tcp | protocol: tpc | 5:15: listeners[0]: unknown protocol "tpc" | did you mean "tcp"?
            protocol: tcp | backlog: 1 | 3:5: listeners[0]: key "protocol" must be one of: tcp, http |
            protocol: tcp | mode: tcp | 5:5: listeners[0]: key "protocol" must be one of: tcp, http | did you mean \
            "protocol"?
            protocol: tcp | proxy-protocol: {} | 3:5: listeners[0]: key "protocol" must be one of: tcp, http |
            pool: db | pool: dbs | 6:11: listeners[0].pool: no pool is named "dbs" | did you mean "db"?
            pool: db | pool: web | 6:11: listeners[0].pool: no pool is named "web" | known here: db
            pool: db | pool: db~    backlog: 0 | 7:14: listeners[0].backlog: expected a whole number from 1 to \
            1048576, not "0" |
            pool: db | pool: db~    proxy-protocol: { accept: required } | 7:21: listeners[0].proxy-protocol.trusted: \
            accept: required needs trusted: the networks that may send the header |
            pool: db | pool: db~    proxy-protocol: { accept: require } | 7:31: listeners[0].proxy-protocol.accept: \
            unknown value "require" | did you mean "required"?
            pool: db | pool: db~    allow: [10.1.2.3/8] | 7:13: listeners[0].allow[0]: 10.1.2.3/8 has bits set behind \
            its prefix | the network is 10.0.0.0/8
            pool: db | pool: db~    session-log: on | 7:18: listeners[0].session-log: expected a mapping of keys or \
            the word off, not "on" | known here: file, format
            pool: db | pool: db~    session-log: { file: "a\\0b" } | 7:26: listeners[0].session-log.file: not a path: \
            Nul character not allowed |
            pool: db | pool: db~    timeouts: { client: 0 } | 7:25: listeners[0].timeouts.client: must be at least \
            1ms, not 0 |
            pool: db | pool: db~    role: primry | 7:11: listeners[0].role: unknown value "primry" | did you mean \
            "primary"?
            pool: db | pool: db~    fallback: primary | 7:15: listeners[0].fallback: only role: replica can fall back |
            pool: db | pool: db~    role: primary | 7:11: listeners[0].role: pool "db" has no health check that tells \
            which server is primary | give it a health-check of type postgres, mysql or redis
            pool: db | pool: db~    rate-limit: { requests: 5/s } | 7:17: listeners[0].rate-limit: key "connections" \
            is missing |
            pool: db | pool: db~    rate-limit: { connections: 5/s, by: path } | 7:37: listeners[0].rate-limit: key \
            "by" is not for here | connections are always limited by the client's address
            balance: first | health-check: { type: tcp }~    close-rate: 200 | 11:17: pools.db.close-rate: expected a \
            rate such as 200/s, 5/min or 100/h, not "200" | write 200/s if seconds are meant
            balance: first | close-rate: 0/s | 10:17: pools.db.close-rate: expected a rate such as 200/s, 5/min \
            or 100/h, not "0/s" | or write unlimited
            balance: first | balance: least-conn | 10:14: pools.db.balance: unknown value "least-conn" | did you mean \
            "least-connections"?
            balance: first | health-check: on | 10:19: pools.db.health-check: expected a mapping of keys or the word \
            off, not "on" | write { type: ... }
            balance: first | health-check: { interval: 1s } | 10:19: pools.db.health-check: key "type" must be one \
            of: tcp, http, postgres, mysql, redis |
            balance: first | health-check: { type: tcp, rise: 0 } | 10:38: pools.db.health-check.rise: expected a \
            whole number from 1 to 1000, not "0" |
            balance: first | balance: leastconn | 10:14: pools.db.balance: unknown value "leastconn" | did you mean \
            "least-connections"?
            balance: first | interval: 1s | 10:5: pools.db: unknown key "interval" | write it inside health-check
            balance: first | health-check: { type: tcp, path: /x } | 10:32: pools.db.health-check: unknown key "path" \
            | only with type: http
            balance: first | timeouts: { client: 5s } | 10:17: pools.db.timeouts: key "client" is not for here | write \
            it into timeouts of the listener
            pool: db | pool: db~    access-log: off | 7:5: listeners[0]: unknown key "access-log" | only with \
            protocol: http
            pool: db | pool: db~    timeouts: { server: 5s } | 7:17: listeners[0].timeouts: key "server" is not for \
            here | write it into timeouts of the pool
            pool: db | routes: [{ match: { host: x }, pool: db }] | 6:25: listeners[0].routes[0].match: key "host" is \
            not for here | only with protocol: http
            balance: first | server: x | 10:5: pools.db: unknown key "server" | did you mean "servers"?
            balance: first | passive: { max-ejected: 50 } | 10:29: pools.db.passive.max-ejected: expected a share \
            from 0% to 100%, not "50" | write 50%
            balance: first | source: [10.0.0.5:0] | 10:14: pools.db.source[0]: expected an IP address, not \
            "10.0.0.5:0" |
            name: db2 | name: db1 | 13:17: pools.db.servers: name "db1" is already taken in line 12 |
            address: db1:5432 | address: "http://db1:80/x" | 12:31: pools.db.servers[0].address: expected host:port, \
            not a URI | write db1:80
            address: db1:5432 | address: "https://db1" | 12:31: pools.db.servers[0].address: expected host:port, \
            not a URI | write db1:443, and give the pool tls
            address: db1:5432 | address: ":80" | 12:31: pools.db.servers[0].address: expected host:port, but ":80" has \
            no host | write 127.0.0.1:80 for this host
            address: db1:5432 | address: db1:5432, check: true | 12:41: pools.db.servers[0]: key "check" is not for \
            here | the health-check of the pool is for all of its servers
            address: db1:5432 | address: db1:5432, maxconn: 5 | 12:41: pools.db.servers[0]: unknown key "maxconn" | \
            did you mean "max-connections"?
            address: db1:5432 | address: db1:0 | 12:31: pools.db.servers[0].address: expected a port from 1 to 65535 \
            after the colon, not "0" |
            balance: first | health-check: { type: postgres, user: u, port: 8008 } | 10:46: pools.db.health-check: \
            unknown key "port" | only with type: tcp or http
            balance: first | health-check: { type: http, user: u } | 10:33: pools.db.health-check: unknown key "user" \
            | only with type: postgres or mysql or redis
            balance: first | port: 8080 | 10:5: pools.db: key "port" is not for here | write it into the address of \
            each server
            balance: first | host: db1 | 10:5: pools.db: key "host" is not for here | write it into the address of \
            each server
            balance: first | bind: 127.0.0.1:80 | 10:5: pools.db: unknown key "bind" | write it into the listener
            balance: first | passive: { errors:5 } | 10:16: pools.db.passive: unknown key "errors:5" | a space follows \
            the colon: write errors: ...
            pool: db | pool: db~    timeouts: { idle: 5s } | 7:17: listeners[0].timeouts: unknown key "idle" | did you \
            mean "client"?
            balance: first | timeouts: { read: 5s } | 10:17: pools.db.timeouts: unknown key "read" | did you mean \
            "response"?
            balance: first | <<: {} | 10:5: pools.db: unknown key "<<" | keys are not merged: write them out; an alias \
            stands for a whole value
            pool: db | pool: db~    hold: 5s | 7:5: listeners[0]: unknown key "hold" | write it into the pool
            pool: db | routes: [{ pool: db, balance: first }] | 6:26: listeners[0].routes[0]: unknown key "balance" | \
            write it into the pool
            balance: first | name: db | 10:5: pools.db: key "name" is not for here | the key of the pool is its name
            workers: 2 | bind: "*:1" | 1:1: unknown key "bind" | write it inside listeners or demo-servers or \
            admin
            balance: first | keepalive_timeout: 60s | 10:5: pools.db: unknown key "keepalive_timeout" | write \
            connections: { idle-timeout: ... }
            pool: db | pool: db~    keepalive-timeout: 60s | 7:5: listeners[0]: unknown key "keepalive-timeout" | \
            write timeouts: { keep-alive: ... } into the listener
            address: db1:5432 | address: "db1:1", weight: 257 | 12:48: pools.db.servers[0].weight: expected a whole \
            number from 0 to 256, not "257" |
            address: db1:5432 | address: "db1:1", backup: yes | 12:48: pools.db.servers[0].backup: expected true or \
            false, not "yes" | write true
            """)
    void locatesAndExplains(String good, String bad, String message, String suggestion) {
        String yaml = GOOD.replaceFirst(Pattern.quote(breakLines(good)), Matcher.quoteReplacement(breakLines(bad)));
        ConfigException failure = failure(yaml);
        ConfigError error = failure.errors().getFirst();
        assertEquals("c.yaml:" + message, failure.getMessage().lines().findFirst().orElseThrow());
        assertEquals(Optional.ofNullable(suggestion), error.suggestion());
        assertEquals(yaml.lines().toList().get(error.line() - 1), error.sourceLine());
    }

    @Test
    void refusesAPoolInWhichNoServerHasAWeight() {
        assertFirstLine("c.yaml:12:7: pools.db.servers: every server has weight 0: none can take a connection",
                GOOD.replace(":5432 }", ":5432, weight: 0 }"));
    }

    @Test
    void locatesWhatOnlyTheRecordRefuses() {
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < 4097; i++) {
            servers.append("      - { name: s").append(i).append(", address: db:1 }\n");
        }
        assertFirstLine("c.yaml:10:5: pools.db: servers must be from 1 to 4096, not 4099", GOOD + servers);
    }

    @Test
    void checksKeysTogetherAlsoBesideOtherErrors() {
        ConfigException failure = failure("zebra: 1\nbuffers: { zebra: 1, memory: 16KiB }\n" + GOOD);
        assertEquals(List.of("unknown key \"zebra\"", "buffers: unknown key \"zebra\"",
                "buffers.memory: must hold at least one buffer of size"),
                failure.errors().stream().map(ConfigError::message).toList());
    }

    @Test
    void readsOnBehindAPeersWordForTheProtocol() {
        ConfigException failure = failure(GOOD.replace("protocol: tcp\n    pool: db", "mode: tcp\n    pool: dbs"));
        assertEquals(List.of("listeners[0]: key \"protocol\" must be one of: tcp, http",
                "listeners[0].pool: no pool is named \"dbs\""),
                failure.errors().stream().map(ConfigError::message).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kind: http | : key \"type\" must be one of: tcp, http, postgres, mysql, redis",
        "type: htttp | : unknown type \"htttp\"",
        "type: httpchk | : unknown type \"httpchk\"",
    })
    void readsOnBehindAWrongTypeOfHealthCheck(String type, String message) {
        ConfigException failure = failure(
                GOOD.replace("balance: first", "health-check: { " + type + ", path: x, rise: 0 }"));
        List<String> messages = failure.errors().stream().map(ConfigError::message).toList();
        assertEquals(3, messages.size(), messages::toString);
        assertEquals("pools.db.health-check" + message, messages.getFirst());
    }

    /** Of both errors, neither hides the other. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "type: htttp, type: tcp | unknown type \"htttp\"",
        "type: foo, type: foo | unknown type \"foo\"",
        "typ: tcp, typ: tcp | key \"type\" must be one of: tcp, http, postgres, mysql, redis"})
    void tellsThatAWrongTypeOfHealthCheckIsGivenTwice(String types, String message) {
        ConfigException failure = failure(
                GOOD.replace("balance: first", "health-check: { " + types + ", path: / }"));
        assertEquals(List.of("pools.db.health-check: " + message,
                "pools.db.health-check: key \"type\" is already in line 10"),
                failure.errors().stream().map(ConfigError::message).limit(2).toList());
    }

    @Test
    void readsOnBehindAProtocolThatMayBeAny() {
        assertReadsOnAsAnyListener("protocol: smtp", "unknown protocol \"smtp\"");
        assertReadsOnAsAnyListener("inspect: postgres", "key \"protocol\" must be one of: tcp, http");
    }

    /** Told is what is wrong with any protocol, not what some do not know or read differently. */
    private static void assertReadsOnAsAnyListener(String protocol, String message) {
        String others = "\n    forwarded: 12\n    timeouts: { tunnel: 6 }\n    backlog: many\n    portt: 1";
        ConfigException failure = failure(GOOD.replace("127.0.0.1:5432", "5432")
                .replace("protocol: tcp\n    pool: db", protocol + "\n    pool: dbs" + others));
        assertEquals(Set.of("listeners[0]: " + message,
                "listeners[0].bind: expected host:port, but \"5432\" has no host",
                "listeners[0].pool: no pool is named \"dbs\"",
                "listeners[0].backlog: expected a whole number from 1 to 1048576, not \"many\"",
                "listeners[0]: unknown key \"portt\""),
                failure.errors().stream().map(ConfigError::message).collect(Collectors.toSet()));
    }

    @Test
    void readsOnBehindATypeOfHealthCheckThatMayBeAny() {
        ConfigException failure = failure(GOOD.replace("balance: first",
                "health-check: { type: foo, path: 12, user: sluice, rise: 0, portt: 70 }"));
        assertEquals("""
                c.yaml:10:27: pools.db.health-check: unknown type "foo"
                        health-check: { type: foo, path: 12, user: sluice, rise: 0, portt: 70 }
                                              ^
                    known here: tcp, http, postgres, mysql, redis
                c.yaml:10:62: pools.db.health-check.rise: expected a whole number from 1 to 1000, not "0"
                        health-check: { type: foo, path: 12, user: sluice, rise: 0, portt: 70 }
                                                                                 ^
                c.yaml:10:65: pools.db.health-check: unknown key "portt"
                        health-check: { type: foo, path: 12, user: sluice, rise: 0, portt: 70 }
                                                                                    ^
                    did you mean "port"?""", failure.getMessage());
    }

    @Test
    void refusesTwoPoolsOfOneName() {
        assertFirstLine("c.yaml:14:3: pools: name \"db\" is already taken in line 9",
                GOOD + "  db: { servers: [{ name: a, address: \"a:1\" }] }\n");
    }

    @Test
    void takesThePoolsNamesForNoWordsOfPeers() {
        ConfigException failure = failure(GOOD.replace("pool: db", "pool: https").replace("  db:", "  http:"));
        assertEquals(Optional.of("did you mean \"http\"?"), failure.errors().getFirst().suggestion());
    }

    @Test
    void refusesABadNameOfAPoolAndReadsOnBehindIt() {
        List<String> places = failure(GOOD.replace("  db:\n", "  -db:\n").replace("db1:5432", "db1")).errors().stream()
                .map(error -> error.line() + ":" + error.column() + ": " + error.message()).toList();
        assertEquals(List.of(
                "6:11: listeners[0].pool: no pool is named \"db\"",
                "7:58: listeners[1].pool: no pool is named \"db\"",
                "9:3: pools: the name of a pool is 1 to 64 letters, digits, '.', '_' or '-', not \"-db\"",
                "12:31: pools.?.servers[0].address: expected host:port, but \"db1\" has no port"), places);
    }

    @Test
    void refusesAnEmptyFile() {
        assertFirstLine("c.yaml:1:1: the file has no content", "");
        assertFirstLine("c.yaml:1:1: the file has no content", "# nothing yet\n---\n");
    }

    @Test
    void refusesAFileThatIsNoMapping() {
        assertFirstLine("c.yaml:1:1: expected a mapping of keys, not a list", "- a\n- b\n");
        assertFirstLine("c.yaml:1:1: expected a mapping of keys, not \"hello\"", "hello");
    }

    @Test
    void namesAllRequiredKeysThatAreMissing() {
        assertEquals("""
                c.yaml:1:1: key "listeners" is missing
                    workers: 2
                    ^
                c.yaml:1:1: key "pools" is missing
                    workers: 2
                    ^""", failure("workers: 2").getMessage());
    }

    @Test
    void refusesASecondDocument() {
        assertFirstLine("c.yaml:14:1: a second YAML document starts here: a configuration is one document",
                GOOD + "---\n" + GOOD);
    }

    @Test
    void refusesATabAsIndentation() {
        assertEquals("""
                c.yaml:2:1: not YAML: a tab where only spaces may be
                    \tdb: 1
                    ^
                    indent with spaces""", failure("pools:\n\tdb: 1\n").getMessage());
    }

    /** Also where a key stands under the dash of its list, and where a dash stands among keys. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pools:~  db: {}~ | ` b: c` | 2 | this line begins in another column than those that it belongs to
            listeners:~  - name: a~ | `  bind: b` | 3 | this line begins in another column than those that it belongs to
            pools:~  db: {}~ | `- name: b` | 1 | an entry of a list stands where a key of a section belongs
            """)
    void saysThatALineIsIndentedDifferently(String before, String line, int column, String message) {
        String excerpt = "\n    " + line + "\n    " + " ".repeat(column - 1) + "^\n    ";
        assertEquals("c.yaml:3:" + column + ": not YAML: " + message + excerpt
                + "keys of one section begin in the same column, and so do the dashes of one list",
                failure(breakLines(before) + line + "\n").getMessage());
    }

    @Test
    void showsHowListsAndNamesAreWritten() {
        ConfigException failure = failure("""
                listeners:
                  web: { bind: "*:80" }
                pools:
                  - name: web
                """);
        assertEquals("""
                c.yaml:2:3: listeners: expected a list, not a mapping of keys
                      web: { bind: "*:80" }
                      ^
                    begin each entry with a dash and a space
                c.yaml:4:3: pools: expected a mapping of names, not a list
                      - name: web
                      ^
                    write each name as a key, such as web: { servers: ... }""", failure.getMessage());
    }

    @Test
    void showsWhereAQuoteWasOpenedThatIsNeverClosed() {
        assertFirstLine("c.yaml:1:8: not YAML: while scanning a quoted scalar: found unexpected end of stream",
                "pools: \"a\nb: c\n");
    }

    @Test
    void explainsABackslashInDoubleQuotes() {
        ConfigError error = failure("path: \"/a\\.b\"\n").errors().getFirst();
        assertEquals("not YAML: while scanning a double-quoted scalar: found unknown escape character .(46)",
                error.message());
        assertEquals(Optional.of("in double quotes a \\ begins an escape: use single quotes"), error.suggestion());
    }

    /** A text, in which {@code ~} is a line break, then the suggestion. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "a: 1~b: [~  c, d~e: 5     | COMMAS; what is open here begins in line 2",
            "a:~  - { b: 1~  - { b: 2} | COMMAS; what is open here begins in line 2",
            "a: { b: 1 c: 2 }          | COMMAS",
            "a: { b: 1~                | COMMAS; what is open here begins in line 1",
            "a: [                      | a bracket or brace is not closed"})
    void tellsWhereABracketWasOpenedThatIsNotClosed(String yaml, String suggestion) {
        assertEquals(Optional.of(suggestion.replace("COMMAS", "commas separate what is in braces or brackets; a text "
                + "with these characters goes in quotes")),
                failure(yaml.replace("~", "\n")).errors().getFirst().suggestion());
    }

    @Test
    void refusesACharacterThatYamlDoesNotKnow() {
        assertFirstLine("c.yaml:2:4: the character U+0007 is not allowed in YAML", "a: 1\nb: \u0007\n");
    }

    @Test
    void keepsTheCaretUnderItsColumnBehindTabsAndWideCharacters() {
        assertEquals("""
                c.yaml:1:10: workers: expected a whole number from 1 to 1024, not "\uD83C\uDF4E"
                    workers:\t\uD83C\uDF4E
                            \t^
                    or write auto""",
                failure(GOOD.replace("workers: 2", "workers:\t\uD83C\uDF4E")).getMessage());
    }

    private static String breakLines(String text) {
        return text.replace('~', '\n');
    }

    private static void assertFirstLine(String expected, String yaml) {
        assertEquals(expected, failure(yaml).getMessage().lines().findFirst().orElseThrow());
    }

    private static ConfigException failure(String yaml) {
        return assertThrows(ConfigException.class, () -> ConfigParser.load(yaml, "c.yaml", Path.of("/etc/sluice")));
    }
}
