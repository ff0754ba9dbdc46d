package io.sluice.config.parse;

import static io.sluice.config.parse.Quantities.duration;

import io.sluice.config.HealthCheckConfig.Database;
import io.sluice.config.LoginConfig;
import io.sluice.config.LoginConfig.InEnvironment;
import io.sluice.config.LoginConfig.InFile;
import io.sluice.config.LoginConfig.Question;
import io.sluice.config.LoginConfig.Secret;
import io.sluice.config.LoginConfig.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The keys of every check that logs in: the account, TLS and the query. Immutable.
 *
 * @param user optional or required, depending on the database
 */
record LoginKeys<T extends Database>(
        Key<T, Optional<String>> user,
        Key<T, Optional<Path>> passwordFile,
        Key<T, Optional<String>> passwordEnv,
        Key<T, Tls> tls,
        Key<T, Optional<Duration>> maxLag,
        Key<T, Optional<String>> query,
        Key<T, Optional<String>> expect) {

    private static final Scalar<String> VARIABLE = HttpTypes.token("environment variable");

    /** Adds the keys after {@code user}, which the section of each database adds itself. */
    static <T extends Database> LoginKeys<T> of(Section.Builder<T> keys, Key<T, Optional<String>> user,
                                                Section<Tls> tlsSection, String lagMeans, String queryMeans) {
        var passwordFile = keys.maybe("password-file", Words.path().then(LoginKeys::checkPasswordFile),
                check -> check.login().password().filter(InFile.class::isInstance)
                        .map(secret -> ((InFile) secret).file()),
                "File whose first line is the password; read for each new connection.");
        var passwordEnv = keys.maybe("password-env", VARIABLE.then(LoginKeys::checkVariable),
                check -> check.login().password().filter(InEnvironment.class::isInstance)
                        .map(secret -> ((InEnvironment) secret).variable()),
                "Environment variable of Sluice's process that holds the password.");
        keys.refused("password", "a password does not belong into a configuration: put it into a file that only Sluice "
                + "can read and write password-file: /etc/sluice/check.pass, or name a variable by password-env");
        var tls = keys.subsection("tls", tlsSection, check -> check.login().tls(),
                "Whether the check's connection is encrypted.");
        var maxLag = keys.maybe("max-lag", duration(), check -> check.login().maxLag(), lagMeans);
        var query = keys.maybe("query", HttpTypes.text(), check -> check.login().question().map(Question::query),
                queryMeans);
        var expect = keys.maybe("expect", HttpTypes.text(),
                check -> check.login().question().flatMap(Question::expect),
                "What `query` must return, as text: the first column of the first row. Without it, any answer but an "
                        + "error is good.");
        keys.check(List.of(passwordEnv, passwordFile),
                values -> values.get(passwordEnv).isEmpty() || values.get(passwordFile).isEmpty(),
                "give password-file or password-env, not both");
        keys.check(List.of(expect, query), values -> values.get(expect).isEmpty() || values.get(query).isPresent(),
                "expect needs query");
        return new LoginKeys<>(user, passwordFile, passwordEnv, tls, maxLag, query, expect);
    }

    LoginConfig read(Values values) {
        Optional<Secret> password = values.get(passwordFile).<Secret>map(InFile::new)
                .or(() -> values.get(passwordEnv).map(InEnvironment::new));
        return new LoginConfig(values.get(user), password, values.get(tls), values.get(maxLag),
                values.get(query).map(text -> new Question(text, values.get(expect))));
    }

    /** The subsection tls, with the database's usual mode as the default. */
    static Section<Tls> tls(String name, Tls.Mode usual, String modes) {
        var keys = Section.<Tls>named(name, "Whether a check's connection is encrypted.");
        var mode = keys.optional("mode", Words.oneOf(Tls.Mode.class), usual, Tls::mode, modes);
        var ca = keys.maybe("ca", Words.readableFile(), Tls::ca,
                "PEM file of certificates, one of which must have signed the server's, whatever the mode. Without it, "
                        + "the `verify` modes trust those that the Java runtime trusts.");
        keys.check(List.of(ca, mode), values -> values.get(ca).isEmpty() || values.get(mode) != Tls.Mode.DISABLE,
                "mode: disable uses no certificates");
        return keys.build(values -> new Tls(values.get(mode), values.get(ca)));
    }

    /** Checks that the file can be read, so that the operator learns of it now, and not by failing health checks. */
    private static Path checkPasswordFile(Path file, Node at, Reading reading) {
        SecretFile.read(file, at, reading);
        return file;
    }

    /** Only warns: the file is often validated in another environment than the one that Sluice runs in. */
    private static String checkVariable(String variable, Node at, Reading reading) {
        try {
            new InEnvironment(variable).read();
        } catch (IOException e) {
            reading.warning(at, reading.path(), e.getMessage());
        }
        return variable;
    }
}
