package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.ResponseParser;
import io.sluice.l7.route.HeaderEdits;
import java.nio.ByteBuffer;

/**
 * An exchange's response on its way from a server to the client: interim ones, the final one, an upgrade, or an answer
 * of Sluice's own. Of an exchange, this is the part that knows that responses come and go as HTTP/1.1.
 *
 * <p>Owned by one event loop; used again for other responses.
 */
final class ResponseTransfer {

    private final BufferPool buffers;
    private final ResponseWriter responseWriter;
    private final RequestTransfer request;
    private final ResponseParser head;
    private final ResponseHeadReader reader;
    private final BodyFramer framer;
    private final BodyFramer unchunkingFramer;
    private final MessageFlow flow;
    private ClientConnection client;
    private ServerConnection server;
    /** Whether the server has sent an interim response. */
    private boolean hasInterim;
    /** Whether the client's connection stays open after the response, as the response's head says. */
    private boolean clientStays;
    /** Bytes that the client had been sent before the final response: of interim ones. */
    private long interimBytes;

    /** @param request what is responded to */
    ResponseTransfer(HttpService service, RequestTransfer request) {
        this.request = request;
        buffers = service.worker().buffers();
        responseWriter = service.responseWriter();
        head = new ResponseParser(service.responseLimits());
        reader = new ResponseHeadReader(buffers, head);
        framer = new BodyFramer(service.responseLimits(), ChunkParser.Output.CHUNKED);
        unchunkingFramer = new BodyFramer(service.responseLimits(), ChunkParser.Output.DECODED);
        flow = new MessageFlow(service.worker().vessels(), service.writer());
    }

    void begin(ClientConnection to) {
        client = to;
    }

    /** The response's head, as far as it has come. */
    ResponseParser head() {
        return head;
    }

    /** The server is about to be sent the request. */
    void await(ServerConnection from) {
        server = from;
        head.reset();
        head.answers(request.head().method());
        hasInterim = false;
    }

    /** Whether the server has said anything, be it interim, since it is awaited. */
    boolean hasBegun() {
        return hasInterim || head.hasBegun();
    }

    /** Reads on to the final head, whose coming is a step {@code HEAD}; interim ones are passed on. */
    ResponseHeadReader.Step readHead() {
        for (;;) {
            if (isBlocked()) {
                pause();
                return ResponseHeadReader.Step.INCOMPLETE;
            }
            server.connection().wantRead(true);
            ResponseHeadReader.Step step = reader.step(server.connection());
            if (step != ResponseHeadReader.Step.HEAD || !head.isInterim()) {
                return step;
            }
            hasInterim = true;
            if (!passInterim()) {
                return ResponseHeadReader.Step.CLIENT_GONE;
            }
            head.reset();
            if (!reader.goesOn()) {
                return ResponseHeadReader.Step.INCOMPLETE;
            }
        }
    }

    /** Passes a 1xx on, but HTTP/1.0 knows none; false if the client is gone. */
    private boolean passInterim() {
        if (request.head().minorVersion() == 0) {
            return true;
        }
        responseWriter.writeInterim(head);
        return flow.sendInterim(client.connection()) != MessageFlow.Outcome.SINK_ABORTED;
    }

    /** Passes the final response on whose head has come. @param setCookie the value of one more Set-Cookie, or null */
    MessageFlow.Outcome pass(HeaderEdits edits, byte[] setCookie) {
        ResponsePlan plan = ResponsePlan.of(request.head(), head);
        clientStays = request.allowsNext() && !plan.endsByClose();
        BodyFramer bodyFramer = plan == ResponsePlan.UNCHUNKED ? unchunkingFramer : framer;
        bodyFramer.begin(head.framing(), head.contentLength());
        responseWriter.writeFinal(head, plan.headFraming(head), persistence(), edits, setCookie);
        interimBytes = flow.writtenBytes();
        flow.endsSink(!clientStays);
        return flow.begin(server.connection(), client.connection(), reader.takeRest(), bodyFramer, plan.shape());
    }

    /** Sends an answer of Sluice's own, whatever the server says. */
    MessageFlow.Outcome answer(Answer answer) {
        stop();
        clientStays = request.allowsNext();
        responseWriter.writeAnswer(answer, persistence(), request.asksForHeadOnly());
        flow.endsSink(!clientStays);
        return flow.beginWhole(client.connection());
    }

    /** Whether the client has been sent anything of the final response. */
    boolean hasLeft() {
        return flow.writtenBytes() > interimBytes;
    }

    /** Takes back a response that has proved malformed before anything of it has left. */
    void withdraw() {
        assert !hasLeft();
        flow.reset();
    }

    /** Sends the head of a 101. @param setCookie the value of one more Set-Cookie, or null */
    MessageFlow.Outcome passUpgrade(HeaderEdits edits, byte[] setCookie) {
        responseWriter.writeUpgrade(head, edits, setCookie);
        return flow.sendInterim(client.connection());
    }

    /** What was read behind a head, the caller's from now on; or null. */
    ByteBuffer takeBehindHead() {
        return reader.goesOn() ? reader.takeRest() : null;
    }

    /** Reads nothing for now. */
    void pause() {
        server.connection().wantRead(false);
    }

    private ResponseWriter.Persistence persistence() {
        if (!clientStays) {
            return ResponseWriter.Persistence.CLOSES;
        }
        return request.head().minorVersion() == 0
                ? ResponseWriter.Persistence.STAYS_IN_1_0 : ResponseWriter.Persistence.STAYS;
    }

    MessageFlow.Outcome onReadable() {
        return flow.onReadable();
    }

    MessageFlow.Outcome onWritable() {
        return flow.onWritable();
    }

    /** Whether the client has to take bytes before the server is asked for more. */
    boolean isBlocked() {
        return flow.isBlocked();
    }

    boolean clientStays() {
        return clientStays;
    }

    /** Why the body was refused. */
    HttpError bodyError() {
        return flow.error();
    }

    /** Where a response that is refused breaks the rules. */
    Fault fault() {
        return head.isComplete() ? Fault.inBody(flow.bodyBytes(), flow.unframed())
                : Fault.inHead(head, head.faultPosition());
    }

    /** Bytes that the client was sent. */
    long writtenBytes() {
        return flow.writtenBytes();
    }

    /** Drops what was read beyond the response; whether there was something, which answers nothing that was asked. */
    boolean dropRest() {
        ByteBuffer rest = flow.takeRest();
        if (rest == null) {
            return false;
        }
        buffers.release(rest);
        return true;
    }

    /** Awaits nothing more of the server. */
    void stop() {
        reader.clear();
        server = null;
    }

    /** Gives back all that is held, and makes ready for another response. */
    void end() {
        stop();
        flow.reset();
        client = null;
    }
}
