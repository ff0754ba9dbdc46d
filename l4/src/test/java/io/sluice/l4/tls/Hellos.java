package io.sluice.l4.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What TLS clients send first: as the JDK's client does, and put together by hand. */
public final class Hellos {

    private static final int RECORD_HEADER = 5;

    private Hellos() { }

    /** What a client of the JDK sends. @param serverName may be null @param protocols may be empty */
    public static byte[] ofEngine(String serverName, String... protocols) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            if (serverName != null) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
            parameters.setApplicationProtocols(protocols);
            engine.setSSLParameters(parameters);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.beginHandshake();
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (GeneralSecurityException | SSLException e) {
            throw new AssertionError(e);
        }
    }

    /** A ClientHello in one record, with these extensions. */
    static byte[] with(byte[]... extensions) {
        byte[] body = joined(new byte[] {3, 3}, new byte[32], vector8(new byte[32]), vector16(new byte[] {0x13, 1}),
                vector8(new byte[] {0}), vector16(joined(extensions)));
        return inRecords(message(body), Integer.MAX_VALUE);
    }

    /** The same for a body that may be anything. */
    static byte[] message(byte[] body) {
        return joined(new byte[] {1, (byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length}, body);
    }

    static byte[] extension(int type, byte[] content) {
        return joined(new byte[] {(byte) (type >> 8), (byte) type}, vector16(content));
    }

    static byte[] serverName(String name) {
        return extension(0, vector16(joined(new byte[] {0}, vector16(ascii(name)))));
    }

    static byte[] protocols(String... names) {
        return extension(16, vector16(joined(Arrays.stream(names).map(name -> vector8(ascii(name)))
                .toArray(byte[][]::new))));
    }

    /** The message in records of that many bytes each. */
    static byte[] inRecords(byte[] message, int most) {
        byte[] records = new byte[0];
        for (int at = 0; at < message.length; at += Math.min(most, message.length - at)) {
            byte[] fragment = Arrays.copyOfRange(message, at, at + Math.min(most, message.length - at));
            records = joined(records, new byte[] {22, 3, 1}, vector16(fragment));
        }
        return records;
    }

    /** The message of a ClientHello that is in one record. */
    static byte[] messageOf(byte[] record) {
        return Arrays.copyOfRange(record, RECORD_HEADER, record.length);
    }

    static byte[] vector8(byte[] content) {
        return joined(new byte[] {(byte) content.length}, content);
    }

    static byte[] vector16(byte[] content) {
        return joined(new byte[] {(byte) (content.length >> 8), (byte) content.length}, content);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }
}
