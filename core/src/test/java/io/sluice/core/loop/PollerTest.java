package io.sluice.core.loop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.core.linux.Descriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ways to wait, which an event loop does not know apart. */
class PollerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Far beyond what a test opens. */
    private static final int NOBODYS_DESCRIPTOR = 30_000;

    private final List<Pipe> pipes = new ArrayList<>();
    private final List<Registration> told = new ArrayList<>();
    private Consumer<Registration> also = registration -> { };
    private Poller poller;

    enum Kind {
        EPOLL {
            @Override
            Poller open(Consumer<Registration> onReady) throws IOException {
                return new EpollPoller(onReady);
            }
        },
        SELECTOR {
            @Override
            Poller open(Consumer<Registration> onReady) throws IOException {
                return new SelectorPoller(onReady);
            }
        };

        abstract Poller open(Consumer<Registration> onReady) throws IOException;
    }

    private void open(Kind kind) throws IOException {
        poller = kind.open(registration -> {
            told.add(registration);
            also.accept(registration);
        });
    }

    @AfterEach
    void close() throws IOException {
        poller.close();
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsAsLongAsThereIsSomethingToRead(Kind kind) throws IOException {
        open(kind);
        Registration registration = register(pipe(), SelectionKey.OP_READ);
        poller.poll(0);
        assertEquals(List.of(), told);
        write(pipes.getFirst());
        poller.poll(Timers.NONE);
        poller.poll(0);
        assertEquals(List.of(registration, registration), told);
        assertEquals(SelectionKey.OP_READ, registration.readyOps());
    }

    @ParameterizedTest
    @EnumSource
    void tellsNobodyWhoWantsNothing(Kind kind) throws IOException {
        open(kind);
        Registration registration = register(pipe(), SelectionKey.OP_READ);
        poller.poll(0);
        write(pipes.getFirst());
        registration.interestOps(0);
        poller.poll(0);
        assertEquals(List.of(), told);
        pipes.getFirst().sink().close();
        poller.poll(0);
        assertEquals(List.of(), told, "of what is broken, either");
        registration.interestOps(SelectionKey.OP_READ);
        poller.poll(0);
        assertEquals(List.of(registration), told);
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfTheEnd(Kind kind) throws IOException {
        open(kind);
        Registration registration = register(pipe(), SelectionKey.OP_READ);
        pipes.getFirst().sink().close();
        poller.poll(Timers.NONE);
        assertEquals(List.of(registration), told);
        assertEquals(SelectionKey.OP_READ, registration.readyOps());
    }

    @ParameterizedTest
    @EnumSource
    void knowsOfAnEndBehindBytesIfTheKernelTells(Kind kind) throws IOException {
        open(kind);
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel near = SocketChannel.open(listening.getLocalAddress())) {
                SocketChannel far = listening.accept();
                near.configureBlocking(false);
                Registration registration = poller.register(near, SelectionKey.OP_READ, null);
                far.write(ByteBuffer.wrap(new byte[] {1}));
                poller.poll(Timers.NONE);
                assertFalse(registration.peerHasEnded());
                far.shutdownOutput();
                pollUntil(() -> registration.peerHasEnded() == tellsMore(kind));
                assertEquals(SelectionKey.OP_READ, registration.readyOps());
                assertFalse(registration.isBroken());
                far.setOption(StandardSocketOptions.SO_LINGER, 0);
                far.close();
                pollUntil(() -> registration.isBroken() == tellsMore(kind));
                assertFalse(registration.peerHasEnded(), "a reset is no end");
                registration.cancel();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatIsReadyOfWhatIsAskedForAtThatMoment(Kind kind) throws IOException {
        open(kind);
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel near = SocketChannel.open(listening.getLocalAddress());
                    SocketChannel far = listening.accept()) {
                near.configureBlocking(false);
                Registration registration = poller.register(near, SelectionKey.OP_READ, null);
                poller.poll(0);
                int both = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
                registration.interestOps(both);
                poller.poll(Timers.NONE);
                assertEquals(SelectionKey.OP_WRITE, registration.readyOps());
                far.write(ByteBuffer.wrap(new byte[1]));
                pollUntil(() -> registration.readyOps() == both);
                pollUntil(() -> {
                    fill(near);
                    return registration.readyOps() == SelectionKey.OP_READ;
                });
                registration.interestOps(SelectionKey.OP_WRITE);
                assertEquals(0, registration.readyOps());
                registration.cancel();
            }
        }
    }

    private static void fill(SocketChannel near) {
        try {
            while (near.write(ByteBuffer.allocate(64 * 1024)) > 0) { }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean tellsMore(Kind kind) {
        return kind == Kind.EPOLL;
    }

    private void pollUntil(BooleanSupplier condition) {
        await().until(() -> {
            poller.poll(0);
            return condition.getAsBoolean();
        });
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfRoomToWrite(Kind kind) throws IOException {
        open(kind);
        Pipe pipe = pipe();
        pipe.sink().configureBlocking(false);
        Registration registration = poller.register(pipe.sink(), SelectionKey.OP_WRITE, null);
        poller.poll(Timers.NONE);
        assertEquals(List.of(registration), told);
        assertEquals(SelectionKey.OP_WRITE, registration.readyOps());
    }

    @ParameterizedTest
    @EnumSource
    void tellsNothingAfterItIsCancelled(Kind kind) throws IOException {
        open(kind);
        Registration registration = register(pipe(), SelectionKey.OP_READ);
        write(pipes.getFirst());
        poller.poll(0);
        registration.cancel();
        registration.cancel();
        assertFalse(registration.isValid());
        told.clear();
        poller.poll(0);
        assertEquals(List.of(), told);
        Registration another = register(pipes.getFirst(), SelectionKey.OP_READ);
        poller.poll(0);
        assertEquals(List.of(another), told, "the kernel still has it");
    }

    @ParameterizedTest
    @EnumSource
    void isWokenBeforeAndWhileItWaits(Kind kind) throws IOException {
        open(kind);
        for (int i = 0; i < 3; i++) {
            poller.wakeUp();
            assertTimeoutPreemptively(PATIENCE, () -> poller.poll(Timers.NONE));
        }
        Thread.ofVirtual().start(() -> poller.wakeUp());
        assertTimeoutPreemptively(PATIENCE, () -> poller.poll(Timers.NONE));
        assertEquals(List.of(), told);
    }

    @ParameterizedTest
    @EnumSource
    void closesWhatIsRegisteredAndIsNotWokenAfterwards(Kind kind) throws IOException {
        open(kind);
        Registration registration = register(pipe(), SelectionKey.OP_READ);
        poller.poll(0);
        poller.close();
        assertFalse(pipes.getFirst().source().isOpen());
        registration.cancel();
        Pipe next = pipe();
        for (int i = 0; i < 100; i++) {
            poller.wakeUp();
        }
        next.source().configureBlocking(false);
        assertEquals(0, next.source().read(ByteBuffer.allocate(1)), "its descriptor may be that of the poller's end");
    }

    /** Two are ready. Whoever is told first closes the other one, and a new one gets its descriptor. */
    @ParameterizedTest
    @EnumSource(names = "EPOLL")
    void tellsNobodyWhatAClosedDescriptorWasReadyFor(Kind kind) throws IOException {
        open(kind);
        List<Registration> registrations = List.of(register(pipe(), SelectionKey.OP_READ),
                register(pipe(), SelectionKey.OP_READ));
        pipes.forEach(PollerTest::write);
        also = first -> {
            int other = 1 - registrations.indexOf(first);
            Pipe.SourceChannel closed = pipes.get(other).source();
            int descriptor = Descriptor.of(closed);
            registrations.get(other).cancelForClose();
            try {
                closed.close();
                Pipe next = pipe();
                while (Descriptor.of(next.source()) != descriptor
                        && Descriptor.of(next.sink()) != descriptor) {
                    next = pipe();
                }
                boolean isSource = Descriptor.of(next.source()) == descriptor;
                next.source().configureBlocking(false);
                next.sink().configureBlocking(false);
                poller.register(isSource ? next.source() : next.sink(), SelectionKey.OP_READ, null);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        poller.poll(0);
        assertEquals(1, told.size());
        also = registration -> { };
        poller.poll(0);
        assertEquals(2, told.size(), "the one that is still open and nobody else");
        assertEquals(told.getFirst(), told.getLast());
    }

    /** Such as one that would be one too many. The others must not suffer, nor the thread. */
    @ParameterizedTest
    @EnumSource(names = "EPOLL")
    void tellsWhoCannotBeWaitedForAndGoesOnWithoutSleeping(Kind kind) throws IOException {
        open(kind);
        List<RuntimeException> failures = new ArrayList<>();
        poller.register(NOBODYS_DESCRIPTOR, SelectionKey.OP_READ, new ReadyHandler() {
            @Override
            public void onReady(int readyOps) {
                throw new AssertionError("nothing is ready");
            }

            @Override
            public void onFailure(RuntimeException failure) {
                failures.add(failure);
            }
        }, () -> { });
        Registration other = register(pipe(), SelectionKey.OP_READ);
        assertTimeoutPreemptively(PATIENCE, () -> poller.poll(Timers.NONE));
        assertEquals(1, failures.size());
        assertEquals(List.of(), told);
        write(pipes.getFirst());
        poller.poll(Timers.NONE);
        assertEquals(List.of(other), told);
        assertEquals(1, failures.size(), "told once");
    }

    private Registration register(Pipe pipe, int ops) throws IOException {
        pipe.source().configureBlocking(false);
        return poller.register(pipe.source(), ops, null);
    }

    private Pipe pipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipes.add(pipe);
        return pipe;
    }

    private static void write(Pipe pipe) {
        try {
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
