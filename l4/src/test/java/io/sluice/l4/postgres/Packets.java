package io.sluice.l4.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Packets of the PostgreSQL protocol, put together by hand. */
public final class Packets {

    public static final byte[] TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};
    public static final byte[] GSS_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 48};

    private Packets() { }

    /** @param strings names and values in turn */
    public static byte[] startup(String... strings) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String string : strings) {
            body.writeBytes(string.getBytes(StandardCharsets.UTF_8));
            body.write(0);
        }
        body.write(0);
        return packet(3 << 16, body.toByteArray());
    }

    public static byte[] cancel(int processId, byte... secret) {
        return packet(80877102, ByteBuffer.allocate(4 + secret.length).putInt(processId).put(secret).array());
    }

    public static byte[] packet(int code, byte[] body) {
        return ByteBuffer.allocate(8 + body.length).putInt(8 + body.length).putInt(code).put(body).array();
    }

    /** A message of the server. */
    public static byte[] message(char type, byte... body) {
        return ByteBuffer.allocate(5 + body.length).put((byte) type).putInt(4 + body.length).put(body).array();
    }

    public static byte[] keyData(int processId, byte... secret) {
        return message('K', ByteBuffer.allocate(4 + secret.length).putInt(processId).put(secret).array());
    }

    public static byte[] joined(byte[]... parts) {
        ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }
}
