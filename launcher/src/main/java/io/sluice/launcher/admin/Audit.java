package io.sluice.launcher.admin;

import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log who has changed what by the admin address. Safe from any thread. */
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]");

    private Audit() { }

    /** @param what with what was before and what is now */
    static void changed(Call call, String what) {
        LOG.info("audit: {} {}", call.who(), oneLine(what));
    }

    static void refused(Call call, String what, String why) {
        String firstLine = why.lines().findFirst().orElse("");
        LOG.warn("audit: {} was refused: {}: {}", call.who(), oneLine(what), oneLine(firstLine));
    }

    /** Names are the caller's, who must not write lines of the log that way. */
    private static String oneLine(String what) {
        return CONTROL.matcher(what).replaceAll("?");
    }
}
