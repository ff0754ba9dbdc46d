package io.sluice.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a health check logs in to a database, and what it asks there. Holds no password, only where to find it.
 * Immutable.
 *
 * @param user     empty only if the database has accounts without a name (Redis)
 * @param password empty: the account has no password
 * @param maxLag   a replica that lags further behind does not count as one meanwhile; empty: any lag is fine
 * @param question the operator's own query, made at each check; empty: none
 */
public record LoginConfig(
        Optional<String> user, Optional<Secret> password, Tls tls, Optional<Duration> maxLag,
        Optional<Question> question) {

    public LoginConfig {
        user.ifPresent(name -> Checks.that(!name.isBlank(), "user must not be empty"));
        maxLag.ifPresent(lag -> Checks.positive("max-lag", lag));
    }

    /** The same with other TLS. */
    public LoginConfig with(Tls otherTls) {
        return new LoginConfig(user, password, otherTls, maxLag, question);
    }

    /** Where a password is. It is read for each connection, so a changed password takes no restart. */
    public sealed interface Secret permits InFile, InEnvironment {

        /**
         * The password as it is now.
         *
         * @throws IOException if there is no password; the message says why, for a log line
         */
        String read() throws IOException;
    }

    /** The password is the first line of a file. */
    public record InFile(Path file) implements Secret {
        @Override
        public String read() throws IOException {
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                String line = reader.readLine();
                if (line == null || line.isEmpty()) {
                    throw new IOException("nothing in the first line of " + file);
                }
                return line;
            } catch (NoSuchFileException e) {
                throw new IOException("no such file: " + file, e);
            } catch (AccessDeniedException e) {
                throw new IOException("permission denied: " + file, e);
            } catch (CharacterCodingException e) {
                throw new IOException("not UTF-8 text: " + file, e);
            }
        }
    }

    /** The password is an environment variable of Sluice's own process. */
    public record InEnvironment(String variable) implements Secret {
        @Override
        public String read() throws IOException {
            String value = System.getenv(variable);
            if (value == null || value.isEmpty()) {
                throw new IOException("the environment variable " + variable + " is not set");
            }
            return value;
        }
    }

    /**
     * Whether the connection is encrypted, and how the server's certificate is verified.
     *
     * @param ca certificates to trust; empty: those of the Java runtime, if certificates are verified at all
     */
    public record Tls(Mode mode, Optional<Path> ca) {

        /** Like {@code sslmode} of PostgreSQL's clients, but with {@code ca}, every mode verifies the certificate. */
        public enum Mode {
            DISABLE,
            /** Encrypted if the server has TLS. */
            PREFER,
            REQUIRE,
            /** Encrypted, and the server's certificate must be signed by a trusted one. */
            VERIFY_CA,
            /** As {@code VERIFY_CA}, and the certificate must be for the server's configured host. */
            VERIFY_FULL
        }

        /** Whether encryption is optional and unverified, the usual choice for servers that tell if they have TLS. */
        public boolean takesAnything() {
            return mode == Mode.PREFER && ca.isEmpty();
        }

        /** Whether a connection without TLS is acceptable. */
        public boolean mayDoWithout() {
            return mode == Mode.DISABLE || mode == Mode.PREFER;
        }

        /** Whether the server's certificate must be signed by a trusted one. */
        public boolean verifiesCertificate() {
            return ca.isPresent() || mode == Mode.VERIFY_CA || mode == Mode.VERIFY_FULL;
        }
    }

    /**
     * An operator's query.
     *
     * @param expect the expected first column of the first row, as text; empty: any answer but an error will do
     */
    public record Question(String query, Optional<String> expect) {
        public Question {
            Checks.that(!query.isBlank(), "query must not be empty");
        }
    }
}
