package io.sluice.launcher.admin;

import io.sluice.launcher.control.ControlPlane;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The version of what operators change, as an entity tag (RFC 9110, section 13.1.1): one of them learns so that another
 * one was faster, before anything is overwritten. Safe from any thread.
 */
record Versions(ControlPlane control) {

    /** The answer with the version that it is of. Taken before the answer was made, so it is never too new. */
    Answer.Whole tagged(Answer.Whole answer, String tag) {
        return Answer.with(answer, "ETag", tag);
    }

    String tag() {
        return '"' + control.version() + '"';
    }

    /** @throws Problem unless the call says which version it changes, and that is the one in force */
    void require(Call call) {
        if (call.header(HttpHeader.IF_MATCH).isEmpty()) {
            throw Problem.of(428, "Precondition required", "say which version is to be changed: If-Match with the ETag "
                    + "of a GET, or If-Match: * to change whichever is in force");
        }
        check(call);
    }

    /** @throws Problem if the call says which version it changes, and that is not in force any more */
    void check(Call call) {
        String tag = tag();
        String wanted = call.header(HttpHeader.IF_MATCH).strip();
        if (!wanted.isEmpty() && !wanted.equals("*") && !List.of(wanted.split("\\s*,\\s*")).contains(tag)) {
            throw Problem.with(412, "Precondition failed", "someone else has changed it meanwhile: get it anew",
                    "ETag", tag);
        }
    }
}
