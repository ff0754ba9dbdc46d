package io.sluice.core.tls;

import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a list of revoked certificates is up to date. Immutable.
 *
 * @param issuer     the authority that the list is of
 * @param thisUpdate when it was made
 * @param nextUpdate when it is out of date
 */
public record RevocationList(String issuer, Instant thisUpdate, Instant nextUpdate) {

    /** Of each authority the list that is up to date for longest; not those that do not end. */
    static List<RevocationList> latest(Collection<X509CRL> lists) {
        Map<String, RevocationList> latest = new LinkedHashMap<>();
        for (X509CRL list : lists) {
            if (list.getNextUpdate() != null) {
                String issuer = list.getIssuerX500Principal().getName();
                latest.merge(issuer, new RevocationList(issuer, list.getThisUpdate().toInstant(),
                        list.getNextUpdate().toInstant()), RevocationList::later);
            }
        }
        return List.copyOf(latest.values());
    }

    private RevocationList later(RevocationList other) {
        return other.nextUpdate.isAfter(nextUpdate) ? other : this;
    }
}
