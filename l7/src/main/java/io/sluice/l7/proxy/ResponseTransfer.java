package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.FieldFilter;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.ResponseParser;
import io.sluice.l7.route.HeaderEdits;
import java.nio.ByteBuffer;

/**
 * An exchange's response on its way to the client: interim responses, the final one, an upgrade, or an answer that
 * Sluice makes itself. This part of an exchange knows that responses come and go as HTTP/1.1.
 *
 * <p>Owned by one event loop; used again for other responses.
 */
final class ResponseTransfer implements FieldFilter {

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
    /** What the route does to the fields; set once the final response is passed on. */
    private HeaderEdits edits;
    /** Whether the server has sent an interim response. */
    private boolean hasInterim;
    /** Whether the client's connection stays open after the response; the response's head says so. */
    private boolean clientStays;
    /** Bytes of interim responses that the client was sent before the final response. */
    private long interimBytes;
    /** Bytes of interim responses that came before responses that were withdrawn. */
    private long withdrawnInterimBytes;

    /** @param request the request that the response answers */
    ResponseTransfer(HttpService service, RequestTransfer request) {
        this.request = request;
        buffers = service.worker().buffers();
        responseWriter = service.responseWriter();
        HttpLimits limits = service.rules().limits();
        head = new ResponseParser(limits);
        reader = new ResponseHeadReader(buffers, head);
        framer = new BodyFramer(limits, ChunkParser.Output.CHUNKED);
        unchunkingFramer = new BodyFramer(limits, ChunkParser.Output.DECODED);
        flow = new MessageFlow(service.worker().vessels(), service.writer(), MessageFlow.Rest.DROPPED);
    }

    void begin(ClientConnection to) {
        client = to;
        withdrawnInterimBytes = 0;
    }

    /** The response's head, as far as it has come. */
    ResponseParser head() {
        return head;
    }

    /** Begins with the response of a server that is about to get the request. */
    void await(ServerConnection from) {
        server = from;
        head.reset();
        head.answers(request.head().method());
        hasInterim = false;
    }

    /** Whether anything of a response has come since {@link #await}, be it an interim one. */
    boolean hasBegun() {
        return hasInterim || head.hasBegun();
    }

    /** Reads up to the final head and passes interim responses on; {@code HEAD} means that the final head is whole. */
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

    /** Passes a 1xx on, except to HTTP/1.0 clients, which know none; false if the client is gone. */
    private boolean passInterim() {
        if (request.head().minorVersion() == 0) {
            return true;
        }
        responseWriter.writeInterim(head);
        return flow.sendInterim(client.connection()) != MessageFlow.Outcome.SINK_ABORTED;
    }

    /** Begins to pass on the final response. @param setCookie the value of a Set-Cookie to add, or null */
    MessageFlow.Outcome pass(HeaderEdits by, byte[] setCookie) {
        edits = by;
        ResponsePlan plan = ResponsePlan.of(request.head(), head);
        clientStays = request.allowsNext() && !plan.endsByClose();
        BodyFramer bodyFramer = plan == ResponsePlan.UNCHUNKED ? unchunkingFramer : framer;
        bodyFramer.begin(head.framing(), head.contentLength());
        responseWriter.writeFinal(head, plan.headFraming(head), persistence(), edits, setCookie);
        interimBytes = flow.writtenBytes();
        flow.endsSink(!clientStays);
        return flow.begin(server.connection(), client.connection(), reader.takeRest(), bodyFramer, plan.shape(),
                this);
    }

    /** Of a trailer: what the head may not say, it may not say either, as clients may merge the two. */
    @Override
    public boolean drops(HeaderFields trailers, int index) {
        return edits.drops(trailers, index) || head.namesInConnection(trailers, index);
    }

    /** Sends Sluice's own answer and stops reading the server's response. */
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

    /** Withdraws a malformed response, of which the client has been sent nothing. */
    void withdraw() {
        assert !hasLeft();
        withdrawnInterimBytes += flow.writtenBytes();
        flow.reset();
    }

    /** Sends the head of a 101. @param setCookie the value of a Set-Cookie to add, or null */
    MessageFlow.Outcome passUpgrade(HeaderEdits edits, byte[] setCookie) {
        responseWriter.writeUpgrade(head, edits, setCookie);
        return flow.sendInterim(client.connection());
    }

    /** Hands the bytes behind a head to the caller; or null. */
    ByteBuffer takeBehindHead() {
        return reader.goesOn() ? reader.takeRest() : null;
    }

    /** Stops reading from the server for now. */
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

    /** Whether the client has to take bytes before more is read from the server. */
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
        return head.error() == null ? flow.fault() : Fault.inHead(head, head.faultPosition());
    }

    /** Bytes that the client was sent. */
    long writtenBytes() {
        return withdrawnInterimBytes + flow.writtenBytes();
    }

    /** Drops bytes read beyond the response, which answer no request. @return whether there were any */
    boolean dropRest() {
        ByteBuffer rest = flow.takeRest();
        if (rest == null) {
            return false;
        }
        buffers.release(rest);
        return true;
    }

    /** Stops waiting for the server. */
    void stop() {
        reader.clear();
        server = null;
    }

    /** Releases everything held, so that another response can begin. */
    void end() {
        stop();
        flow.reset();
        client = null;
        edits = null;
    }
}
