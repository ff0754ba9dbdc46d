package io.sluice.bench.load;

import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.ResponseParser;
import java.nio.ByteBuffer;

/** Reads responses as strictly as Sluice itself does. Owned by one event loop. */
final class HttpConversation implements Conversation {

    private static final int FIRST_BAD_STATUS = 400;

    private final ResponseParser head = new ResponseParser(HttpLimits.DEFAULT);
    private final BodyFramer body = new BodyFramer(HttpLimits.DEFAULT, ChunkParser.Output.DECODED);
    private boolean inBody;

    HttpConversation(HttpMethod method) {
        head.answers(method);
    }

    @Override
    public void begin() {
        head.reset();
        inBody = false;
    }

    @Override
    public Answer onBytes(ByteBuffer in) {
        while (!inBody) {
            Outcome outcome = head.parse(in);
            if (outcome != Outcome.COMPLETE) {
                return outcome == Outcome.INCOMPLETE ? Answer.INCOMPLETE : Answer.BROKEN;
            }
            if (head.isInterim()) {
                head.reset();
            } else {
                inBody = true;
                body.begin(head.framing(), head.contentLength());
            }
        }
        return head.framing() == BodyFraming.TUNNEL ? Answer.BROKEN : takeBody(in);
    }

    @Override
    public Answer onEnd() {
        return inBody && body.onEndOfStream() ? answer() : Answer.INCOMPLETE;
    }

    @Override
    public boolean isPersistent() {
        return head.isPersistent();
    }

    @Override
    public int status() {
        return head.status();
    }

    private Answer takeBody(ByteBuffer in) {
        BodyEvent event = BodyEvent.DATA;
        while (event == BodyEvent.DATA && !body.isEnded()) {
            event = body.next(in);
        }
        if (event == BodyEvent.REFUSED) {
            return Answer.BROKEN;
        }
        if (!body.isEnded()) {
            return Answer.INCOMPLETE;
        }
        return in.hasRemaining() ? Answer.BROKEN : answer();
    }

    private Answer answer() {
        return head.status() < FIRST_BAD_STATUS ? Answer.GOOD : Answer.BAD_STATUS;
    }
}
