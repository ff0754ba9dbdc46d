package io.sluice.bench.origin;

import io.sluice.core.loop.Timer;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import io.sluice.l7.http.BodyEvent;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;

/**
 * One client's connection: takes one request after the other, discards bodies, and answers in order.
 *
 * <pre>
 *   HEAD --head--> BODY --whole--> DELAYED --time--> ANSWERING --sent--> HEAD        any --> CLOSED
 *                    +------------no delay---------------^
 * </pre>
 *
 * <p>Owned by one event loop.
 */
final class HttpSession implements ConnectionOwner {

    private static final ByteBuffer NOTHING_HELD = ByteBuffer.allocate(0);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BAD_REQUEST = 400;
    /** The most writes in a row before other connections get their turn. */
    private static final int MOST_IN_A_ROW = 16;

    private final OriginThread thread;
    private final Connection connection;
    private final RequestParser head = new RequestParser(HttpLimits.DEFAULT);
    private final BodyFramer body = new BodyFramer(HttpLimits.DEFAULT, ChunkParser.Output.DECODED);
    private final Timer delay = new Timer(nowNs -> onDelayPassed());
    private State state = State.HEAD;
    /** The bytes behind a request that could not be answered at once. */
    private ByteBuffer held = NOTHING_HELD;
    private Response response;
    private long sent;
    private long end;

    private enum State { HEAD, BODY, DELAYED, ANSWERING, CLOSED }

    HttpSession(OriginThread thread, TcpSocket socket) {
        this.thread = thread;
        connection = new Connection(thread.loop(), socket, this);
        connection.wantRead(true);
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            resume(send());
        } else if (state == State.HEAD || state == State.BODY) {
            read();
        } else {
            // Bytes that come now wait in the kernel until the present request is answered.
            connection.wantRead(false);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        OriginThread.LOG.error("serving a client failed", failure);
        close();
    }

    private void read() {
        ByteBuffer in = thread.readBuffer();
        if (connection.read(in.clear()) < 0) {
            close();
            return;
        }
        process(in.flip());
        if (in.hasRemaining() && state != State.CLOSED) {
            held = ByteBuffer.allocate(in.remaining()).put(in).flip();
        }
    }

    /** Answers all whole requests, until one cannot be answered at once. */
    private void process(ByteBuffer in) {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = switch (state) {
                case HEAD -> in.hasRemaining() && takeHead(in);
                case BODY -> takeBody(in);
                case DELAYED, ANSWERING, CLOSED -> false;
            };
        }
    }

    private boolean takeHead(ByteBuffer in) {
        Outcome outcome = head.parse(in);
        if (outcome == Outcome.REFUSED) {
            return answer(Response.telling(BAD_REQUEST, head.error().sentence()));
        }
        if (outcome == Outcome.INCOMPLETE) {
            return false;
        }
        body.begin(head.framing(), head.contentLength());
        state = State.BODY;
        if (head.isContinueExpected() && !in.hasRemaining()) {
            connection.write(ByteBuffer.wrap(CONTINUE));
        }
        return true;
    }

    private boolean takeBody(ByteBuffer in) {
        BodyEvent event = BodyEvent.DATA;
        while (event == BodyEvent.DATA && !body.isEnded()) {
            event = body.next(in);
        }
        if (event == BodyEvent.REFUSED) {
            return answer(Response.telling(BAD_REQUEST, body.error().sentence()));
        }
        return body.isEnded() && answerRequest();
    }

    private boolean answerRequest() {
        Answering answering;
        try {
            int length = Math.max(0, head.queryLength() - 1);
            answering = thread.answerings().of(head.bytes(), head.queryOffset() + 1, length);
        } catch (IllegalArgumentException e) {
            return answer(Response.telling(BAD_REQUEST, e.getMessage()));
        }
        if (answering.isResetNext()) {
            state = State.CLOSED;
            connection.abort();
            return false;
        }
        Response chosen = answering.next(head.isPersistent() && head.minorVersion() == 1);
        if (answering.delayNs() == 0) {
            return answer(chosen);
        }
        response = chosen;
        state = State.DELAYED;
        thread.loop().timers().schedule(delay, thread.loop().nowNs() + answering.delayNs());
        return false;
    }

    private void onDelayPassed() {
        resume(answer(response));
    }

    /** @return whether the answer has been sent and the next request can be taken */
    private boolean answer(Response chosen) {
        response = chosen;
        sent = 0;
        end = head.method() == HttpMethod.HEAD ? chosen.headBytes() : chosen.length();
        state = State.ANSWERING;
        return send();
    }

    private boolean send() {
        for (int i = 0; i < MOST_IN_A_ROW && sent < end; i++) {
            ByteBuffer next = response.from(sent, end);
            int count = connection.write(next);
            if (count == Connection.ABORTED) {
                close();
                return false;
            }
            sent += count;
            if (next.hasRemaining()) {
                break;
            }
        }
        if (sent < end) {
            connection.wantWrite(true);
            return false;
        }
        connection.wantWrite(false);
        return answered();
    }

    private boolean answered() {
        if (!response.isPersistent()) {
            connection.shutdownOutput();
            close();
            return false;
        }
        head.reset();
        state = State.HEAD;
        return true;
    }

    /** After a delayed or blocked answer: if it has been sent, goes on with the bytes that have waited for it. */
    private void resume(boolean goesOn) {
        if (!goesOn) {
            return;
        }
        process(held);
        if (!held.hasRemaining()) {
            held = NOTHING_HELD;
        }
        if (state == State.HEAD || state == State.BODY) {
            connection.wantRead(true);
        }
    }

    private void close() {
        state = State.CLOSED;
        thread.loop().timers().cancel(delay);
        connection.close();
    }
}
