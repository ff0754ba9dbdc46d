package io.sluice.core.health;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to a health check: its status and the start of its body. Immutable.
 *
 * @param body at most {@link #MOST_BODY_BYTES}
 */
record HttpReply(int status, byte[] body) {

    static final int MOST_BODY_BYTES = 64 * 1024;

    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");
    private static final Pattern CONTENT_LENGTH = Pattern.compile("content-length:\\s*([0-9]{1,18})\\s*");
    private static final Pattern CHUNKED = Pattern.compile("transfer-encoding:.*\\bchunked\\s*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})\\s*(?:;.*)?");
    private static final byte[] NOTHING = {};

    /**
     * Reads an answer; skips interim ones before it.
     *
     * @param bodyWanted whether to read the body; not of an answer to HEAD, which has none
     * @throws IOException if it is no HTTP answer, or ends too soon
     */
    static HttpReply read(InputStream socket, boolean bodyWanted) throws IOException {
        Input in = new Input(socket);
        int status;
        long bodyBytes;
        do {
            status = status(in.line());
            bodyBytes = in.fields();
        } while (status < 200 && status != 101);
        boolean readsBody = bodyWanted && status != 204 && status != 304;
        return new HttpReply(status, readsBody ? in.body(bodyBytes) : NOTHING);
    }

    /** Whether the body contains a text, in UTF-8. */
    boolean contains(String text) {
        // ISO 8859-1 makes one character of each byte, so that this compares bytes.
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new String(body, StandardCharsets.ISO_8859_1).contains(bytes);
    }

    private static int status(String line) throws IOException {
        Matcher matcher = STATUS_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IOException("the answer is not HTTP");
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** The bytes of an answer, line by line and then its body. Owned by one thread. */
    private static final class Input {

        private static final long UNTIL_CLOSE = -1;
        private static final long IN_CHUNKS = -2;

        private final InputStream in;
        private int headBytes;

        Input(InputStream in) {
            this.in = new BufferedInputStream(in);
        }

        /** How long the body is: bytes, {@link #UNTIL_CLOSE} or {@link #IN_CHUNKS}. */
        long fields() throws IOException {
            long length = UNTIL_CLOSE;
            for (String line = line(); !line.isEmpty(); line = line()) {
                String lower = line.toLowerCase(Locale.ROOT);
                Matcher matcher = CONTENT_LENGTH.matcher(lower);
                if (CHUNKED.matcher(lower).matches()) {
                    length = IN_CHUNKS;
                } else if (matcher.matches() && length != IN_CHUNKS) {
                    length = Long.parseLong(matcher.group(1));
                }
            }
            return length;
        }

        byte[] body(long length) throws IOException {
            if (length == IN_CHUNKS) {
                return chunks();
            }
            int wanted = length == UNTIL_CLOSE ? MOST_BODY_BYTES : (int) Math.min(length, MOST_BODY_BYTES);
            byte[] body = in.readNBytes(wanted);
            if (length != UNTIL_CLOSE && body.length < wanted) {
                throw endedTooSoon();
            }
            return body;
        }

        private byte[] chunks() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                int wanted = Math.min(size, MOST_BODY_BYTES - body.size());
                byte[] data = in.readNBytes(wanted);
                body.writeBytes(data);
                if (data.length < wanted) {
                    throw endedTooSoon();
                }
                if (body.size() == MOST_BODY_BYTES) {
                    break;
                }
                line();
            }
            return body.toByteArray();
        }

        private int chunkSize() throws IOException {
            Matcher matcher = CHUNK_SIZE.matcher(line());
            if (!matcher.matches()) {
                throw new IOException("the answer is not HTTP: bad chunk");
            }
            return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(matcher.group(1), 16));
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet != '\n'; octet = in.read()) {
                if (octet < 0) {
                    throw endedTooSoon();
                }
                if (++headBytes > MOST_HEAD_BYTES) {
                    throw new IOException("the head of the answer is larger than 64 KiB");
                }
                line.append((char) octet);
            }
            int length = line.length();
            return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
        }

        private static EOFException endedTooSoon() {
            return new EOFException("the connection ended before the answer did");
        }
    }
}
