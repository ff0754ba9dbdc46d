package io.sluice.core.address;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sluice.core.address.ProxyHeader.Flaw;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** PROXY protocol headers for tests, and how to ask what they say. */
final class Headers {

    static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    static final ProxyHeader NEED_MORE = new ProxyHeader.NeedMore();

    private Headers() { }

    static byte[] text(String header) {
        return header.getBytes(ISO_8859_1);
    }

    static byte[] hex(String header) {
        return HexFormat.of().parseHex(header.replace(" ", ""));
    }

    /** A version 2 header of these two bytes, the length of the block and the block. */
    static byte[] v2(String commandAndProtocol, String block) {
        byte[] bytes = hex(block);
        return hex(SIGNATURE + commandAndProtocol + "%04x".formatted(bytes.length) + block);
    }

    static ProxyHeader parse(byte[] bytes) {
        return ProxyProtocol.parse(ByteBuffer.wrap(bytes));
    }

    static ProxyHeader invalid(Flaw flaw) {
        return new ProxyHeader.Invalid(flaw);
    }

    static ProxyHeader proxied(int length, String source, int sourcePort, String destination, int destinationPort) {
        return new ProxyHeader.Proxied(length, socket(source, sourcePort), socket(destination, destinationPort));
    }

    static InetSocketAddress socket(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
