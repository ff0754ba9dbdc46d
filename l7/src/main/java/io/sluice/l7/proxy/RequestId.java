package io.sluice.l7.proxy;

import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.log.AccessRecord;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The X-Request-Id that Sluice makes for a request that has none: the same at each attempt and in the log. Owned by one
 * event loop; used again for other requests.
 */
final class RequestId {

    private boolean isMade;
    private long high;
    private long low;

    /** Makes ready for another request. */
    void clear() {
        isMade = false;
    }

    /** Writes the identifier, which the first call makes. */
    void writeTo(HeadWriter out) {
        if (!isMade) {
            isMade = true;
            high = ThreadLocalRandom.current().nextLong();
            low = ThreadLocalRandom.current().nextLong();
        }
        out.hex(high).hex(low);
    }

    void tell(AccessRecord record) {
        record.hasOwnId = isMade;
        record.ownIdHigh = high;
        record.ownIdLow = low;
    }
}
