package io.sluice.core.tls;

import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.pem.Certificates;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.RevocationList;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which clients a listener lets in by their certificates. Immutable; the bytes are not to be changed.
 *
 * @param trust       verifies clients' certificates; trusts none if none are asked for
 * @param revocations the lists of revoked certificates that {@code trust} goes by
 * @param id          the same for the same listener's name and the same rules: sessions made under the same id can be
 *                    resumed
 */
record ClientRules(X509ExtendedTrustManager trust, List<RevocationList> revocations, byte[] id) {

    /** Reads the files. */
    static ClientRules of(String listener, Optional<ClientAuth> clientAuth)
            throws PemException, GeneralSecurityException {
        MessageDigest id = MessageDigest.getInstance("SHA-256");
        id.update(listener.getBytes(StandardCharsets.UTF_8));
        if (clientAuth.isEmpty()) {
            return new ClientRules(Trust.NOBODY, List.of(), id.digest());
        }
        ClientAuth auth = clientAuth.get();
        // A byte that no name contains separates the name from the rest.
        id.update((byte) 0);
        id.update((byte) auth.mode().ordinal());
        for (X509Certificate authority : Certificates.read(auth.ca())) {
            id.update(authority.getEncoded());
        }
        List<X509CRL> lists = auth.crl().isPresent() ? Certificates.readRevocations(auth.crl().get()) : List.of();
        for (X509CRL list : lists) {
            id.update(list.getEncoded());
        }
        return new ClientRules(Trust.in(auth.ca(), auth.crl()), lists.stream().map(RevocationList::of).toList(),
                id.digest());
    }
}
