package io.sluice.config.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates without keys, and revocation lists. Safe from any thread. */
public final class Certificates {

    private Certificates() { }

    /** At least one, in the order of the file. */
    public static List<X509Certificate> read(Path file) throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : PemBlock.read(file)) {
            if (block.label().equals(PemBlock.CERTIFICATE)) {
                certificates.add(decode(file, block, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new PemException(file, "no certificate is in the file");
        }
        return certificates;
    }

    /** At least one list; the file is in PEM format, or one list in DER. */
    public static List<X509CRL> readRevocations(Path file) throws PemException {
        List<X509CRL> lists = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            if (in.read() == Der.SEQUENCE) {
                lists.add(revocations(Files.readAllBytes(file)));
                return lists;
            }
            for (PemBlock block : PemBlock.read(file)) {
                if (block.label().equals("X509 CRL")) {
                    lists.add(revocations(block.der()));
                }
            }
        } catch (NoSuchFileException e) {
            throw new PemException(file, "no such file", e);
        } catch (IOException e) {
            throw new PemException(file, "cannot be read (" + e.getMessage() + ")", e);
        } catch (CertificateException | CRLException e) {
            throw new PemException(file, "the list of revoked certificates is damaged", e);
        }
        if (lists.isEmpty()) {
            throw new PemException(file, "no list of revoked certificates (X509 CRL) is in the file");
        }
        return lists;
    }

    private static X509CRL revocations(byte[] der) throws CertificateException, CRLException {
        return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    }

    private static X509Certificate decode(Path file, PemBlock block, int number) throws PemException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException e) {
            throw new PemException(file, "certificate " + number + " is damaged", e);
        }
    }
}
