package io.sluice.config.pem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates for tests: a root, or what a root has signed. Immutable. */
public final class TestAuthority {

    private static final AtomicLong SERIALS = new AtomicLong(1);
    private static final Duration VALIDITY = Duration.ofDays(365);

    private final X500Name name;
    private final KeyPair keys;
    private final List<X509Certificate> chain;

    private TestAuthority(X500Name name, KeyPair keys, List<X509Certificate> chain) {
        this.name = name;
        this.keys = keys;
        this.chain = chain;
    }

    /** One that signs itself. */
    public static TestAuthority root(String name) {
        X500Name subject = new X500Name("CN=" + name);
        KeyPair keys = TestKeys.ec();
        TestAuthority self = new TestAuthority(subject, keys, List.of());
        return new TestAuthority(subject, keys,
                List.of(self.sign(subject, keys, List.of(), true, Instant.now().plus(VALIDITY))));
    }

    /** One that this one signs. */
    public TestAuthority intermediate(String subject) {
        X500Name subjectName = new X500Name("CN=" + subject);
        KeyPair own = TestKeys.ec();
        List<X509Certificate> longer = new ArrayList<>(chain);
        longer.addFirst(sign(subjectName, own, List.of(), true, Instant.now().plus(VALIDITY)));
        return new TestAuthority(subjectName, own, List.copyOf(longer));
    }

    /** A certificate with a key of EC for these names; the first one is the subject's, too. */
    public TestIdentity ec(String... names) {
        return issue(TestKeys.ec(), Instant.now().plus(VALIDITY), names);
    }

    /** The same with a key of RSA. */
    public TestIdentity rsa(String... names) {
        return issue(TestKeys.rsa(), Instant.now().plus(VALIDITY), names);
    }

    /** The same, valid until then. */
    public TestIdentity until(Instant notAfter, String... names) {
        return issue(TestKeys.ec(), notAfter, names);
    }

    private TestIdentity issue(KeyPair own, Instant notAfter, String... names) {
        List<X509Certificate> whole = new ArrayList<>(chain);
        whole.addFirst(sign(new X500Name("CN=" + names[0]), own, List.of(names), false, notAfter));
        if (whole.size() > 1) {
            // As usual, servers do not send the root.
            whole.removeLast();
        }
        return new TestIdentity(List.copyOf(whole), own);
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Its own certificate as a file. */
    public Path write(Path file) throws IOException {
        return TestIdentity.replace(file, TestIdentity.pem("CERTIFICATE", encoded(certificate())));
    }

    /** A list of those that it has revoked, in PEM format, up to date until then. */
    public Path writeRevocations(Path file, Instant nextUpdate, TestIdentity... revoked) throws IOException {
        return writeRevocations(file, Instant.now().minusSeconds(60), Optional.of(nextUpdate), revoked);
    }

    /** The same, up to date from the one moment until the other. */
    public Path writeRevocations(Path file, Instant thisUpdate, Optional<Instant> nextUpdate, TestIdentity... revoked)
            throws IOException {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(thisUpdate));
            nextUpdate.map(Date::from).ifPresent(builder::setNextUpdate);
            for (TestIdentity identity : revoked) {
                builder.addCRLEntry(identity.certificate().getSerialNumber(), new Date(), CRLReason.keyCompromise);
            }
            return TestIdentity.replace(file, TestIdentity.pem("X509 CRL", builder.build(signer()).getEncoded()));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(X500Name subject, KeyPair own, List<String> names, boolean authority,
                                 Instant notAfter) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name,
                    BigInteger.valueOf(SERIALS.getAndIncrement()), Date.from(notAfter.minus(Duration.ofDays(800))),
                    Date.from(notAfter), subject, own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!names.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                        names.stream().map(TestAuthority::alternative).toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ContentSigner signer() throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    }

    private static GeneralName alternative(String name) {
        boolean address = name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
