package io.sluice.config.parse;

import io.sluice.config.CertificateConfig;
import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.pem.ChainCheck;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys that say where certificates are; what is there has to be usable. */
final class CertificateSections {

    private static final String CHAIN_MEANS =
            "PEM file with the certificate, followed by the one that signed it, and so on. The root may be left out.";
    private static final String KEY_MEANS = "PEM file with the RSA or EC key: PKCS#8, PKCS#1 or SEC 1. Default: the "
            + "`chain` file, which then contains the key, too.";
    private static final String PASSWORD_MEANS =
            "File whose first line is the password of the key. Only PKCS#8 keys may be encrypted.";

    static final ValueType<List<CertificateConfig>> CERTIFICATES =
            ListType.of(certificate().then(CertificateSections::load)).notEmpty();
    static final ValueType<Pair> CLIENT_CERTIFICATE =
            pair("client-certificate", "The certificate for servers that ask for one.", Words.path(), Words.path())
                    .then(CertificateSections::load);

    private CertificateSections() { }

    private static Section<CertificateConfig> certificate() {
        var keys = Section.<CertificateConfig>named("certificate",
                "A certificate with its key, or a directory of them.");
        var chain = keys.maybe("chain", Words.path(), ofPair(pair -> Optional.of(pair.chain())), CHAIN_MEANS);
        var key = keys.maybe("key", Words.path(), ofPair(CertificateSections::ownKey), KEY_MEANS);
        var passwordFile = keys.maybe("password-file", Words.path(), ofPair(Pair::passwordFile), PASSWORD_MEANS);
        var directory = keys.maybe("directory", Words.path(), certificate -> certificate instanceof Directory found
                ? Optional.of(found.directory()) : Optional.empty(), "Each `NAME.pem` or `NAME.crt` in it is a "
                        + "`chain`, and `NAME.key` next to it is its `key`. Added and removed files take effect by "
                        + "themselves.");
        keys.check(List.of(directory, chain),
                values -> values.get(chain).isPresent() != values.get(directory).isPresent(),
                "give either chain or directory");
        keys.check(List.of(key, chain), values -> values.get(key).isEmpty() || values.get(chain).isPresent(),
                "key goes with chain");
        keys.check(List.of(passwordFile, chain),
                values -> values.get(passwordFile).isEmpty() || values.get(chain).isPresent(),
                "password-file goes with chain");
        return keys.build(values -> values.get(directory).<CertificateConfig>map(Directory::new).orElseGet(() ->
                new Pair(values.get(chain).orElseThrow(), values.get(key).or(() -> values.get(chain)).orElseThrow(),
                        values.get(passwordFile))));
    }

    /**
     * Names the files of a certificate and its key.
     *
     * @param publicFile how the file of the chain is read
     * @param secretFile how those of the key and its password are
     */
    static Section<Pair> pair(String name, String meaning, ValueType<Path> publicFile, ValueType<Path> secretFile) {
        var keys = Section.<Pair>named(name, meaning);
        var chain = keys.required("chain", publicFile, Pair::chain, CHAIN_MEANS);
        var key = keys.maybe("key", secretFile, CertificateSections::ownKey, KEY_MEANS);
        var passwordFile = keys.maybe("password-file", secretFile, Pair::passwordFile, PASSWORD_MEANS);
        return keys.build(values -> new Pair(values.get(chain), values.get(key).orElse(values.get(chain)),
                values.get(passwordFile)));
    }

    private static Function<CertificateConfig, Optional<Path>> ofPair(Function<Pair, Optional<Path>> getter) {
        return certificate -> certificate instanceof Pair pair ? getter.apply(pair) : Optional.empty();
    }

    private static Optional<Path> ownKey(Pair pair) {
        return pair.key().equals(pair.chain()) ? Optional.empty() : Optional.of(pair.key());
    }

    /** Handshakes that fail are better missed now. */
    private static <C extends CertificateConfig> C load(C certificate, Node at, Reading reading) {
        Instant now = Instant.now();
        try {
            for (Identity identity : Identity.load(certificate, now)) {
                ChainCheck.doubt(identity, now)
                        .ifPresent(doubt -> reading.warning(at, reading.path(), doubt));
            }
        } catch (PemException e) {
            String key = keyOf(certificate, e.file());
            reading.error(Nodes.scalar(at, key).map(Node.class::cast).orElse(at), reading.path("." + key),
                    e.getMessage(), Optional.empty());
        }
        return certificate;
    }

    /** The key behind which that file is to be found. */
    private static String keyOf(CertificateConfig certificate, Path file) {
        return switch (certificate) {
            case Directory _ -> "directory";
            case Pair pair when file.equals(pair.chain()) -> "chain";
            case Pair pair when file.equals(pair.key()) -> "key";
            case Pair _ -> "password-file";
        };
    }
}
