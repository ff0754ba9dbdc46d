package io.sluice.launcher.soak;

import java.util.Locale;
import java.util.Random;

/**
 * A request and its answer, or a session of TCP: all of it follows from the id, so that either end can tell what the
 * other one sends. Immutable.
 *
 * @param up          bytes that the client sends; in a session of rounds, in each of them
 * @param down        bytes that the server sends, likewise
 * @param upInChunks  whether a request's body is chunked
 * @param framing     how the response's body ends
 * @param padding     letters that either head has in addition
 * @param pause       how likely either end stops for a moment before it sends or takes a piece
 * @param rounds      of a session in which both ends take turns; 0 if they send at the same time
 * @param endsEarly   whether the client of a session ends its direction as soon as it has sent all, and whether the
 *                    client of a request, if it leaves, does so before it has sent all
 * @param delayMs     how long the server thinks before it answers
 * @param route       that takes the request
 * @param hints       how many interim responses the server sends before the final one
 * @param turnsAtByte how much of {@code down} there is before a server resets, or the client of a session leaves
 */
record Talk(String id, Method method, int up, int down, boolean upInChunks, Framing framing, int padding,
        double pause, int rounds, boolean endsEarly, boolean expectsContinue, int delayMs, Fate fate, Route route,
        int hints, int turnsAtByte) {

    private static final int[] LENGTHS =
            {0, 1, 100, 1000, 4095, 4096, 8191, 20_000, 32_768, 70_000, 300_000, 1_500_000};
    private static final int LONGEST_OF_ROUND = 9000;
    /** So short that it goes out in one piece with what is behind it. */
    private static final int LONGEST_WITH_EXTRA = 1000;

    /** What begins it. */
    enum Method {
        GET, HEAD, POST, PUT,
        /** A request for another protocol, which then is spoken as in a session. */
        UPGRADE,
        /** A session of TCP. */
        TCP;

        boolean hasBody() {
            return this == POST || this == PUT;
        }

        boolean isStream() {
            return this == UPGRADE || this == TCP;
        }
    }

    /** A route of each listener that speaks HTTP. */
    enum Route {
        /** To one pool. */
        DIRECT,
        /** To either of two, as the key decides. */
        SPLIT,
        /** With a limit for each key. */
        LIMITED;

        /** The name in configurations, and what paths begin with. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a response ends. */
    enum Framing { LENGTH, CHUNKS, CLOSE }

    /** What goes wrong. In this order, as of some talks only the first ones can be the fate. */
    enum Fate {
        NOTHING,
        /** The client goes away in the middle. */
        CLIENT_LEAVES,
        /** The server resets the connection. */
        SERVER_RESETS,
        /** The server closes it instead of an answer, after a while. */
        SERVER_CLOSES,
        /** The server says something that is not HTTP. */
        GARBAGE,
        /** The server sends a second response, for which nobody has asked. */
        SECOND_RESPONSE,
        /** The server answers before it reads the body. */
        EARLY_ANSWER,
        /** The server closes a connection that it seemed to keep. */
        CLOSES_UNANNOUNCED
    }

    /** @param suffix which no other talk has */
    static Talk of(boolean isHttp, Mood mood, String suffix) {
        return of((isHttp ? "h" : "t") + mood.ordinal() + "-" + suffix);
    }

    static Talk of(String id) {
        Random random = new Random(Content.key(id));
        Mood mood = Mood.values()[id.charAt(1) - '0'];
        Method method = id.charAt(0) == 't' ? Method.TCP : method(random);
        boolean isStream = method.isStream();
        int rounds = isStream && random.nextBoolean() ? 1 + random.nextInt(20) : 0;
        int up = isStream || method.hasBody() ? length(random) : 0;
        int down = length(random);
        Framing framing = Framing.values()[random.nextInt(Framing.values().length)];
        Fate fate = mood == Mood.CALM ? Fate.NOTHING : fate(random, mood, isStream);
        if (rounds > 0) {
            up = 1 + up % LONGEST_OF_ROUND;
            down = 1 + down % LONGEST_OF_ROUND;
        }
        if (fate == Fate.SECOND_RESPONSE) {
            down %= LONGEST_WITH_EXTRA;
            framing = Framing.LENGTH;
        }
        return new Talk(id, method, up, down, random.nextBoolean(), framing, random.nextInt(4) * 300,
                random.nextInt(3) == 0 ? 0.1 : 0, rounds, random.nextBoolean(), random.nextInt(8) == 0,
                random.nextInt(5) == 0 ? random.nextInt(100) : 0, fate,
                Route.values()[random.nextInt(Route.values().length)],
                isStream || fate == Fate.EARLY_ANSWER ? 0 : Math.max(0, random.nextInt(8) - 5),
                random.nextInt(down + 1));
    }

    private static Method method(Random random) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> Method.POST;
            case 5, 6 -> Method.PUT;
            case 7 -> Method.HEAD;
            case 8 -> Method.UPGRADE;
            default -> Method.GET;
        };
    }

    private static Fate fate(Random random, Mood mood, boolean isStream) {
        if (mood == Mood.WILD && random.nextInt(3) > 0) {
            return Fate.NOTHING;
        }
        Fate[] fates = Fate.values();
        int count = isStream ? Fate.SERVER_RESETS.ordinal() : mood == Mood.WILD ? fates.length - 1 : fates.length - 2;
        return fates[1 + random.nextInt(count)];
    }

    private static int length(Random random) {
        return LENGTHS[random.nextInt(LENGTHS.length)] + random.nextInt(3);
    }

    /** Whether it may be seen by two servers. */
    boolean isRepeatable() {
        return method != Method.POST && method != Method.TCP;
    }

    boolean isStream() {
        return method.isStream();
    }

    /** Whether the client goes away before it has sent all; otherwise, while it takes. */
    boolean isLeftInRequest() {
        return fate == Fate.CLIENT_LEAVES && method.hasBody() && endsEarly;
    }

    long upKey() {
        return Content.key(id + "u");
    }

    long downKey() {
        return Content.key(id + "d");
    }

    /** What to do in between is up to each end. */
    Random random(String end) {
        return new Random(Content.key(id + end));
    }

    String path() {
        return "/" + route + "/" + id;
    }

    /** Of which talk that is the path. */
    static String id(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What decides where it goes: with a limit, its visit; otherwise one of a few. */
    String key() {
        return route == Route.LIMITED ? id.substring(0, id.lastIndexOf('.')) : "k" + (Content.key(id) & 15);
    }

    /** The field lines of the request's head that tell it from others. */
    String requestFields() {
        return "Host: soak\r\nX-Id: " + id + "\r\nX-Key: " + key() + "\r\nX-Padding: "
                + Content.letters(upKey(), padding) + "\r\n";
    }

    String responseFields() {
        return "X-Id: " + id + "\r\nX-Padding: " + Content.letters(downKey(), padding) + "\r\n";
    }
}
