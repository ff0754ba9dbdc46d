package io.sluice.core.tls;

import io.sluice.config.pem.RevocationList;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of each list of revoked certificates when a tenth of its time is left, and when it does not count. Times as for
 * certificates would not do: many a list is made anew each day, and lasts for a few. Owned by one thread.
 */
final class RevocationWarnings {

    private static final int LAST_PART = 10;
    private static final Logger LOG = LoggerFactory.getLogger(RevocationWarnings.class);

    private enum Age { FRESH, LATE, USELESS }

    /** How old each list in use was when it was last looked at. */
    private Map<Used, Age> ages = new HashMap<>();

    /** A list, and who uses it, such as {@code listener shop}. */
    record Used(String owner, RevocationList list) { }

    /** @return the number of warnings */
    int check(List<Used> lists, Instant now) {
        Map<Used, Age> next = new HashMap<>();
        int count = 0;
        for (Used used : lists) {
            Age age = age(used.list(), now);
            if (next.put(used, age) == null && age != Age.FRESH && age != ages.get(used)) {
                tell(used, age, now);
                count++;
            }
        }
        ages = next;
        return count;
    }

    private static Age age(RevocationList list, Instant now) {
        if (list.fault(now).isPresent()) {
            return Age.USELESS;
        }
        Instant end = list.nextUpdate().orElseThrow();
        Duration left = Duration.between(now, end);
        Duration whole = Duration.between(list.thisUpdate(), end);
        return left.compareTo(whole.dividedBy(LAST_PART)) <= 0 ? Age.LATE : Age.FRESH;
    }

    private static void tell(Used used, Age age, Instant now) {
        RevocationList list = used.list();
        if (age == Age.LATE) {
            LOG.warn("the list of the certificates that {} has revoked ({}) will soon be out of date: {}",
                    list.issuer(), used.owner(), list.nextUpdate().orElseThrow());
        } else {
            LOG.error("the list of the certificates that {} has revoked ({}) {}: all its clients are refused",
                    list.issuer(), used.owner(), list.fault(now).orElseThrow());
        }
    }
}
