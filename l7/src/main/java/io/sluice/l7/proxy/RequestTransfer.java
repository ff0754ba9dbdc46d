package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig.ForwardedConfig;
import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.FieldFilter;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.route.Client;
import io.sluice.l7.route.ForwardedFor;
import io.sluice.l7.route.HeaderEdits;
import io.sluice.l7.route.RequestLimit;
import io.sluice.l7.route.Rewrite;
import io.sluice.l7.route.Route;
import io.sluice.l7.route.RoutedRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * An exchange's request on its way from the client to a server: answers routing's questions, writes the head anew and
 * passes the body on as it comes. This part of an exchange knows that requests come and go as HTTP/1.1.
 *
 * <p>Owned by one event loop; used again for other requests.
 */
final class RequestTransfer implements FieldFilter {

    private final HttpService service;
    private final RequestParser head;
    private final RoutedRequest routed;
    private final BodyFramer framer;
    private final MessageFlow flow;
    private final RequestId id = new RequestId();
    /** Null if requests are always the connection's client's. */
    private final ForwardedFor forwardedFor;
    private ClientConnection client;
    /** The client that X-Forwarded-For names, or null. */
    private Client named;
    /** What the route does to the fields; set once the request is sent. */
    private HeaderEdits edits;

    RequestTransfer(HttpService service) {
        this.service = service;
        head = new RequestParser(service.rules().limits());
        routed = new RoutedRequest(head, service.rules().config().mergeSlashes());
        framer = new BodyFramer(service.rules().limits(), ChunkParser.Output.CHUNKED);
        flow = new MessageFlow(service.worker().vessels(), service.writer(), MessageFlow.Rest.KEPT);
        forwardedFor = service.rules().config().forwarded().client() == ForwardedConfig.Client.CONNECTION
                ? null : new ForwardedFor(service.rules().trusted());
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

    /** The X-Request-Id that Sluice makes if the client has sent none. */
    RequestId id() {
        return id;
    }

    /** Whether the method is HEAD, also if what stands behind it is refused. */
    boolean asksForHeadOnly() {
        return head.hasMethod() && head.method() == HttpMethod.HEAD;
    }

    /** The head is whole. @return why the path is refused, or null */
    HttpError onHead() {
        framer.begin(head.framing(), head.contentLength());
        if (forwardedFor != null && client.identity().isTrusted()) {
            named = forwardedFor.find(head.fields());
        }
        return routed.take(named == null ? client.identity().routed() : named);
    }

    // ---- whose it is ----

    /** The client that X-Forwarded-For names, or null if the request is the connection's client's. */
    Client namedClient() {
        return named;
    }

    /** The address that a PROXY protocol header to the pool's servers names, if they get one. */
    InetSocketAddress clientFor(HttpPool pool) {
        // Without the header nobody asks for the address, which it would take an allocation to make.
        return named == null || pool.keepsConnections() ? client.identity().address() : named.socketAddress();
    }

    // ---- routing ----

    /** The route that takes the request, or null. */
    Route route() {
        return service.rules().router().match(routed);
    }

    /** Counts the request against a rate limit. @return as {@link RequestLimit#take} */
    long take(RequestLimit limit) {
        return limit.take(routed, service.worker().loop().nowNs());
    }

    /** Bounds the body as the route says. @return why the request is refused at once, or null */
    HttpError limitBody(Route route) {
        return framer.limit(service.rules().bodyBytes(route));
    }

    /** The name of the pool that gets the request. */
    String poolOf(Route.Split split) {
        return split.choose(routed);
    }

    /** The hash that the pool balances by. To be called before {@link #rewrite}: it goes by the client's own path. */
    long hashFor(HttpPool pool) {
        return pool.keyHash() == null ? routed.client().hash() : pool.keyHash().of(routed);
    }

    void rewrite(Rewrite rewrite) {
        routed.path().rewrite(rewrite);
    }

    Answer redirect(Route route, Route.Redirect redirect) {
        return Answer.redirect(route, redirect, routed, service.writer());
    }

    // ---- on its way ----

    /** Sends the head and the bytes of the body that have come. */
    MessageFlow.Outcome send(ServerConnection server, HeaderEdits by) {
        edits = by;
        service.requestWriter().write(routed, client.identity(), edits, id);
        MessageComposer.Shape shape = head.framing() == BodyFraming.CHUNKED
                ? MessageComposer.Shape.CHUNKS_KEPT : MessageComposer.Shape.PLAIN;
        ByteBuffer body = awaitsBody() ? client.takeInput() : null;
        return flow.begin(client.connection(), server.connection(), body, framer, shape, this);
    }

    /** What the head may not say, a trailer may not say either: servers may merge the two. */
    @Override
    public boolean drops(HeaderFields trailers, int index) {
        return edits.isCounted(trailers, index) || head.namesInConnection(trailers, index)
                || service.requestWriter().drops(trailers, index, head, client.identity(), edits);
    }

    MessageFlow.Outcome onReadable() {
        return flow.onReadable();
    }

    MessageFlow.Outcome onWritable() {
        return flow.onWritable();
    }

    /** Begins to read the body from the client, unless the server has to take bytes first. */
    void readBody() {
        if (passesBody() && !isBlocked()) {
            client.connection().wantRead(true);
        }
    }

    /** The whole request has been sent: bytes read beyond it belong to the next request. */
    void onSent() {
        client.putBack(flow.takeRest());
        client.connection().wantRead(true);
    }

    /** Whether the body is being passed on. */
    boolean passesBody() {
        return flow.passesBody();
    }

    /** Whether a server that expects no body where an upgrade is asked for would take it for the next request. */
    boolean isUpgradeWithBody() {
        return head.framing() != BodyFraming.NONE && head.isUpgradeWanted();
    }

    /** Whether the client may be waiting for a 100 (Continue), as it announced, before it sends the body. */
    boolean mayAwaitContinue() {
        return bodyBytes() == 0 && head.isContinueExpected();
    }

    /** Whether more of the body has to come. */
    boolean awaitsBody() {
        return !framer.isEnded();
    }

    /** Whether the server has to take bytes before more is read from the client. */
    boolean isBlocked() {
        return flow.isBlocked();
    }

    /** Whether the server has taken anything of the request. */
    boolean hasLeft() {
        return flow.writtenBytes() > 0;
    }

    /** Whether part of the request has yet to come or to leave; until then, the next request cannot begin. */
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
        if (isOfPath(reason)) {
            return Fault.inHead(head, routed.path().faultPosition());
        }
        return head.framing() == BodyFraming.LENGTH ? Fault.inHead(head, lengthPosition())
                : flow.fault();
    }

    private int lengthPosition() {
        HeaderFields fields = head.fields();
        return fields.valueOffset(fields.find(KnownField.CONTENT_LENGTH));
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

    /** Whether this request lets the client's connection stay open after the response. */
    boolean allowsNext() {
        return head.isComplete() && !awaitsBody() && head.isPersistent() && client.mayStay() && !asksForTunnel();
    }

    /** After CONNECT, a client may send tunnel data at once, which must not be read as requests. */
    private boolean asksForTunnel() {
        return head.method() == HttpMethod.CONNECT;
    }

    /** Whether the client has announced this as its last request, and all of it has been sent. */
    boolean isLast() {
        return !isUnderWay() && head.isComplete() && !head.isPersistent();
    }

    /**
     * Stops sending; bytes that were not passed on go back to the client's connection. If part of the body has yet to
     * come, they are no next request, and that connection ends.
     */
    void stop() {
        client.putBack(flow.takeRest());
        flow.reset();
    }

    /**
     * Drops what has come of a body that no server gets any of. If that is all of it, and sound, it is known where the
     * next request begins.
     */
    void dropBody() {
        boolean isUntouched = head.isComplete() && awaitsBody() && flow.isIdle();
        ByteBuffer input = isUntouched ? client.takeInput() : null;
        if (input == null) {
            return;
        }
        BodyEvent event = BodyEvent.DATA;
        while (event == BodyEvent.DATA) {
            event = framer.next(input);
        }
        client.putBack(input);
    }

    /** Releases everything held, so that another request can begin. */
    void end() {
        flow.reset();
        routed.reset();
        client = null;
        named = null;
        edits = null;
    }
}
