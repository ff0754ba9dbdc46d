package io.sluice.launcher.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One end of a connection, as Linux shows it in proc_net_tcp(5), whether or not a program still has it open. Immutable.
 *
 * @param toSendBytes what its program has written and the other end has not acknowledged
 * @param toReadBytes what has come and its program has not read
 * @param retransmits in a row, of the same bytes
 */
record TcpSocket(State state, long toSendBytes, long toReadBytes, Timer timer, int retransmits) {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int OWN = 1;
    private static final int PEER = 2;
    private static final int STATE = 3;
    private static final int QUEUES = 4;
    private static final int TIMER = 5;
    private static final int RETRANSMITS = 6;

    /** By its number there. */
    enum State {
        UNKNOWN, ESTABLISHED, SYN_SENT, SYN_RECEIVED, FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT, CLOSED, CLOSE_WAIT, LAST_ACK,
        LISTEN, CLOSING, NEW_SYN_RECEIVED;

        /** Whether its end counts as one more byte to send until it is acknowledged. */
        private boolean isEnding() {
            return this == FIN_WAIT_1 || this == LAST_ACK || this == CLOSING;
        }
    }

    /** What the kernel waits for, by its number there. */
    enum Timer { NONE, RETRANSMISSION, KEEP_ALIVE, TIME_WAIT, WINDOW_PROBE }

    /** The end of a connection that has the first address; none if it is gone, or if the host is not Linux. */
    static List<TcpSocket> of(InetSocketAddress own, InetSocketAddress peer) {
        return TABLES.stream().filter(Files::exists).flatMap(TcpSocket::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[OWN].endsWith(entry(own)) && fields[PEER].endsWith(entry(peer)))
                .map(TcpSocket::of).toList();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TcpSocket of(String[] fields) {
        State state = State.values()[number(fields[STATE])];
        String[] queues = fields[QUEUES].split(":");
        long toSend = Long.parseLong(queues[0], 16);
        return new TcpSocket(state, state.isEnding() ? toSend - 1 : toSend, Long.parseLong(queues[1], 16),
                Timer.values()[number(fields[TIMER].split(":")[0])], number(fields[RETRANSMITS]));
    }

    private static int number(String hex) {
        return Integer.parseInt(hex, 16);
    }

    /** How an address of IPv4 ends in either table. */
    private static String entry(InetSocketAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress().getAddress()).order(ByteOrder.nativeOrder());
        return "%08X:%04X".formatted(bytes.getInt(), address.getPort());
    }

    /** Whether the kernel has bytes of its program which it tries to get to the other end. */
    boolean isDelivering() {
        return toSendBytes > 0 && (timer == Timer.RETRANSMISSION || timer == Timer.WINDOW_PROBE);
    }

    /** What {@code ss} adds about both ends, such as windows and segment sizes; empty where it is not installed. */
    static String details(InetSocketAddress one) {
        try {
            Process ss = new ProcessBuilder("ss", "-tnoiH", "state", "all",
                    "( sport = :%1$d or dport = :%1$d )".formatted(one.getPort())).redirectErrorStream(true).start();
            return new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .collect(Collectors.joining("\n    "));
        } catch (IOException e) {
            return "";
        }
    }
}
