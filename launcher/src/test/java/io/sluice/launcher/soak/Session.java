package io.sluice.launcher.soak;

import io.sluice.launcher.soak.Talk.Fate;
import java.io.EOFException;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A session of TCP, or a tunnel of HTTP, behind the client's first line: the server's first line, and rounds in turn or
 * both directions at once. Used once, by one thread.
 */
final class Session {

    private static final CompletableFuture<Void> NO_SENDING = CompletableFuture.completedFuture(null);

    private final Wire wire;
    private final Ledger ledger;
    private final Talk talk;

    Session(Wire wire, Ledger ledger, Talk talk) {
        this.wire = wire;
        this.ledger = ledger;
        this.talk = talk;
    }

    // ---- the server ----

    void holdAsServer() throws IOException {
        wire.peer().send(talk.id() + "\r\n");
        if (talk.rounds() > 0) {
            takeTurnsAsServer(talk.random("server"));
        } else {
            CompletableFuture<Void> sending = concurrently(this::sendAsServer);
            takeAsServer(0, talk.random("server"), sending);
            join(sending);
        }
        if (!resets()) {
            wire.takeEnd(talk);
            wire.peer().finish();
        }
    }

    private void takeTurnsAsServer(Random random) throws IOException {
        for (int round = 0; round < talk.rounds(); round++) {
            takeAsServer(round * talk.up(), random, NO_SENDING);
            if (resets() && round == talk.rounds() / 2) {
                wire.reset();
                return;
            }
            wire.send(talk.downKey(), round * talk.down(), (round + 1) * talk.down(), talk, random);
        }
    }

    private void sendAsServer() throws IOException {
        wire.send(talk.downKey(), 0, resets() ? talk.turnsAtByte() : talk.down(), talk, talk.random("sender"));
        if (resets()) {
            wire.reset();
        }
    }

    private boolean resets() {
        return talk.fate() == Fate.SERVER_RESETS;
    }

    private void takeAsServer(int from, Random random, CompletableFuture<Void> sending) throws IOException {
        try {
            wire.take(talk.upKey(), from, talk.up(), talk, random);
        } catch (EOFException e) {
            // A reset that the sending thread has met looks like an end to the other.
            join(sending);
            if (!ledger.entry(talk.id()).left().get()) {
                wire.violation(talk, "an end as if that were all: " + e.getMessage());
            }
            throw e;
        }
    }

    // ---- the client ----

    /** @return whether the client has held out to the end */
    boolean holdAsClient() throws IOException {
        Random random = talk.random("client");
        if (talk.rounds() > 0) {
            takeTurnsAsClient(random);
        } else {
            sendAndTakeAsClient(random);
        }
        if (leaves()) {
            leave(random);
        } else {
            if (!endsEarly()) {
                wire.peer().finish();
            }
            wire.takeEnd(talk);
        }
        return !leaves();
    }

    private void takeTurnsAsClient(Random random) throws IOException {
        for (int round = 0; round < talk.rounds(); round++) {
            wire.send(talk.upKey(), round * talk.up(), (round + 1) * talk.up(), talk, random);
            if (leaves() && round == talk.rounds() / 2) {
                return;
            }
            if (round == 0) {
                takeGreeting();
            }
            takeAsClient(round * talk.down(), talk.down(), random, NO_SENDING);
        }
    }

    private void sendAndTakeAsClient(Random random) throws IOException {
        CompletableFuture<Void> sending =
                concurrently(() -> wire.send(talk.upKey(), 0, talk.up(), talk, talk.random("sender")));
        takeGreeting();
        CompletableFuture<Void> ending = endsEarly() ? concurrently(() -> finishBehind(sending)) : sending;
        takeAsClient(0, leaves() ? talk.turnsAtByte() : talk.down(), random, ending);
        if (!leaves()) {
            join(ending);
        }
    }

    private boolean leaves() {
        return talk.fate() == Fate.CLIENT_LEAVES;
    }

    private void takeGreeting() throws IOException {
        String greeting = wire.line();
        if (!greeting.equals(talk.id())) {
            wire.violation(talk, "another's session: " + greeting);
        }
    }

    private void finishBehind(CompletableFuture<Void> sending) throws IOException {
        join(sending);
        wire.peer().finish();
    }

    /** Not before the greeting: who ends while waiting for a server counts as gone. */
    private boolean endsEarly() {
        return talk.endsEarly() && talk.rounds() == 0 && !wire.isSecure();
    }

    private void takeAsClient(int from, int count, Random random, CompletableFuture<Void> sending)
            throws IOException {
        try {
            wire.take(talk.downKey(), from, count, talk, random);
        } catch (EOFException e) {
            join(sending);
            wire.violation(talk, "an end as if that were all: " + e.getMessage());
            throw e;
        }
    }

    private void leave(Random random) throws IOException {
        ledger.entry(talk.id()).left().set(true);
        if (random.nextBoolean()) {
            wire.reset();
        }
    }

    // ---- both directions at once ----

    /** Something that takes a connection's one direction. */
    @FunctionalInterface
    interface Sending {
        void send() throws IOException;
    }

    static CompletableFuture<Void> concurrently(Sending sending) {
        return CompletableFuture.runAsync(() -> {
            try {
                sending.send();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }, Thread::startVirtualThread);
    }

    static void join(CompletableFuture<Void> sending) throws IOException {
        try {
            sending.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }
}
