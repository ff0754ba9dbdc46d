package io.sluice.core.relay;

import java.io.IOException;
import java.net.Socket;
import java.util.Random;
import java.util.zip.CRC32C;

/** The checksum and the length of what went through a socket. */
final class Crc {

    private static final int CHUNK = 64 * 1024;

    private final CRC32C crc = new CRC32C();
    private long length;

    void update(byte[] bytes, int count) {
        crc.update(bytes, 0, count);
        length += count;
    }

    long value() {
        return crc.getValue();
    }

    long length() {
        return length;
    }

    /** Sends so many bytes by chance, in pieces by chance, then ends its direction; returns their checksum. */
    static long send(Socket socket, int length, long seed) throws IOException {
        long value = sendOn(socket, length, seed);
        socket.shutdownOutput();
        return value;
    }

    /** The same without an end. */
    static long sendOn(Socket socket, int length, long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = new byte[CHUNK];
        Crc crc = new Crc();
        while (crc.length < length) {
            random.nextBytes(bytes);
            int count = (int) Math.min(length - crc.length, 1 + random.nextInt(CHUNK));
            socket.getOutputStream().write(bytes, 0, count);
            crc.update(bytes, count);
        }
        return crc.value();
    }

    /** Receives all up to the end. */
    static Crc receive(Socket socket) throws IOException {
        return receive(socket, Long.MAX_VALUE);
    }

    /** Receives so many bytes, or all up to the end. */
    static Crc receive(Socket socket, long most) throws IOException {
        byte[] bytes = new byte[CHUNK];
        Crc crc = new Crc();
        int count = 0;
        while (count >= 0 && crc.length < most) {
            count = socket.getInputStream().read(bytes, 0, (int) Math.min(CHUNK, most - crc.length));
            crc.update(bytes, Math.max(0, count));
        }
        return crc;
    }
}
