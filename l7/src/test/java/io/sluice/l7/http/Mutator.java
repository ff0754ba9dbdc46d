package io.sluice.l7.http;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes broken messages out of valid ones: bytes changed, dropped, doubled, and pieces that parsers stumble over. */
final class Mutator {

    private static final List<String> PIECES = List.of(
            "\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", "\0", ":", ",", ";", "%", "/", "?", "#", "\u007f", "\u00ff",
            "[", "]", "..",
            "0", "5", "f", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "Content-Length: 5\r\n", "Content-Length: 6\r\n",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Host: a\r\n", "Host: b:80\r\n",
            "Connection: close\r\n", "Connection: keep-alive, X\r\n", "X: y\r\n", "chunked", "http://a",
            "ffffffffffffffff");

    private final Random random;

    Mutator(long seed) {
        this.random = new Random(seed);
    }

    byte[] mutate(String sample) {
        byte[] bytes = Pieces.bytes(sample);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            bytes = mutateOnce(bytes);
        }
        return bytes;
    }

    private byte[] mutateOnce(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(4));
        return switch (random.nextInt(5)) {
            case 0 -> replace(bytes, from, to, new byte[0]);
            case 1 -> replace(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            case 2 -> replace(bytes, from, to, new byte[] {(byte) random.nextInt(256)});
            default -> replace(bytes, from, random.nextBoolean() ? from : to,
                    Pieces.bytes(PIECES.get(random.nextInt(PIECES.size()))));
        };
    }

    private static byte[] replace(byte[] bytes, int from, int to, byte[] with) {
        byte[] result = new byte[bytes.length - (to - from) + with.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(with, 0, result, from, with.length);
        System.arraycopy(bytes, to, result, from + with.length, bytes.length - to);
        return result;
    }
}
