package io.sluice.l7.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Heads as they are found on the wire, names and tokens made up. */
enum RealHeads {

    BROWSER_REQUEST("""
            GET /catalog/shoes?color=blue&page=2 HTTP/1.1
            Host: shop.example.com
            Connection: keep-alive
            Cache-Control: max-age=0
            sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Linux"
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Sec-Fetch-User: ?1
            Sec-Fetch-Dest: document
            Referer: https://shop.example.com/catalog/shoes?color=blue
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-GB,en;q=0.9,de;q=0.8
            Cookie: uid=8f14e45fceea167a5a36dedd4bea2543; session=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3; t=d
            """),
    API_REQUEST("""
            GET /v1/orders/7340?expand=items HTTP/1.1
            Host: api.example.com
            User-Agent: order-service/2.4.1
            Accept: application/json
            Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJl
            traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
            """),
    PAGE_RESPONSE("""
            HTTP/1.1 200 OK
            Server: nginx
            Date: Sat, 21 Nov 2026 10:00:00 GMT
            Content-Type: text/html; charset=utf-8
            Content-Length: 48213
            Connection: keep-alive
            Vary: Accept-Encoding
            Cache-Control: private, max-age=60
            ETag: W/"bc55-198a2f0d5c1"
            Strict-Transport-Security: max-age=31536000; includeSubDomains
            Content-Security-Policy: default-src 'self'; img-src 'self' https://images.example.com; object-src 'none'
            X-Content-Type-Options: nosniff
            X-Frame-Options: DENY
            Referrer-Policy: strict-origin-when-cross-origin
            Set-Cookie: session=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0; Path=/; Secure; HttpOnly; SameSite=Lax
            """),
    API_RESPONSE("""
            HTTP/1.1 200 OK
            Content-Type: application/json
            Content-Length: 512
            Date: Sat, 21 Nov 2026 10:00:00 GMT
            """);

    private final byte[] bytes;

    RealHeads(String text) {
        bytes = (text.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** As it is read: in a direct buffer. */
    ByteBuffer inBuffer() {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
