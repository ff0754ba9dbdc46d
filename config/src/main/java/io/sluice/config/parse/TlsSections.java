package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;
import static java.util.Map.entry;

import io.sluice.config.CipherSuite;
import io.sluice.config.ClientTlsConfig;
import io.sluice.config.ClientTlsConfig.Negotiation;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.ClientField;
import io.sluice.config.ServerTlsConfig.Sessions;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.TlsVersion;
import io.sluice.config.pem.Certificates;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.RevocationList;
import io.sluice.config.pem.TicketKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of TLS, on listeners and on pools. */
final class TlsSections {

    private static final Section<Sessions> SESSIONS = sessions();
    private static final String HTTP_1_1 = "http/1.1";

    static final Section<ServerTlsConfig> OF_TCP = server("tcp-tls",
            ListType.of(TcpRouteSections.protocol()), List.of(), clientAuth("tcp-client-auth", false));
    static final Section<ServerTlsConfig> OF_HTTP = server("http-tls",
            ListType.of(TcpRouteSections.protocol().then(TlsSections::checkSpoken)), List.of(HTTP_1_1),
            clientAuth("http-client-auth", true));
    static final Section<ClientTlsConfig> OF_POOL = client();

    private TlsSections() { }

    /** One table: cut in two it would be harder to read. */
    private static Section<ServerTlsConfig> server(String name, ValueType<List<String>> protocols,
                                                   List<String> usualProtocols, Section<ClientAuth> clientAuths) {
        var keys = Section.<ServerTlsConfig>named(name,
                "TLS with clients, terminated by Sluice. See [TLS.md](TLS.md).");
        var certificates = keys.required("certificates", CertificateSections.CERTIFICATES,
                ServerTlsConfig::certificates, "The name that a client asks for (SNI) decides which one it gets: exact "
                        + "names come first, then `*.` names, then the very first certificate. A name may have both an "
                        + "RSA and an EC certificate.");
        var ciphers = keys.optional("ciphers", ListType.of(cipher()).notEmpty().or("modern", CipherSuite.MODERN)
                .or("intermediate", CipherSuite.INTERMEDIATE), CipherSuite.INTERMEDIATE, ServerTlsConfig::ciphers,
                "Mozilla's list of that name, or a list of TLS 1.2 ciphers, best first. TLS 1.3 ciphers are always "
                        + "enabled; `modern` enables no others.");
        var minVersion = keys.derived("min-version", version(), new Key.Default.Derived<>(ciphers,
                "`\"1.3\"` with `ciphers: modern`, else `\"1.2\"`", TlsSections::usualVersion),
                ServerTlsConfig::minVersion, "The oldest TLS version that is accepted.");
        var alpn = keys.optional("alpn", protocols, usualProtocols, ServerTlsConfig::alpn,
                "Protocols to negotiate (ALPN), best first. If a client supports none of them, none is chosen.");
        var unknownSni = keys.optional("unknown-sni", Words.oneOf(UnknownSni.class), UnknownSni.DEFAULT,
                ServerTlsConfig::unknownSni, "What clients get that ask for a name that no certificate has, or for no "
                        + "name: the first certificate, or a failed handshake.");
        var clientAuth = keys.maybe("client-auth", clientAuths, ServerTlsConfig::clientAuth,
                "Asks clients for certificates.");
        var session = keys.subsection("session", SESSIONS, ServerTlsConfig::session,
                "How clients resume earlier sessions, which saves most of a handshake.");
        var handshakeTimeout = keys.optional("handshake-timeout", duration(), Duration.ofSeconds(10),
                ServerTlsConfig::handshakeTimeout,
                "How long the handshake may take, even if the client keeps sending.");
        var rate = keys.bound("handshakes-per-second", ServerTlsConfig::handshakesPerSecond,
                "Handshakes that may begin per second, over all workers. Further clients wait.");
        keys.check(List.of(minVersion, ciphers),
                values -> !values.get(ciphers).isEmpty() || values.get(minVersion) == TlsVersion.TLS_1_3,
                "ciphers: modern has none for TLS 1.2");
        return keys.build(values -> new ServerTlsConfig(values.get(certificates), values.get(minVersion),
                values.get(ciphers), values.get(alpn), values.get(unknownSni), values.get(clientAuth),
                values.get(session), values.get(handshakeTimeout), values.get(rate)));
    }

    private static TlsVersion usualVersion(List<CipherSuite> ciphers) {
        return ciphers.isEmpty() ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2;
    }

    private static Scalar<TlsVersion> version() {
        // To YAML and so to an editor, a version without quotes is a number.
        return new Scalar<>("`\"1.2\"`, `\"1.3\"`", Json.object("enum", List.of("1.2", "1.3", 1.2, 1.3)),
                Words.oneOf(List.of(TlsVersion.values()), TlsVersion::number).parser(), TlsVersion::number);
    }

    /** By either name; the dump has that of IANA. */
    private static Scalar<CipherSuite> cipher() {
        Map<String, CipherSuite> byName = new LinkedHashMap<>();
        for (CipherSuite suite : CipherSuite.values()) {
            byName.put(suite.name(), suite);
            byName.put(suite.openSslName(), suite);
        }
        Scalar<CipherSuite> names = Words.oneOf(byName);
        return new Scalar<>("cipher such as `ECDHE-RSA-AES128-GCM-SHA256`", names.schema(), text -> {
            if (text.startsWith("TLS_AES_") || text.startsWith("TLS_CHACHA20_")) {
                throw new InvalidValueException(text + " is of TLS 1.3, whose ciphers are always on", "leave it out");
            }
            if (text.contains(":")) {
                throw new InvalidValueException("a cipher's name has no colon, unlike " + Nodes.quoted(text),
                        "write a list: [A, B], or intermediate or modern");
            }
            return names.parser().parse(text);
        }, CipherSuite::name);
    }

    private static String checkSpoken(String protocol, Node at, Reading reading) {
        if (!protocol.equals(HTTP_1_1)) {
            reading.error(at, "an HTTP listener speaks only " + HTTP_1_1);
        }
        return protocol;
    }

    private static Section<ClientAuth> clientAuth(String name, boolean http) {
        var keys = Section.<ClientAuth>named(name, "Client certificates.");
        var mode = keys.optional("mode", Words.oneOf(ClientAuth.Mode.class), ClientAuth.Mode.REQUIRE, ClientAuth::mode,
                "`optional`: clients may have no certificate, but not an invalid one.");
        var ca = keys.required("ca", Words.path().then(TlsSections::checkCertificates), ClientAuth::ca,
                "PEM file with the certificates of the authorities that may have signed them.");
        var crl = keys.maybe("crl", Words.path().then(TlsSections::checkRevocations), ClientAuth::crl,
                "Lists of revoked certificates, in PEM format, or one list in DER. With this key, each `ca` that has "
                        + "signed client certificates needs an up-to-date list.");
        if (!http) {
            keys.refused("headers", "only HTTP has header fields");
            return keys.build(values -> new ClientAuth(values.get(mode), values.get(ca), values.get(crl), Map.of()));
        }
        var headers = keys.omitted("headers", new Entries<>(HttpTypes.token("header field"),
                Words.oneOf(ClientField.class)), Map.of(), ClientAuth::headers, "Header fields that tell servers about "
                        + "the client's certificate. If clients send fields of these names, they are removed.");
        return keys.build(values ->
                new ClientAuth(values.get(mode), values.get(ca), values.get(crl), values.get(headers)));
    }

    private static Section<Sessions> sessions() {
        var keys = Section.<Sessions>named("tls-session", "How sessions are resumed, on any worker.");
        var cache = keys.optional("cache", integer(1, 10_000_000), 20_000, Sessions::cacheSize,
                "Number of sessions to remember, for TLS 1.2 clients without tickets.");
        var tickets = keys.optional("tickets", Words.oneOf(Words.inOrder(entry("on", true), entry("off", false))),
                true, Sessions::tickets,
                "Whether clients may keep their sessions themselves, encrypted. TLS 1.3 has no other way.");
        var rotation = keys.optional("ticket-rotation", duration(), Duration.ofHours(8), Sessions::ticketRotation,
                "How long a key encrypts tickets. Then a new key takes over, and tickets of the old one stay valid for "
                        + "as long again.");
        var file = keys.maybe("ticket-key-file", Words.path().then(TlsSections::checkTicketKeys),
                Sessions::ticketKeyFile, "Ticket keys shared by several hosts, so that clients can resume sessions on "
                        + "any of them: one key of 48 bytes per line, in Base64 (`openssl rand -base64 48`). The last "
                        + "but one encrypts, all decrypt. Keys then rotate only when the file changes.");
        keys.check(List.of(file, tickets), values -> values.get(file).isEmpty() || values.get(tickets),
                "tickets: off needs no keys for them");
        return keys.build(values -> new Sessions(values.get(cache), values.get(tickets), values.get(rotation),
                values.get(file)));
    }

    private static Section<ClientTlsConfig> client() {
        var keys = Section.<ClientTlsConfig>named("pool-tls", "TLS with servers. See [TLS.md](TLS.md).");
        var verify = keys.optional("verify", Numbers.bool(), true, ClientTlsConfig::verify,
                "Whether a server must have a certificate for its name, signed by a trusted authority. Otherwise "
                        + "anyone in between can read and change everything.");
        var ca = keys.maybe("ca", Words.path().then(TlsSections::checkCertificates), ClientTlsConfig::ca,
                "PEM file of trusted certificates. Default: those that the Java runtime trusts.");
        var serverName = keys.maybe("server-name", HttpTypes.host(), ClientTlsConfig::serverName,
                "The name that servers are asked for (SNI) and must have in their certificates. Default: the host of "
                        + "each server's `address`.");
        var certificate = keys.maybe("client-certificate", CertificateSections.CLIENT_CERTIFICATE,
                ClientTlsConfig::clientCertificate, "The certificate for servers that ask for one.");
        var alpn = keys.<List<String>>optional("alpn", ListType.of(TcpRouteSections.protocol()), List.of(),
                ClientTlsConfig::alpn, "Protocols to offer (ALPN), best first.");
        var negotiation = keys.maybe("negotiation", Words.oneOf(Negotiation.class), ClientTlsConfig::negotiation,
                "`postgres`: Sluice first asks the server for TLS, as PostgreSQL's protocol demands; if the server "
                        + "refuses, the connection attempt fails. `direct`: TLS begins at once, which PostgreSQL "
                        + "supports since version 17. Default: `postgres` in pools with a health check of `type: "
                        + "postgres`, else `direct`.");
        keys.check(List.of(ca, verify), values -> values.get(verify) || values.get(ca).isEmpty(),
                "verify: false trusts everyone, so ca has no meaning");
        return keys.build(values -> new ClientTlsConfig(values.get(verify), values.get(ca), values.get(serverName),
                values.get(certificate), values.get(alpn), values.get(negotiation)));
    }

    /** What a pool says of TLS; switching verification off is loud. */
    static ClientTlsConfig warnIfUnverified(ClientTlsConfig tls, Node at, Reading reading) {
        if (!tls.verify()) {
            reading.warning(at, reading.path(".verify"), "servers are not verified: whoever can redirect connections "
                    + "to them reads and changes everything");
        }
        return tls;
    }

    private static Path checkCertificates(Path file, Node at, Reading reading) {
        try {
            Certificates.read(file);
        } catch (PemException e) {
            reading.error(at, e.getMessage());
        }
        return file;
    }

    private static Path checkTicketKeys(Path file, Node at, Reading reading) {
        try {
            TicketKeys.read(file);
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                reading.warning(at, reading.path(), "everybody on this host may read " + file + ", and with it all "
                        + "that was said in sessions of its tickets");
            }
        } catch (PemException | IOException e) {
            reading.error(at, e.getMessage());
        }
        return file;
    }

    private static Path checkRevocations(Path file, Node at, Reading reading) {
        try {
            Instant now = Instant.now();
            List<RevocationList> lists =
                    Certificates.readRevocations(file).stream().map(RevocationList::of).toList();
            for (RevocationList list : RevocationList.latest(lists, now)) {
                list.fault(now).ifPresent(fault -> reading.warning(at, reading.path(), "the list of " + list.issuer()
                        + " " + fault + ", so all its clients are refused: " + file));
            }
        } catch (PemException e) {
            reading.error(at, e.getMessage());
        }
        return file;
    }
}
