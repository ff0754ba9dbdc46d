package io.sluice.config.pem;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Checks whether clients can accept a chain of certificates. Safe from any thread. */
public final class ChainCheck {

    /** The extension with the public logs of a certificate (RFC 6962), which only certificates of public CAs have. */
    private static final String PUBLIC_LOGS = "1.3.6.1.4.1.11129.2.4.2";
    private static final byte[] PROBE = "whose key is it".getBytes(StandardCharsets.US_ASCII);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
    private static final Duration SOON = Duration.ofDays(30);

    private ChainCheck() { }

    /** Checks that all certificates are valid, and that each is signed by the next. */
    static void check(Path file, List<X509Certificate> chain, Instant now) throws PemException {
        for (X509Certificate certificate : chain) {
            if (now.isAfter(certificate.getNotAfter().toInstant())) {
                throw new PemException(file, "expired on " + day(certificate.getNotAfter().toInstant()) + " ("
                        + name(certificate) + ")");
            }
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                throw new PemException(file, "not valid before " + day(certificate.getNotBefore().toInstant()) + " ("
                        + name(certificate) + ")");
            }
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!isSignedBy(chain.get(i), chain.get(i + 1))) {
                throw gap(file, chain, i);
            }
        }
        if (isPublic(chain) && !leadsToPublicRoot(chain.getLast())) {
            throw missing(file, chain.getLast());
        }
    }

    private static PemException gap(Path file, List<X509Certificate> chain, int at) {
        X509Certificate certificate = chain.get(at);
        if (chain.stream().anyMatch(other -> other != certificate && isSignedBy(certificate, other))) {
            return new PemException(file, "the certificates are not in order: first " + name(chain.getFirst())
                    + ", then the one that signed it, and so on");
        }
        return missing(file, certificate);
    }

    private static PemException missing(Path file, X509Certificate certificate) {
        return new PemException(file, "an intermediate certificate is missing: "
                + certificate.getIssuerX500Principal().getName() + ", which signed " + name(certificate));
    }

    /** Checks that a key belongs to a certificate. */
    static void checkKey(Path file, PrivateKey key, X509Certificate certificate) throws PemException {
        if (!belongs(key, certificate)) {
            throw new PemException(file, "the key does not belong to the certificate of " + name(certificate));
        }
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A warning about a certificate that can be used nevertheless. */
    public static Optional<String> doubt(Identity identity, Instant now) {
        X509Certificate last = identity.chain().getLast();
        if (now.plus(SOON).isAfter(identity.notAfter())) {
            return Optional.of("expires on " + day(identity.notAfter()) + " (" + name(identity.certificate()) + "): "
                    + identity.files().chain());
        }
        if (!isPublic(identity.chain()) && !isSignedBy(last, last)) {
            return Optional.of(last.getIssuerX500Principal().getName() + " is not in the file: clients have to know it "
                    + "as a root, or else an intermediate certificate is missing: " + identity.files().chain());
        }
        return Optional.empty();
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isPublic(List<X509Certificate> chain) {
        return chain.getFirst().getExtensionValue(PUBLIC_LOGS) != null;
    }

    private static boolean leadsToPublicRoot(X509Certificate last) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                X509Certificate[] roots = ((X509TrustManager) manager).getAcceptedIssuers();
                if (Arrays.stream(roots).anyMatch(root -> root.equals(last) || isSignedBy(last, root))) {
                    return true;
                }
            }
            return false;
        } catch (GeneralSecurityException e) {
            // Without known roots, no chain can be said to lead nowhere.
            return true;
        }
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static String day(Instant time) {
        return DAY.format(time);
    }
}
