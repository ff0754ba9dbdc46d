package io.sluice.l4.database;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;

/**
 * Speaks the protocol of MySQL 8 as far as a check needs it (MySQL Source Code Documentation, "Client/Server
 * Protocol"), without TLS. Its accounts are of the kind {@code caching_sha2_password}. Safe from any thread.
 */
final class FakeMySql implements FakeServer.Manners {

    /** What it answers to a query. */
    sealed interface Answer permits Rows, Failure, Silence, Columns { }

    record Rows(List<String> columns, List<List<String>> rows) implements Answer { }

    record Failure(int number, String state, String message) implements Answer { }

    /** None. */
    record Silence() implements Answer { }

    /** Only the announcement of rows with so many columns. */
    record Columns(long count) implements Answer { }

    static final Silence SILENCE = new Silence();

    private static final int CAPABILITIES = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x200000;
    private static final byte[] SEED = "12345678abcdefghijkl".getBytes(StandardCharsets.US_ASCII);
    private static final KeyPair KEYS = newKeys();
    private static final byte[] OK = {0, 0, 0, 2, 0, 0, 0};
    private static final byte[] EOF = {(byte) 0xfe, 0, 0, 2, 0};
    private static final int QUERY = 3;

    private final String password;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private volatile Failure greeting;
    private boolean passwordCached;

    FakeMySql(String password) {
        this.password = password;
    }

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** It has seen the password before, and need not be told it again. */
    FakeMySql passwordCached() {
        passwordCached = true;
        return this;
    }

    /** How it answers to queries that begin so. All others succeed and give nothing. */
    FakeMySql answer(String start, Answer answer) {
        answers.put(start, answer);
        return this;
    }

    /** How it turns clients away; null for letting them in. */
    FakeMySql greet(Failure failure) {
        greeting = failure;
        return this;
    }

    static Rows rows(List<String> columns, List<String> row) {
        return new Rows(columns, List.of(row));
    }

    /** What SHOW VARIABLES and SHOW STATUS give. */
    static Rows pairs(String... namesAndValues) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            rows.add(List.of(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Rows(List.of("Variable_name", "Value"), rows);
    }

    @Override
    public void serve(InputStream in, OutputStream out) throws IOException {
        Failure refusal = greeting;
        if (refusal != null) {
            send(out, 0, failure(refusal));
            return;
        }
        send(out, 0, handshake());
        try {
            if (!logIn(in, out)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        for (byte[] command = receive(in); command[1] == QUERY; command = receive(in)) {
            answer(new String(command, 2, command.length - 2, StandardCharsets.UTF_8), out);
        }
    }

    /** See "caching_sha2_password information": the quick way if the password is known, else by the server's key. */
    private boolean logIn(InputStream in, OutputStream out) throws IOException, GeneralSecurityException {
        int number = receive(in)[0] + 1;
        send(out, number, bytes(0xfe, "caching_sha2_password\0", new String(SEED, StandardCharsets.US_ASCII), "\0"));
        byte[] scramble = receive(in);
        boolean right;
        if (passwordCached) {
            right = Arrays.equals(scrambled(), Arrays.copyOfRange(scramble, 1, scramble.length));
            number = scramble[0] + 1;
            if (right) {
                send(out, number++, new byte[] {1, 3});
            }
        } else {
            send(out, scramble[0] + 1, new byte[] {1, 4});
            byte[] keyRequest = receive(in);
            send(out, keyRequest[0] + 1, bytes(1, "-----BEGIN PUBLIC KEY-----\n", Base64.getMimeEncoder()
                    .encodeToString(KEYS.getPublic().getEncoded()), "\n-----END PUBLIC KEY-----\n"));
            byte[] encrypted = receive(in);
            right = password.equals(decrypted(Arrays.copyOfRange(encrypted, 1, encrypted.length)));
            number = encrypted[0] + 1;
        }
        send(out, number, right ? OK : failure(new Failure(1045, "28000",
                "Access denied for user 'probe'@'localhost' (using password: YES)")));
        return right;
    }

    private byte[] scrambled() throws GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] once = sha256.digest(password.getBytes(StandardCharsets.UTF_8));
        sha256.update(sha256.digest(once));
        sha256.reset();
        sha256.update(MessageDigest.getInstance("SHA-256").digest(once));
        return xor(once, sha256.digest(SEED));
    }

    private String decrypted(byte[] encrypted) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        cipher.init(Cipher.DECRYPT_MODE, KEYS.getPrivate());
        String text = new String(xor(cipher.doFinal(encrypted), SEED), StandardCharsets.UTF_8);
        return text.substring(0, text.length() - 1);
    }

    private static byte[] xor(byte[] bytes, byte[] key) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = (byte) (bytes[i] ^ key[i % key.length]);
        }
        return result;
    }

    private void answer(String query, OutputStream out) throws IOException {
        Answer answer = answers.entrySet().stream().filter(entry -> query.startsWith(entry.getKey()))
                .map(Map.Entry::getValue).findFirst().orElse(null);
        switch (answer) {
            case null -> send(out, 1, OK);
            case Failure failure -> send(out, 1, failure(failure));
            case Rows rows -> send(rows, out);
            case Columns columns -> send(out, 1, announcement(columns));
            case Silence _ -> { }
        }
    }

    /** A number of more than three bytes; see "Protocol::LengthEncodedInteger". */
    private static byte[] announcement(Columns columns) {
        return ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0xfe).putLong(columns.count()).array();
    }

    private static void send(Rows rows, OutputStream out) throws IOException {
        int number = 1;
        send(out, number++, new byte[] {(byte) rows.columns().size()});
        for (String column : rows.columns()) {
            ByteArrayOutputStream definition = new ByteArrayOutputStream();
            for (String text : List.of("def", "", "", "", column, column)) {
                value(definition, text);
            }
            definition.writeBytes(new byte[] {0x0c, 45, 0, 0, 4, 0, 0, (byte) 0xfd, 0, 0, 0, 0, 0});
            send(out, number++, definition.toByteArray());
        }
        send(out, number++, EOF);
        for (List<String> row : rows.rows()) {
            ByteArrayOutputStream values = new ByteArrayOutputStream();
            row.forEach(text -> value(values, text));
            send(out, number++, values.toByteArray());
        }
        send(out, number, EOF);
    }

    /** A text with its length in front; the text NULL stands for none. */
    private static void value(ByteArrayOutputStream to, String text) {
        if (text.equals("NULL")) {
            to.write(0xfb);
        } else {
            to.write(text.length());
            to.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] handshake() {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(10);
        packet.writeBytes("8.4.3\0".getBytes(StandardCharsets.US_ASCII));
        packet.writeBytes(new byte[] {42, 0, 0, 0});
        packet.write(SEED, 0, 8);
        packet.write(0);
        packet.writeBytes(new byte[] {(byte) CAPABILITIES, (byte) (CAPABILITIES >> 8), 45, 2, 0,
            (byte) (CAPABILITIES >> 16), (byte) (CAPABILITIES >> 24), (byte) (SEED.length + 1)});
        packet.writeBytes(new byte[10]);
        packet.write(SEED, 8, SEED.length - 8);
        packet.writeBytes("\0caching_sha2_password\0".getBytes(StandardCharsets.US_ASCII));
        return packet.toByteArray();
    }

    private static byte[] failure(Failure failure) {
        return bytes(0xff, "" + (char) (failure.number() & 0xff) + (char) (failure.number() >> 8),
                "#" + failure.state(), failure.message());
    }

    private static byte[] bytes(int first, String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(first);
        for (String text : texts) {
            bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static void send(OutputStream out, int number, byte[] packet) throws IOException {
        byte[] framed = new byte[packet.length + 4];
        framed[0] = (byte) packet.length;
        framed[1] = (byte) (packet.length >> 8);
        framed[2] = (byte) (packet.length >> 16);
        framed[3] = (byte) number;
        System.arraycopy(packet, 0, framed, 4, packet.length);
        out.write(framed);
    }

    /** A packet behind its number. */
    private static byte[] receive(InputStream in) throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
            throw new EOFException();
        }
        int length = head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
        byte[] packet = new byte[length + 1];
        packet[0] = head[3];
        if (in.readNBytes(packet, 1, length) < length) {
            throw new EOFException();
        }
        return packet;
    }
}
