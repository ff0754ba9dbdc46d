package io.sluice.core.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of each certificate 30 days, 7 days and a day before it expires, and when it has expired. Owned by one thread.
 */
final class ExpiryWarnings {

    private static final List<Duration> TIMES =
            List.of(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30));
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWarnings.class);

    /** The last warning time of each certificate in use. */
    private Map<Shown, Duration> told = new HashMap<>();

    /** A certificate, whatever has become of its files. */
    private record Shown(String owner, String subject, Instant notAfter) { }

    /** @return the number of warnings */
    int check(List<CertificateExpiry> expiries, Instant now) {
        Map<Shown, Duration> next = new HashMap<>();
        int count = 0;
        for (CertificateExpiry expiry : expiries) {
            Duration due = due(Duration.between(now, expiry.notAfter()));
            if (due != null) {
                Shown shown = new Shown(expiry.owner(), expiry.subject(), expiry.notAfter());
                next.put(shown, due);
                if (!due.equals(told.get(shown))) {
                    tell(expiry, due);
                    count++;
                }
            }
        }
        told = next;
        return count;
    }

    /** The shortest of the warning times that is not shorter than the time left; null if none is due. */
    private static Duration due(Duration left) {
        for (Duration time : TIMES) {
            if (left.compareTo(time) <= 0) {
                return time;
            }
        }
        return null;
    }

    private static void tell(CertificateExpiry expiry, Duration due) {
        if (due.isZero()) {
            LOG.error("the certificate of {} ({}) has expired: {}", expiry.subject(), expiry.owner(),
                    expiry.notAfter());
        } else {
            LOG.warn("the certificate of {} ({}) expires in less than {} d: {}", expiry.subject(), expiry.owner(),
                    due.toDays(), expiry.notAfter());
        }
    }
}
