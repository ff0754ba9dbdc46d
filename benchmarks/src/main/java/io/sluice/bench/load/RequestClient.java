package io.sluice.bench.load;

import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * Sends one request at a time and measures how long its answer takes.
 *
 * <pre>
 *   OPENING --connected or failed--> IDLE --due--> CONNECTING --connected--> AWAITING --answer--> IDLE
 *                                      +---due, connected already-------------^
 *   CONNECTING or AWAITING --failed at once--> RESTING --tick--> IDLE          IDLE --none left--> DONE
 * </pre>
 *
 * <p>In an open loop, OPENING connects before the first request is due, so that its latency does not include
 * connecting. Owned by one event loop.
 */
final class RequestClient extends Client {

    private enum State { OPENING, IDLE, CONNECTING, AWAITING, RESTING, DONE }

    private final Agenda agenda;
    private final Conversation conversation;
    private final ByteBuffer request;
    private State state = State.IDLE;
    private long dueNs;
    private long sentNs;
    /** Answers on the present connection. */
    private int answers;

    /** @param request a direct buffer, sent from 0 to its capacity; its position belongs to this client */
    RequestClient(LoadThread thread, Agenda agenda, Conversation conversation, ByteBuffer request) {
        super(thread);
        this.agenda = agenda;
        this.conversation = conversation;
        this.request = request;
    }

    @Override
    void start() {
        if (thread.isOpenLoop() && !thread.target().connectPerRequest()) {
            state = State.OPENING;
            sentNs = thread.nowNs();
            connect();
        } else {
            next(thread.nowNs());
        }
    }

    /** In the open loop: a request of this client is due, unless the client has sent it meanwhile. */
    void onDue(long nowNs) {
        if (state == State.IDLE) {
            next(nowNs);
        }
    }

    @Override
    void onTick(long nowNs) {
        switch (state) {
            case RESTING -> next(nowNs);
            case OPENING -> {
                if (isOverdue(nowNs)) {
                    close();
                    next(nowNs);
                }
            }
            case CONNECTING, AWAITING -> {
                if (isOverdue(nowNs)) {
                    fail(Failure.TIMEOUT, nowNs);
                }
            }
            case IDLE, DONE -> { }
        }
    }

    @Override
    void stop() {
        if ((state == State.CONNECTING || state == State.AWAITING) && agenda.isMeasured()) {
            thread.tally().add(Tally.Count.UNFINISHED, 1);
        }
        if (state != State.DONE) {
            done();
        }
    }

    @Override
    void onConnected() {
        if (state == State.OPENING) {
            next(thread.nowNs());
            return;
        }
        if (!thread.target().connectPerRequest()) {
            sentNs = thread.nowNs();
        }
        send();
    }

    @Override
    void onConnectFailed() {
        if (state == State.OPENING) {
            state = State.RESTING;
        } else {
            fail(Failure.CONNECT, thread.nowNs());
        }
    }

    @Override
    void onWritable() {
        if (write() && !request.hasRemaining()) {
            connection().wantWrite(false);
        }
    }

    @Override
    void onReadable() {
        ByteBuffer in = thread.readBuffer();
        do {
            int count = connection().read(in.clear());
            if (count < 0) {
                onEnd();
                return;
            }
            if (state != State.AWAITING) {
                // The server has sent bytes unasked, such as a 408 (Request Timeout) before it closes.
                if (count > 0) {
                    close();
                }
                return;
            }
            if (count > 0) {
                countBytes(count);
                take(conversation.onBytes(in.flip()));
            }
        } while (state == State.AWAITING && in.limit() == in.capacity());
    }

    private void next(long nowNs) {
        long nextDueNs = agenda.nextDueNs(nowNs);
        if (nextDueNs == Agenda.NONE) {
            done();
        } else if (nextDueNs > nowNs) {
            state = State.IDLE;
        } else {
            dueNs = nextDueNs;
            begin(nowNs);
        }
    }

    private void begin(long nowNs) {
        agenda.take(nowNs);
        thread.onSent(nowNs);
        sentNs = nowNs;
        if (isOpen()) {
            send();
        } else {
            state = State.CONNECTING;
            answers = 0;
            connect();
        }
    }

    private void send() {
        state = State.AWAITING;
        conversation.begin();
        request.clear();
        if (write() && request.hasRemaining()) {
            connection().wantWrite(true);
        }
    }

    /** @return false if the connection is broken and has been given up */
    private boolean write() {
        if (request.hasRemaining() && connection().write(request) == Connection.ABORTED) {
            fail(Failure.CLOSED, thread.nowNs());
            return false;
        }
        return true;
    }

    private void onEnd() {
        Answer answer = state == State.AWAITING ? conversation.onEnd() : Answer.INCOMPLETE;
        if (answer != Answer.INCOMPLETE) {
            take(answer);
        } else if (state == State.AWAITING) {
            fail(Failure.CLOSED, thread.nowNs());
        } else {
            close();
        }
    }

    private void take(Answer answer) {
        switch (answer) {
            case INCOMPLETE -> { }
            case BROKEN -> fail(Failure.BROKEN, thread.nowNs());
            case GOOD, BAD_STATUS -> answered(answer, thread.nowNs());
        }
    }

    private void answered(Answer answer, long nowNs) {
        answers++;
        if (agenda.isMeasured()) {
            Tally tally = thread.tally();
            tally.addStatus(conversation.status());
            if (answer == Answer.GOOD) {
                tally.add(Tally.Count.ANSWERED, 1);
                thread.latencies().record(nowNs - sentNs, nowNs - dueNs);
            } else {
                tally.add(Failure.STATUS);
            }
        }
        if (thread.target().connectPerRequest() || !conversation.isPersistent() || request.hasRemaining()) {
            close();
        }
        next(nowNs);
    }

    private void fail(Failure failure, long nowNs) {
        if (agenda.isMeasured()) {
            thread.tally().add(failure);
        }
        close();
        if (answers == 0) {
            // Pauses, so as not to flood a server that refuses connections or drops them at once.
            state = State.RESTING;
        } else {
            next(nowNs);
        }
    }

    private void done() {
        state = State.DONE;
        close();
        thread.tally().add(Tally.Count.UNSENT, agenda.left(thread.nowNs()));
        thread.onDone();
    }

    private boolean isOverdue(long nowNs) {
        return nowNs - sentNs > thread.timeoutNs();
    }

    private void countBytes(int count) {
        if (agenda.isMeasured()) {
            thread.tally().add(Tally.Count.BYTES, count);
        }
    }
}
