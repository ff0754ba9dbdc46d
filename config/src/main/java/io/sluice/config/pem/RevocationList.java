package io.sluice.config.pem;

import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * When a list of revoked certificates counts. Immutable.
 *
 * @param issuer     the authority that the list is of
 * @param thisUpdate when it was made
 * @param nextUpdate when it is out of date; empty if it does not say, although it has to (RFC 5280, section 5.1.2.5)
 */
public record RevocationList(String issuer, Instant thisUpdate, Optional<Instant> nextUpdate) {

    /** What the JDK adds to a list's time at both ends. */
    private static final Duration TOLERANCE = Duration.ofMinutes(15);

    public static RevocationList of(X509CRL list) {
        return new RevocationList(list.getIssuerX500Principal().getName(), list.getThisUpdate().toInstant(),
                Optional.ofNullable(list.getNextUpdate()).map(Date::toInstant));
    }

    /** Of each authority the list that matters: of those that have begun, the one that ends last. */
    public static List<RevocationList> latest(Collection<RevocationList> lists, Instant now) {
        BinaryOperator<RevocationList> later = BinaryOperator.maxBy(
                Comparator.<RevocationList, Boolean>comparing(list -> list.hasBegun(now))
                        .thenComparing(list -> list.nextUpdate.orElse(Instant.MIN)));
        Map<String, RevocationList> latest = new LinkedHashMap<>();
        lists.forEach(list -> latest.merge(list.issuer, list, later));
        return List.copyOf(latest.values());
    }

    /** Why the list does not count, so that all clients of its authority are refused; empty if it does. */
    public Optional<String> fault(Instant now) {
        if (nextUpdate.isEmpty()) {
            return Optional.of("does not say when it will be out of date (nextUpdate)");
        }
        if (!hasBegun(now)) {
            return Optional.of("counts only from " + thisUpdate + " on");
        }
        return nextUpdate.filter(end -> !now.isBefore(end))
                .map(end -> "has been out of date since " + end + " (15 minutes are tolerated)");
    }

    private boolean hasBegun(Instant now) {
        return !thisUpdate.isAfter(now.plus(TOLERANCE));
    }
}
