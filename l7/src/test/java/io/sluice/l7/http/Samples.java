package io.sluice.l7.http;

import java.util.List;

/** Valid messages to cut, to mutate and to compare. */
public final class Samples {

    /** Request heads, some with the first bytes of what follows. */
    public static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /where?q=now&r=a?b HTTP/1.1\r\nHOST:example.com:8080\r\nAccept:\t*/* \t\r\n"
                    + "X-Empty:\r\nX-Blank:   \r\n\r\n",
            "HEAD /%7Euser/a%2Fb;v=1 HTTP/1.0\r\n\r\n",
            "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\nHost: a\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
            "POST /api HTTP/1.1\r\nHost: [2001:db8::1]:443\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\nhello",
            "POST /api HTTP/1.1\r\nHost: a\r\ncontent-length: 5, 5\r\nContent-Length: 05\r\n\r\nhello",
            "PUT /f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nTrailer: Date\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "PATCH /f HTTP/1.1\r\nHost: a\r\nConnection: close, X-Drop , ,Authorization, te, \r\n"
                    + "X-Drop: 1\r\nx-drop: 2\r\nAuthorization: Basic eDp5\r\nTE: trailers\r\nX-Dro: p\r\n\r\n",
            "GET http://Example.com:80/p?q HTTP/1.1\r\nHost: example.COM\r\n\r\n",
            "GET https://example.com HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
            "OPTIONS http://example.com?q HTTP/1.1\r\nHost: example.com\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: example.com\r\nMax-Forwards: 0\r\n\r\n",
            "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n\u0016\u0003\u0001",
            "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            "BREW /pot HTTP/1.1\r\nHost: xn--bcher-kva.example\r\nX-Text: caf\u00e9 \u00ff\r\n"
                    + "!#$%&'*+-.^_`|~09: odd name\r\n\r\n",
            "GET /a|b[c]{d}^`?x=\\y HTTP/1.1\r\nHost: under_score.example.\r\n\r\n",
            "GET /catalog?color=blue HTTP/1.1\r\nHost: shop.example.com\r\nConnection: keep-alive\r\n"
                    + "sec-ch-ua: \"Chromium\";v=\"128\", \"Not;A=Brand\";v=\"24\"\r\nUpgrade-Insecure-Requests: 1\r\n"
                    + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n"
                    + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n"
                    + "Referer: https://shop.example.com/index.html?page=2\r\nAccept-Encoding: gzip, br, zstd\r\n"
                    + "Cookie: uid=8f14e45fceea167a; session=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3; t=d\r\n\r\n");

    /** Response heads to a GET, some with the first bytes of what follows. */
    public static final List<String> RESPONSES = List.of(
            "HTTP/1.1 200 OK\r\n\r\nuntil close",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.0 200 Fine\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello",
            "HTTP/1.0 200 \r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nServer: s\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 404 Pas trouv\u00e9,\tdésolé\r\nSet-Cookie: a=b; Path=/\r\nSet-Cookie: c=d\r\n"
                    + "Content-Length: 9\r\n\r\nnot found",
            "HTTP/1.1 599 \r\nConnection: X-Hop\r\nX-Hop: gone\r\nContent-Length: 1\r\n\r\n.");

    /** Chunked bodies, some with the first bytes of what follows. */
    public static final List<String> CHUNKED_BODIES = List.of(
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\nGET ",
            "5\r\nhello\r\n006\r\n world\r\n000\r\n\r\n",
            "a\r\n0123456789\r\nA\r\n\r\n\r\n\r\n\r\n\r\n\r\n00\r\n\r\n",
            "5;name=value;q=\"a;b\"\r\nhello\r\n1 \t;x\r\n!\r\n0;last\r\n\r\n",
            "5; \tq=\"a b\tcaf\u00e9\"\r\nhello\r\n0\r\n\r\n",
            "1\r\nx\r\n0\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\nX-Checksum: 12ab\r\n\r\nHTTP/1.1 200 OK\r\n",
            "10\r\n0123456789abcdef\r\n00000000000000f\r\n0123456789abcde\r\n0\r\n\r\n");

    private Samples() { }
}
