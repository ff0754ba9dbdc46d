package io.sluice.launcher.admin;

import io.sluice.launcher.control.ControlPlane;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The version of what operators change, as an entity tag for {@code If-Match} (RFC 9110, section 13.1.1): it keeps one
 * operator from overwriting another one's change unseen. Safe from any thread.
 */
record Versions(ControlPlane control) {

    /** Adds the version to an answer. The tag must be taken before the answer is made, so that it is never newer. */
    Answer.Whole tagged(Answer.Whole answer, String tag) {
        return Answer.with(answer, "ETag", tag);
    }

    String tag() {
        return '"' + control.version() + '"';
    }

    /** @throws Problem if the call does not name the version that it changes, or names another one than is in force */
    void require(Call call) {
        if (call.header(HttpHeader.IF_MATCH).isEmpty()) {
            throw Problem.of(428, "Precondition required", "say which version is to be changed: If-Match with the ETag "
                    + "of a GET, or If-Match: * to change whichever is in force");
        }
        check(call);
    }

    /** @throws Problem if the call names a version that is not in force any more */
    void check(Call call) {
        String tag = tag();
        String wanted = call.header(HttpHeader.IF_MATCH).strip();
        if (!wanted.isEmpty() && !wanted.equals("*") && !List.of(wanted.split("\\s*,\\s*")).contains(tag)) {
            throw Problem.with(412, "Precondition failed", "someone else has changed it meanwhile: get it anew",
                    "ETag", tag);
        }
    }
}
