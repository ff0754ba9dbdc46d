package io.sluice.launcher.admin;

import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs who has changed what through the admin address. Safe from any thread. */
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]");

    private Audit() { }

    /** @param what the change, with the state before and after */
    static void changed(Call call, String what) {
        LOG.info("audit: {} {}", call.who(), oneLine(what));
    }

    static void refused(Call call, String what, String why) {
        String firstLine = why.lines().findFirst().orElse("");
        LOG.warn("audit: {} was refused: {}: {}", call.who(), oneLine(what), oneLine(firstLine));
    }

    /** Replaces line breaks: names come from the caller, who must not be able to forge log lines. */
    private static String oneLine(String what) {
        return CONTROL.matcher(what).replaceAll("?");
    }
}
