package io.sluice.launcher.soak;

import io.sluice.launcher.HttpMessage;
import io.sluice.launcher.ShippedTls;
import io.sluice.launcher.soak.Talk.Fate;
import io.sluice.launcher.soak.Talk.Method;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A client that comes again and again, to any listener. Owned by one thread. */
final class SoakClient {

    private static final int MOST_REQUESTS = 8;

    private final Function<Kind, InetSocketAddress> addresses;
    private final Ledger ledger;
    private final ShippedTls tls;
    private final Mood mood;
    private final long seed;
    private final int number;
    /** What this visit is like, however the last one has ended. */
    private Random random;
    /** For a reader, should it hang. */
    private volatile String doing = "";
    private volatile long sinceNs = System.nanoTime();

    /** @param addresses of the listeners */
    SoakClient(Function<Kind, InetSocketAddress> addresses, Ledger ledger, ShippedTls tls, Mood mood, long seed,
            int number) {
        this.addresses = addresses;
        this.ledger = ledger;
        this.tls = tls;
        this.mood = mood;
        this.seed = seed;
        this.number = number;
    }

    /** Whether the present visit has lasted for so long. From any thread. */
    boolean hasBeenThereFor(Duration time) {
        return System.nanoTime() - sinceNs > time.toNanos();
    }

    @Override
    public String toString() {
        return doing;
    }

    /** Comes, and stays for one session or some requests. */
    void come(int visitNumber) {
        String visit = seed + "." + number + "." + visitNumber;
        random = new Random(Content.key(visit));
        sinceNs = System.nanoTime();
        Kind kind = Kind.any(random);
        List<Talk> plan = plan(kind.isHttp(), visit);
        doing = plan + " at " + kind;
        try (Socket socket = new Socket()) {
            converse(socket, kind, plan);
        } catch (IOException e) {
            onFailure(e);
        } catch (RuntimeException | AssertionError e) {
            ledger.violation("a client cannot read what it got: " + e + ", " + doing);
        }
    }

    private void converse(Socket socket, Kind kind, List<Talk> plan) throws IOException {
        String address = connect(socket, kind);
        plan.forEach(talk -> ledger.onAsked(talk, address));
        Wire wire = new Wire(kind.hasTls() ? tls.over(socket, "shop.example.com") : socket, socket, ledger,
                kind.toString());
        try {
            if (kind.isHttp()) {
                ask(wire, plan);
            } else {
                wire.peer().send(plan.getFirst().id() + "\r\n");
                ledger.count(new Session(wire, ledger, plan.getFirst()).holdAsClient() ? "session" : "session left");
            }
        } finally {
            // Before servers can see it.
            plan.forEach(ledger::onLeft);
            wire.close();
        }
    }

    private void onFailure(IOException e) {
        ledger.count(e instanceof SocketTimeoutException ? "stuck" : "failed");
        if (mood == Mood.CALM || e instanceof SocketTimeoutException) {
            ledger.violation("failed: " + e + ", " + doing);
        }
    }

    /** One session; or requests on one connection, of which the last may become a tunnel. */
    private List<Talk> plan(boolean isHttp, String visit) {
        List<Talk> plan = new ArrayList<>();
        int count = isHttp ? 1 + random.nextInt(MOST_REQUESTS) : 1;
        boolean goesOn = true;
        while (goesOn && plan.size() < count) {
            Talk talk = Talk.of(isHttp, mood, visit + "." + plan.size());
            plan.add(talk);
            goesOn = talk.method() != Method.UPGRADE && talk.fate() == Fate.NOTHING;
        }
        return plan;
    }

    /** @return the address that servers are told */
    private String connect(Socket socket, Kind kind) throws IOException {
        if (random.nextInt(3) == 0) {
            socket.setReceiveBufferSize(4096);
        }
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress("127.0.0." + (1 + random.nextInt(9)), 0));
        socket.connect(addresses.apply(kind));
        if (!kind.hasProxyHeader()) {
            return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
        }
        String source = "10.0.0." + number + " 10.1.1.1 " + (1024 + random.nextInt(60_000));
        socket.getOutputStream().write(("PROXY TCP4 " + source + " 80\r\n").getBytes(StandardCharsets.US_ASCII));
        return source.replaceFirst(" .* ", ":");
    }

    /** Sends the requests in groups of those that do not wait for each other's answers. */
    private void ask(Wire wire, List<Talk> plan) throws IOException {
        String cookie = "";
        for (int from = 0; from < plan.size(); ) {
            int until = Math.min(plan.size(), from + (random.nextBoolean() ? 1 : 1 + random.nextInt(4)));
            List<Talk> group = plan.subList(from, until);
            String known = cookie;
            CompletableFuture<Void> sending = Session.concurrently(() -> Requests.send(wire, group, known));
            for (Talk talk : group) {
                if (talk.isLeftInRequest()) {
                    Session.join(sending);
                    return;
                }
                HttpMessage head = takeResponse(wire, talk);
                if (head == null) {
                    return;
                }
                cookie = head.field("Set-Cookie").split(";")[0];
            }
            Session.join(sending);
            from = until;
        }
    }

    /** @return the response's head; null if nothing more can come on this connection */
    private HttpMessage takeResponse(Wire wire, Talk talk) throws IOException {
        HttpMessage head = wire.peer().head();
        while (head.status() < 200 && head.status() != 101) {
            head = wire.peer().head();
        }
        boolean isOwn = !head.has("X-Id");
        ledger.count(isOwn ? Integer.toString(head.status()) : "answer");
        if (isOwn) {
            if (mood == Mood.CALM) {
                wire.violation(talk, "refused with " + head.head());
            }
            return null;
        }
        if (!ledger.wasSeen(talk) || !head.field("X-Id").equals(talk.id())
                || !head.field("X-Padding").equals(Content.letters(talk.downKey(), talk.padding()))) {
            wire.violation(talk, "another's response: " + head.head());
            return null;
        }
        if (head.status() == 101) {
            ledger.count(new Session(wire, ledger, talk).holdAsClient() ? "tunnel" : "tunnel left");
            return null;
        }
        return takeBody(wire, head, talk) ? head : null;
    }

    /** @return whether another response may follow */
    private boolean takeBody(Wire wire, HttpMessage head, Talk talk) throws IOException {
        if (talk.fate() == Fate.CLIENT_LEAVES) {
            return false;
        }
        if (talk.method() != Method.HEAD && talk.fate() != Fate.EARLY_ANSWER) {
            wire.takeBody(head, talk.downKey(), talk.down(), talk, talk.random("client's response"));
        }
        if (!head.field("Connection").equals("close")) {
            return true;
        }
        wire.takeEnd(talk);
        return false;
    }
}
