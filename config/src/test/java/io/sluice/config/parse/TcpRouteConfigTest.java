package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.TargetConfig;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Inspect;
import io.sluice.config.TcpRouteConfig;
import io.sluice.config.TcpRouteConfig.Match;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes of a TCP listener, and what is looked at for them. */
class TcpRouteConfigTest {

    private static final String START = "listeners:\n  - name: db\n    protocol: tcp\n    bind: 127.0.0.1:1\n    ";
    private static final String POOLS = "\npools:\n  p:\n    servers: [{ name: s, address: db:1 }]\n"
            + "  q:\n    servers: [{ name: s, address: db:2 }]\n";

    @Test
    void readsRoutes() throws Exception {
        TcpListenerConfig listener = listener("""
                routes:
                      - { match: { sni: [Orders.DB.example.com., b.test], alpn: [h2, http/1.1] }, pool: p }
                      - { match: { sni: "*.example.com" }, pool: p }
                      - { match: { alpn: postgresql }, pool: q }
                      - { pool: q }
                """);
        assertEquals(List.of(
                new TcpRouteConfig(
                        new Match(List.of("orders.db.example.com", "b.test"), List.of("h2", "http/1.1")), any("p")),
                new TcpRouteConfig(new Match(List.of("*.example.com"), List.of()), any("p")),
                new TcpRouteConfig(new Match(List.of(), List.of("postgresql")), any("q")),
                new TcpRouteConfig(Match.ANY, any("q"))), listener.routes());
        assertEquals(List.of("p", "q"), listener.poolNames());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            routes: [{ match: { sni: a.b }, pool: p }, { pool: q }]                    | TLS
            routes: [{ match: { alpn: h2 }, pool: p }, { pool: q }]                    | TLS
            routes: [{ match: { sni: a.b }, pool: p }, { pool: q }], inspect: postgres | POSTGRES
            routes: [{ pool: q }]                                                      | OFF
            pool: q                                                                    | OFF
            pool: q, inspect: postgres                                                 | POSTGRES
            """)
    void looksAtWhatRoutesNeed(String keys, Inspect expected) throws Exception {
        assertEquals(expected, listener(keys.replace("], inspect", "]\n    inspect").replace("q, inspect",
                "q\n    inspect")).inspect());
    }

    /** Keys of a listener in line 5, column 5; a {@code ~} is a line break with four spaces. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backlog: 1 | 2:5: listeners[0].routes: a TCP listener has either routes or a pool
            pool: p~routes: [{ pool: q }] | 6:13: listeners[0].routes: a TCP listener has either routes or a pool
            routes: [{ match: { sni: a.b }, pool: p }, { pool: q }]~inspect: off | 6:14: listeners[0].inspect: routes \
            that match by sni or alpn need inspect: tls, or postgres
            routes: [{ pool: p }, { pool: q }] | 5:27: listeners[0].routes[1]: the route in line 5 matches the same \
            clients: this one would never get them
            routes: [{ match: { sni: [a.b, c.d] }, pool: p }, { match: { sni: [e.f, c.d] }, pool: q }] | 5:55: \
            listeners[0].routes[1]: the route in line 5 matches the same clients for c.d: this one would never get them
            routes: [{ match: { sni: [a.b, A.b.] }, pool: p }] | 5:36: listeners[0].routes[0].match.sni[1]: "a.b" is \
            already in this list
            routes: [{ match: { sni: "a.b:1" }, pool: q }] | 5:30: listeners[0].routes[0].match.sni: a host is \
            matched without its port
            routes: [{ match: { alpn: "h 2" }, pool: q }] | 5:31: listeners[0].routes[0].match.alpn: a protocol of \
            ALPN is 1 to 255 visible characters, not "h 2"
            routes: [{ pool: p }]~role: primary | 6:11: listeners[0].role: where there are routes, each of them has \
            its own role
            routes: [{ pool: p, role: primary }] | 5:31: listeners[0].routes[0].role: pool "p" has no health check \
            that tells which server is primary
            routes: [{ pool: r }] | 5:22: listeners[0].routes[0].pool: no pool is named "r"
            """)
    void explainsWhatIsWrong(String keys, String message) {
        ConfigException e = assertThrows(ConfigException.class, () -> listener(keys.replace("~", "\n    ")));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static TargetConfig any(String pool) {
        return new TargetConfig(pool, Wanted.ANY);
    }

    private static TcpListenerConfig listener(String keys) throws ConfigException {
        return (TcpListenerConfig) ConfigParser.load(START + keys + POOLS, "test.yaml", Path.of("")).config()
                .listeners().getFirst();
    }
}
