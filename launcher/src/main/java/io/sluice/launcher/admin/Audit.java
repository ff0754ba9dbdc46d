package io.sluice.launcher.admin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log who has changed what by the admin address. Safe from any thread. */
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private Audit() { }

    /** @param what with what was before and what is now */
    static void changed(Call call, String what) {
        LOG.info("audit: {} {}", call.who(), what);
    }

    static void refused(Call call, String what, String why) {
        LOG.warn("audit: {} was refused: {}: {}", call.who(), what, why.lines().findFirst().orElse(""));
    }
}
