package io.sluice.config.parse;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What HAProxy, nginx, Traefik and Envoy call otherwise: newcomers write the words that they know. */
final class PeerWords {

    static final List<PeerWord> WORDS = List.of(
            word("frontend", "listeners"), word("frontends", "listeners"), word("entrypoints", "listeners"),
            word("backend", "pools"), word("backends", "pools"), word("upstream", "pools"),
            word("upstreams", "pools"), word("services", "pools"), word("clusters", "pools"), word("backend", "pool"),
            word("default-backend", "pool"), word("use-backend", "pool"), word("upstream", "pool"),
            word("proxy-pass", "pool"), word("service", "pool"), word("cluster", "pool"), word("mode", "protocol"),
            word("listen", "bind"), word("port", "bind"), word("address", "bind"), word("location", "routes"),
            word("rules", "routes"), word("acl", "routes"), word("routers", "routes"),
            word("maxconn", "max-connections"), word("max-conns", "max-connections"),
            word("worker-processes", "workers"), word("nbthread", "workers"), word("busy-polling", "busy-poll"),
            word("worker-connections", "max-connections"), word("stats", "admin"), word("metrics", "admin"),
            word("prometheus", "admin"), word("api", "admin"), word("dashboard", "admin"),
            word("idle", "keep-alive"), word("idle", "client"), word("idle", "server"), word("read", "client"),
            word("read", "response"), word("write", "client"), word("write", "server"), word("send", "client"),
            word("send", "server"), word("send-timeout", "client"), word("proxy-send-timeout", "server"),
            word("client-fin", "half-closed"), word("versions", "min-version"), word("protocols", "min-version"),
            word("ssl-protocols", "min-version"), word("ssl-min-ver", "min-version"), word("key-file", "key"),
            word("cert-file", "chain"),
            word("accept-proxy", "proxy-protocol"),
            word("send-proxy", "send-proxy-protocol"), word("ssl", "tls"), word("cert", "chain"),
            word("certificate", "chain"), word("crt", "chain"), word("ca-file", "ca"), word("crl-file", "crl"),
            word("verify", "mode"), word("algorithm", "balance"), word("strategy", "balance"),
            word("lb-policy", "balance"), word("rr", "round-robin"), word("wrr", "round-robin"),
            word("static-rr", "round-robin"), word("leastconn", "least-connections"), word("source", "ip-hash"),
            word("p2c", "random-of-two"), word("uri", "hash", "write hash, and hash-by: path"),
            word("url-param", "hash", "write hash, and hash-by: { query: NAME }"),
            word("hdr", "hash", "write hash, and hash-by: { header: NAME }"), word("httpchk", "health-check"),
            word("option", "health-check"), word("option httpchk", "health-check"),
            word("option pgsql-check", "health-check"), word("option mysql-check", "health-check"),
            word("option redis-check", "health-check"), word("option forwardfor", "forwarded"),
            word("real-ip-header", "forwarded"), word("proxy-ssl-verify", "tls"), word("serverstransport", "tls"),
            word("deny", "respond", "write respond: { status: 403 }"), word("pgsql", "postgres"),
            word("postgresql", "postgres"), word("mariadb", "mysql"), word("galera", "mysql"), word("uri", "path"),
            word("redispatch", "retries"), word("stick-table", "sticky"), word("stick", "sticky"),
            word("cookie", "sticky"), word("keepalive", "connections"),
            word("client-max-body-size", "limits", "write limits: { body-bytes: ... }"),
            word("client-max-body-size", "body-bytes"),
            word("keepalive-timeout", "connections", "write connections: { idle-timeout: ... }"),
            word("keepalive-timeout", "timeouts", "write timeouts: { keep-alive: ... } into the listener"),
            word("least-conn", "balance", "write balance: least-connections"),
            word("ip-hash", "balance", "write balance: ip-hash"), word("max-fails", "connect-failures"),
            word("fail-timeout", "eject-for"), word("max-fails", "passive"), word("fail-timeout", "passive"),
            word("outlier-detection", "passive"), word("server-name", "host"),
            word("server-name", "routes", "write host into the match of a route"), word("domain", "host"),
            word("src", "client"), word("source", "client"), word("ip", "client"), word("return", "respond"),
            word("code", "status"), word("text", "body"), word("sni", "server-name"),
            word("insecure", "verify", "write verify: false"), word("tries", "attempts"), word("rate", "requests"),
            word("average", "requests"), word("rate", "connections"), word("average", "connections"),
            word("disabled", "state", "write state: maintenance"), word("down", "state", "write state: maintenance"),
            word("url", "address", "write address: HOST:PORT"), word("host", "address", "write address: HOST:PORT"),
            word("port", "address", "write address: HOST:PORT"),
            word("path-end", "path-suffix"), word("path-beg", "path", "write path: /x/**"),
            word("path-prefix", "path", "write path: /x/**"), word("pathprefix", "path", "write path: /x/**"),
            word("stripprefix", "rewrite"), word("addprefix", "rewrite"), word("set-path", "rewrite"),
            word("http-request", "request-header"), word("client-header-timeout", "request-header"),
            word("client-body-timeout", "client"), word("keepalive-timeout", "keep-alive"),
            word("proxy-connect-timeout", "connect"), word("proxy-read-timeout", "response"),
            word("log-format", "access-log"), word("limit-req", "rate-limit"), word("ssl-certificate", "tls"),
            word("strict-sni", "unknown-sni"), word("snistrict", "unknown-sni"),
            word("ssl-reject-handshake", "unknown-sni"), word("ssl-verify-client", "client-auth"),
            word("ca-file", "client-auth"), word("proxy-next-upstream", "retry"), word("errorfile", "error-pages"),
            word("circuitbreaker", "passive"), word("observe", "passive"), word("on-marked-down", "on-down"),
            word("on-marked-up", "on-failback"), word("send-proxy-v2", "send-proxy-protocol"),
            word("https", "http", "write http; for TLS, give the listener or the pool a section tls"),
            word("http2", "http", "there is no HTTP/2: write http, or tcp to pass it on"),
            word("h2", "http", "there is no HTTP/2: write http, or tcp to pass it on"),
            word("grpc", "tcp", "write tcp: there is no HTTP/2"), word("websocket", "http"), word("ws", "http"),
            word("tls", "tcp"), word("ssl", "tcp"), word("postgres", "tcp"), word("postgresql", "tcp"),
            word("mysql", "tcp"), word("redis", "tcp"));

    private PeerWords() { }

    /** A hint if the word is a peer's for one of the known words. */
    static Optional<String> hint(String word, Collection<String> known) {
        String theirs = Nearest.normal(word.replaceFirst("\\(.*", ""));
        return WORDS.stream()
                .filter(peer -> peer.theirs().equals(theirs) && known.contains(peer.ours()))
                .map(PeerWord::hint)
                .findFirst();
    }

    private static PeerWord word(String theirs, String ours) {
        return word(theirs, ours, Nearest.didYouMean(ours));
    }

    private static PeerWord word(String theirs, String ours, String hint) {
        return new PeerWord(theirs, ours, hint);
    }

    /** @param theirs in the form of {@link Nearest#normal} */
    record PeerWord(String theirs, String ours, String hint) { }
}
