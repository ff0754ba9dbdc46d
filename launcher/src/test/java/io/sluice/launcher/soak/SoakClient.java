package io.sluice.launcher.soak;

import io.sluice.launcher.HttpMessage;
import io.sluice.launcher.ShippedTls;
import io.sluice.launcher.soak.Talk.Fate;
import io.sluice.launcher.soak.Talk.Method;
import io.sluice.launcher.soak.Talk.Route;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;

/** A client that comes again and again, to any listener. Owned by one thread. */
final class SoakClient {

    private static final int MOST_REQUESTS = 8;
    /** Of the certificates that listeners have. */
    private static final List<String> SERVER_NAMES = List.of("shop.example.com", "api.internal");

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
    /** What the ids of its talks have in common. */
    private volatile String visit = "";
    /** Null until the visit is connected. */
    private volatile Wire present;
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

    /**
     * Whether the present visit has lasted for so long, and not because the kernel is slow: as long as that has bytes
     * for the client, it has as much time again. From any thread.
     */
    boolean isStuckFor(Duration time) {
        if (System.nanoTime() - sinceNs < time.toNanos()) {
            return false;
        }
        Wire wire = present;
        if (wire == null || !wire.isBeingDelivered()) {
            return true;
        }
        ledger.count("slow by TCP");
        sinceNs = System.nanoTime();
        return false;
    }

    /** What it does, and how far it has come. From any thread. */
    String situation() {
        Wire wire = present;
        return doing + "\n    " + (wire == null ? "not connected" : wire.situation());
    }

    /** Whether a line of the access log is about the present visit. From any thread. */
    boolean isAbout(String line) {
        return line.contains("-" + visit + ".");
    }

    /** Comes, and stays for one session or some requests. */
    void come(int visitNumber) {
        sinceNs = System.nanoTime();
        present = null;
        visit = seed + "." + number + "." + visitNumber;
        random = new Random(Content.key(visit));
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
        List<Entry> entries = plan.stream().map(talk -> ledger.onAsked(talk, kind, address)).toList();
        String serverName = SERVER_NAMES.get(random.nextInt(SERVER_NAMES.size()));
        Wire wire = new Wire(kind.hasTls() ? tls.over(socket, serverName) : socket, socket, ledger, kind.toString());
        present = wire;
        try {
            if (wire.isSecure()) {
                checkCertificate((SSLSocket) wire.peer().socket(), serverName);
            }
            if (kind.isHttp()) {
                ask(wire, entries);
            } else {
                wire.peer().send(plan.getFirst().id() + "\r\n");
                hold(wire, entries.getFirst(), Receipt.NOTHING, "session");
            }
        } catch (SocketTimeoutException e) {
            ledger.violation("nothing comes: " + situation());
            throw e;
        } finally {
            // Before servers can see it.
            entries.forEach(entry -> entry.left().set(true));
            wire.close();
        }
    }

    private void checkCertificate(SSLSocket socket, String serverName) throws IOException {
        socket.startHandshake();
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        try {
            if (shown.getSubjectAlternativeNames().stream().noneMatch(name -> name.contains(serverName))) {
                ledger.violation("shown to a client of " + serverName + ": " + shown.getSubjectX500Principal());
            }
        } catch (CertificateParsingException e) {
            throw new IOException(e);
        }
    }

    private void onFailure(IOException e) {
        ledger.count(e instanceof SocketTimeoutException ? "stuck" : "failed");
        // Whatever goes wrong, the listeners are there.
        if (e instanceof ConnectException || mood == Mood.CALM && !(e instanceof SocketTimeoutException)) {
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
        // A connection that is reset at once may look like none.
        ledger.onConnecting(kind);
        socket.connect(addresses.apply(kind));
        if (!kind.hasProxyHeader()) {
            return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
        }
        String source = "10.0.0." + number + " 10.1.1.1 " + (1024 + random.nextInt(60_000));
        socket.getOutputStream().write(("PROXY TCP4 " + source + " 80\r\n").getBytes(StandardCharsets.US_ASCII));
        return source.replaceFirst(" .* ", ":");
    }

    /** Sends the requests in groups of those that do not wait for each other's answers. */
    private void ask(Wire wire, List<Entry> plan) throws IOException {
        String cookie = "";
        int limited = 0;
        for (int from = 0; from < plan.size(); ) {
            int until = Math.min(plan.size(), from + (random.nextBoolean() ? 1 : 1 + random.nextInt(4)));
            List<Entry> group = plan.subList(from, until);
            String known = cookie;
            CompletableFuture<Void> sending = Session.concurrently(
                    () -> Requests.send(wire, group.stream().map(Entry::talk).toList(), known));
            for (Entry entry : group) {
                if (entry.talk().isLeftInRequest()) {
                    Session.join(sending);
                    return;
                }
                limited += entry.talk().route() == Route.LIMITED ? 1 : 0;
                boolean isTooSoon = entry.talk().route() == Route.LIMITED && limited > SoakConfig.BURST;
                HttpMessage head = takeResponse(wire, entry, isTooSoon);
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
    private HttpMessage takeResponse(Wire wire, Entry entry, boolean isTooSoon) throws IOException {
        long before = wire.takenBytes();
        HttpMessage head = takeHead(wire, entry);
        Receipt beginning =
                new Receipt(head.status(), head.field("X-Server"), wire.takenBytes() - before, false);
        entry.receipt().set(beginning);
        ledger.count(beginning.isFromServer() ? "answer" : Integer.toString(head.status()));
        checkOrigin(wire, head, entry, isTooSoon);
        if (!beginning.isFromServer()) {
            return null;
        }
        if (head.status() == 101) {
            hold(wire, entry, beginning, "tunnel");
            return null;
        }
        if (entry.talk().fate() == Fate.CLIENT_LEAVES) {
            return null;
        }
        takeBody(wire, head, entry.talk());
        entry.receipt().set(new Receipt(head.status(), beginning.server(), wire.takenBytes() - before, true));
        if (head.field("Connection").equals("close")) {
            wire.takeEnd(entry.talk());
            return null;
        }
        return head;
    }

    /** Takes interim responses and the head of the final one. */
    private static HttpMessage takeHead(Wire wire, Entry entry) throws IOException {
        Talk talk = entry.talk();
        int hints = 0;
        HttpMessage head = wire.head();
        while (head.status() < 200 && head.status() != 101) {
            boolean isExpected = head.status() == 100 && talk.method().hasBody() && talk.expectsContinue();
            if (head.status() == 103 && head.field("X-Id").equals(talk.id())) {
                hints++;
            } else if (!isExpected) {
                wire.violation(talk, "an interim response: " + head.head());
            }
            head = wire.head();
        }
        boolean isMissingOne = head.has("X-Server") && hints < talk.hints();
        if (isMissingOne || hints > talk.hints() * entry.servers().size()) {
            wire.violation(talk, hints + " interim responses, of " + entry.servers());
        }
        return head;
    }

    private void checkOrigin(Wire wire, HttpMessage head, Entry entry, boolean isTooSoon) {
        Talk talk = entry.talk();
        if (!head.has("X-Server")) {
            if (head.status() == 429 ? !isTooSoon : mood == Mood.CALM) {
                wire.violation(talk, "refused with " + head.head());
            }
            return;
        }
        if (!entry.servers().contains(head.field("X-Server")) || !head.field("X-Id").equals(talk.id())
                || !head.field("X-Padding").equals(Content.letters(talk.downKey(), talk.padding()))) {
            wire.violation(talk, "another's response: " + head.head());
        }
        if (isTooSoon) {
            wire.violation(talk, "not refused, although it came too soon");
        }
        if (head.has("X-Generation")) {
            ledger.onPool(entry.listener() + " of configuration " + head.field("X-Generation") + ", route "
                    + talk.route() + (talk.route() == Route.SPLIT ? ", key " + talk.key() : ""),
                    head.field("X-Server").split("/")[0]);
        }
    }

    private static void takeBody(Wire wire, HttpMessage head, Talk talk) throws IOException {
        if (talk.method() != Method.HEAD && talk.fate() != Fate.EARLY_ANSWER) {
            wire.takeBody(head, talk.downKey(), talk.down(), talk, talk.random("client's response"));
        }
    }

    /** @param beginning what has come before, beginning with the response's head, if there is one */
    private void hold(Wire wire, Entry entry, Receipt beginning, String what) throws IOException {
        long before = wire.takenBytes() - beginning.bytes();
        boolean all = false;
        try {
            all = new Session(wire, ledger, entry.talk()).holdAsClient();
            ledger.count(all ? what : what + " left");
        } finally {
            entry.receipt().set(new Receipt(beginning.status(), beginning.server(), wire.takenBytes() - before, all));
        }
    }
}
