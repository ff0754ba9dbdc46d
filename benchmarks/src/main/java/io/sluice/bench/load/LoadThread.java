package io.sluice.bench.load;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One event loop's share of the clients. Owned by that loop; counters and latencies are read by others. */
final class LoadThread {

    static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int READ_BUFFER_BYTES = 256 * 1024;

    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final LoadSettings settings;
    private final Runnable whenDone;
    private final Tally tally = new Tally();
    private final Latencies latencies;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final Timer tick = new Timer(this::onTick);
    private final List<Client> clients;
    private final Pacer pacer;
    private long startNs;
    private long lastSentNs;
    private int busy;

    /**
     * @param index    which of the threads of {@link Pace#threads}
     * @param whenDone called on the loop when no client has anything left to do
     */
    LoadThread(EventLoop loop, LongSupplier nanoClock, LoadSettings settings, int index, Runnable whenDone) {
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.settings = settings;
        this.whenDone = whenDone;
        latencies = new Latencies(isOpenLoop());
        if (settings.target().mode().isBulk()) {
            clients = bulkClients(index);
            pacer = null;
        } else {
            List<RequestClient> requestClients = requestClients(index);
            clients = List.copyOf(requestClients);
            Pace pace = settings.pace();
            pacer = isOpenLoop() ? new Pacer(this, schedule(), requestClients, index, pace) : null;
        }
        busy = clients.size();
    }

    EventLoop loop() {
        return loop;
    }

    Target target() {
        return settings.target();
    }

    Tally tally() {
        return tally;
    }

    Latencies latencies() {
        return latencies;
    }

    /** The buffer that all clients read into, since each processes its bytes at once. */
    ByteBuffer readBuffer() {
        return readBuffer;
    }

    boolean isOpenLoop() {
        return settings.pace().isOpenLoop();
    }

    long timeoutNs() {
        return settings.span().timeout().toNanos();
    }

    /** The time since the start of the run, read from the clock; for latencies. */
    long nowNs() {
        return nanoClock.getAsLong() - startNs;
    }

    /** The time from the start of the run to the beginning of the loop's cycle, without reading the clock. */
    long cycleNs() {
        return loop.nowNs() - startNs;
    }

    /** A request is sent, at that time since the start of the run. */
    void onSent(long nowNs) {
        lastSentNs = nowNs;
    }

    /** When the last request was sent, since the start of the run. To be read when the run has ended. */
    long lastSentNs() {
        return lastSentNs;
    }

    /** Converts a time since the start of the run to the clock of the loop's timers. */
    long toLoopNs(long sinceStartNs) {
        return startNs + sinceStartNs;
    }

    /** Runs on the loop. @param startOfRunNs the start of the run on the clock, the same for all threads */
    void start(long startOfRunNs) {
        startNs = startOfRunNs;
        clients.forEach(Client::start);
        loop.timers().schedule(tick, nanoClock.getAsLong() + TICK_NS);
        if (pacer != null) {
            pacer.run();
        }
    }

    /** Runs on the loop. */
    void stop() {
        clients.forEach(Client::stop);
    }

    /** A client has nothing left to do. */
    void onDone() {
        busy--;
        if (busy == 0) {
            loop.timers().cancel(tick);
            whenDone.run();
        }
    }

    private void onTick(long loopNowNs) {
        loop.timers().schedule(tick, loopNowNs + TICK_NS);
        long nowNs = nowNs();
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).onTick(nowNs);
        }
    }

    private Schedule schedule() {
        return new Schedule(settings.pace(), settings.span());
    }

    private List<Client> bulkClients(int index) {
        ByteBuffer bytes = direct(target().request());
        List<Client> made = new ArrayList<>();
        for (int client = index; client < settings.pace().connections(); client += settings.pace().threads()) {
            made.add(new BulkClient(this, settings.span(), bytes.duplicate()));
        }
        return List.copyOf(made);
    }

    private List<RequestClient> requestClients(int index) {
        Pace pace = settings.pace();
        ClosedLoop.Share share = ClosedLoop.Share.of(pace, index);
        Schedule schedule = isOpenLoop() ? schedule() : null;
        ByteBuffer request = direct(target().request());
        List<RequestClient> made = new ArrayList<>();
        for (int client = index; client < pace.connections(); client += pace.threads()) {
            Agenda agenda = isOpenLoop() ? new OpenLoop(schedule, client, pace.connections())
                    : new ClosedLoop(settings.span(), share);
            made.add(new RequestClient(this, agenda, conversation(), request.duplicate()));
        }
        return made;
    }

    private Conversation conversation() {
        return target().mode() == Mode.HTTP ? new HttpConversation(target().method())
                : new EchoConversation(target().request().length);
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
