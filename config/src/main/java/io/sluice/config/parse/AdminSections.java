package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.bool;

import io.sluice.config.AdminConfig;
import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of the admin address. */
final class AdminSections {

    static final Section<AdminConfig> ADMIN = admin();

    private AdminSections() { }

    private static Section<AdminConfig> admin() {
        var keys = Section.<AdminConfig>named("admin", "The admin address: dashboard, API and metrics; see ADMIN.md. "
                + "Without this section there is none. Changing it takes a restart.");
        var bind = keys.optional("bind", Addresses.bind(), new Endpoint("127.0.0.1", 9090), AdminConfig::bind,
                "Address to listen on. One that other hosts can reach needs `tls`.");
        var socket = keys.maybe("socket", Words.path(), AdminConfig::socket,
                "A Unix socket to listen on as well. Only its owner may open it.");
        var tokenFile = keys.maybe("token-file", Words.path(), AdminConfig::tokenFile,
                "File with the token that callers must send. If it does not exist, Sluice creates it with a new token, "
                        + "readable only by its owner. Default: `admin.token` next to `state-file`, or else next to "
                        + "the configuration.");
        var token = keys.maybe("token", HttpTypes.secret().then(AdminSections::checkToken), AdminConfig::token,
                "The token itself, at least 16 characters; better kept out of the configuration.");
        var tls = keys.maybe("tls", CertificateSections.pair("admin-tls", "The certificate of the admin address.",
                Words.readableFile(), Words.path().then(AdminSections::checkThere)), AdminConfig::tls,
                "Encrypts connections to `bind`.");
        var metricsToken = keys.optional("metrics-token", bool(), false, AdminConfig::metricsToken,
                "Whether `/metrics` needs the token, too.");
        keys.check(List.of(token, tokenFile),
                values -> values.get(token).isEmpty() || values.get(tokenFile).isEmpty(),
                "give token or token-file, not both");
        keys.check(List.of(bind, tls), values -> values.get(tls).isPresent()
                || AdminConfig.isLoopback(values.get(bind)), AdminConfig.NEEDS_TLS);
        return keys.build(values -> new AdminConfig(values.get(bind), values.get(socket), values.get(tokenFile),
                values.get(token), values.get(tls), values.get(metricsToken)));
    }

    private static String checkToken(String token, Node at, Reading reading) {
        if (token.length() < AdminConfig.LEAST_TOKEN_LENGTH) {
            reading.error(at, "a token has at least " + AdminConfig.LEAST_TOKEN_LENGTH + " characters");
        }
        return token;
    }

    /** Checks only that it exists: who only asks at the address needs no key. It is read when the address is opened. */
    private static Path checkThere(Path file, Node at, Reading reading) {
        if (!Files.exists(file)) {
            reading.error(at, "no such file: " + file);
        }
        return file;
    }
}
