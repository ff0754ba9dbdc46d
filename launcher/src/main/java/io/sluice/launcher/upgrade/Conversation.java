package io.sluice.launcher.upgrade;

import io.sluice.core.linux.Descriptor;
import io.sluice.core.linux.DescriptorPassing;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/**
 * A conversation of two processes on one machine, over a Unix socket. They speak in turn, one line at a time, so at
 * most one line is in flight; a line can carry sockets. Calls block. For one thread.
 */
final class Conversation implements AutoCloseable {

    private static final int LONGEST_LINE_BYTES = 16 * 1024;
    /** Separates the words of a line; a tab, since paths may contain spaces. */
    private static final String BETWEEN_WORDS = "\t";

    private final SocketChannel channel;
    private final byte[] bytes = new byte[LONGEST_LINE_BYTES];

    /** A line received. @param descriptors the descriptors of the sockets that came with it, to be adopted or closed */
    record Line(List<String> words, List<Integer> descriptors) {

        String first() {
            return words.getFirst();
        }

        void closeAll() {
            descriptors.forEach(Descriptor::close);
        }
    }

    Conversation(SocketChannel channel) {
        this.channel = channel;
    }

    /** Begins with the process that listens on the socket. @throws IOException also if there is none */
    static Conversation with(Path socket) throws IOException {
        return new Conversation(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** The user that the other process runs as. */
    String user() throws IOException {
        return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    }

    void say(String... words) throws IOException {
        say(List.of(words), List.of());
    }

    void say(List<String> words, List<? extends Channel> sockets) throws IOException {
        byte[] line = (String.join(BETWEEN_WORDS, words) + "\n").getBytes(StandardCharsets.UTF_8);
        if (line.length > LONGEST_LINE_BYTES) {
            throw new IOException("more words than a line can have");
        }
        DescriptorPassing.send(channel, line, sockets);
    }

    /** Waits for the other process's next line. @throws EOFException if the process has gone */
    private Line hear() throws IOException {
        List<Integer> descriptors = new ArrayList<>();
        int length = 0;
        while (length == 0 || bytes[length - 1] != '\n') {
            byte[] rest = new byte[LONGEST_LINE_BYTES - length];
            int count = DescriptorPassing.receive(channel, rest, descriptors);
            if (count == 0) {
                descriptors.forEach(Descriptor::close);
                throw new EOFException("the other process has gone");
            }
            System.arraycopy(rest, 0, bytes, length, count);
            length += count;
        }
        String line = new String(bytes, 0, length - 1, StandardCharsets.UTF_8);
        return new Line(List.of(line.split(BETWEEN_WORDS)), descriptors);
    }

    /** Waits for a line that begins with one of these words. @throws IOException for another line, with its words */
    Line hear(String... expected) throws IOException {
        Line line = hear();
        if (!List.of(expected).contains(line.first())) {
            line.closeAll();
            boolean tellsWhy = line.first().equals("failed");
            throw new IOException(String.join(" ", tellsWhy ? line.words().subList(1, line.words().size())
                    : line.words()));
        }
        return line;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is released even so.
        }
    }
}
