package io.sluice.l7.proxy;

import io.sluice.core.buffer.BufferPool;
import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.route.HeaderEdits;
import io.sluice.l7.route.RequestPath;
import io.sluice.l7.route.Rewrite;
import io.sluice.l7.route.Route;
import java.nio.ByteBuffer;

/**
 * An exchange's request on its way from the client to a server: what routing asks of it, its head, written anew, and
 * its body, passed on as it comes. Of an exchange, this is the part that knows that requests come and go as HTTP/1.1.
 *
 * <p>Owned by one event loop; used again for other requests.
 */
final class RequestTransfer {

    private final HttpService service;
    private final BufferPool buffers;
    private final RequestParser head;
    private final RequestPath path;
    private final BodyFramer framer;
    private final MessageFlow flow;
    private final RequestId id = new RequestId();
    private ClientConnection client;

    RequestTransfer(HttpService service) {
        this.service = service;
        buffers = service.worker().buffers();
        head = new RequestParser(service.limits());
        path = new RequestPath(service.config().mergeSlashes());
        framer = new BodyFramer(service.limits(), ChunkParser.Output.CHUNKED);
        flow = new MessageFlow(service.worker().vessels(), service.writer());
    }

    void begin(ClientConnection from) {
        client = from;
        id.clear();
        framer.begin(BodyFraming.NONE, 0);
    }

    /** The request's head, as far as it has come. */
    RequestParser head() {
        return head;
    }

    /** What Sluice calls the request, if it came without a name. */
    RequestId id() {
        return id;
    }

    /** Whether its method is HEAD, as far as that is known: the head may be refused. */
    boolean asksForHeadOnly() {
        return head.hasStartLine() && head.method() == HttpMethod.HEAD;
    }

    /**
     * The head is whole.
     *
     * @param rest the buffer that it ended in, with what is behind it; now this request's
     * @return why its path is refused, or null
     */
    HttpError onHead(ByteBuffer rest) {
        framer.begin(head.framing(), head.contentLength());
        leave(rest);
        return path.take(head);
    }

    // ---- what routing asks ----

    /** The route that takes the request, or null. */
    Route route() {
        return service.router().match(head, path, client.identity().routed(), service.scratch());
    }

    /** The name of the pool that gets the request. */
    String sideOf(Route.Split split) {
        return split.choose(head, path, client.identity().routed(), service.scratch());
    }

    /** What the pool balances by: of the path, that which the client has asked for, so before {@link #rewrite}. */
    long hashFor(HttpPool pool) {
        return pool.keyHash() == null ? client.identity().routed().hash()
                : pool.keyHash().of(head, path, client.identity().routed(), service.scratch());
    }

    void rewrite(Rewrite rewrite) {
        path.rewrite(rewrite);
    }

    Answer redirect(Route route, Route.Redirect redirect) {
        return Answer.redirect(route, redirect, head, path, service.writer());
    }

    // ---- on its way ----

    /** Sends the head and what has come of the body. */
    MessageFlow.Outcome send(ServerConnection server, HeaderEdits edits) {
        service.requestWriter().write(head, path, client.identity(), edits, id);
        MessageComposer.Shape shape = head.framing() == BodyFraming.CHUNKED
                ? MessageComposer.Shape.CHUNKS_KEPT : MessageComposer.Shape.PLAIN;
        ByteBuffer body = awaitsBody() ? client.takeInput() : null;
        return flow.begin(client.connection(), server.connection(), body, framer, shape);
    }

    MessageFlow.Outcome onReadable() {
        return flow.onReadable();
    }

    MessageFlow.Outcome onWritable() {
        return flow.onWritable();
    }

    /** Asks for the client's bytes, unless the server has to take some first. */
    void readBody() {
        if (takesBody() && !isBlocked()) {
            client.connection().wantRead(true);
        }
    }

    /** The whole request has been sent: what was read beyond it is the next one's. */
    void onSent() {
        client.takeRest(flow.takeRest());
        client.connection().wantRead(true);
    }

    /** Whether the body is being passed on. */
    boolean takesBody() {
        return flow.state() == MessageFlow.State.BODY;
    }

    /** Whether more of the body has to come. */
    boolean awaitsBody() {
        return !framer.isEnded();
    }

    /** Whether the server has to take bytes before the client is asked for more. */
    boolean isBlocked() {
        return flow.isBlocked();
    }

    /** Whether the server has taken anything of the request. */
    boolean hasLeft() {
        return flow.writtenBytes() > 0;
    }

    /** Whether part of the request has yet to come or to leave: until then what comes is not the next request. */
    boolean isUnderWay() {
        return awaitsBody() || isBlocked();
    }

    /** Why the body was refused. */
    HttpError bodyError() {
        return flow.error();
    }

    /** Where it breaks the rules, if it is refused for this. */
    Fault fault(HttpError reason) {
        if (!head.isComplete()) {
            return Fault.inHead(head, head.faultPosition());
        }
        return isOfPath(reason) ? Fault.inHead(head, path.faultPosition()) : Fault.inBody(bodyBytes(), flow.unframed());
    }

    /** Paths are judged once their heads are whole and sound. */
    private static boolean isOfPath(HttpError reason) {
        return switch (reason) {
            case BAD_PERCENT_ENCODING, ENCODED_NUL, PATH_ABOVE_ROOT -> true;
            default -> false;
        };
    }

    long bodyBytes() {
        return framer.bodyBytes();
    }

    // ---- the end ----

    /** Whether the client's connection may stay after the response, as far as this request is concerned. */
    boolean allowsNext() {
        return head.isComplete() && !awaitsBody() && head.isPersistent() && client.mayStay() && !asksForTunnel();
    }

    /** A client that counts on its tunnel sends into it at once: that must not be taken for requests of its own. */
    private boolean asksForTunnel() {
        return head.method() == HttpMethod.CONNECT;
    }

    /** Whether this is the client's last request, by its own word, and has been sent whole. */
    boolean isLast() {
        return !isUnderWay() && head.isComplete() && !head.isPersistent();
    }

    /** Sends no more; but what was read beyond the request is not lost. */
    void stop() {
        ByteBuffer rest = awaitsBody() ? null : flow.takeRest();
        flow.reset();
        if (rest != null) {
            leave(rest);
        }
    }

    /**
     * Drops what has come of a body that no server gets any of. If that is all of it, and sound, it is known where the
     * next request begins.
     */
    void dropBody() {
        boolean isUntouched = head.isComplete() && awaitsBody() && flow.state() == MessageFlow.State.IDLE;
        ByteBuffer input = isUntouched ? client.takeInput() : null;
        if (input == null) {
            return;
        }
        BodyEvent event = BodyEvent.DATA;
        while (event == BodyEvent.DATA) {
            event = framer.next(input);
        }
        leave(input);
    }

    /** What is behind the head, or the request, is left for whoever asks for the client's bytes next. */
    private void leave(ByteBuffer rest) {
        if (rest.hasRemaining()) {
            client.takeRest(rest);
        } else {
            buffers.release(rest);
        }
    }

    /** Gives back all that is held, and makes ready for another request. */
    void end() {
        flow.reset();
        head.reset();
        client = null;
    }
}
