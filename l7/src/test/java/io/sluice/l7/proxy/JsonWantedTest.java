package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.RequestParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWantedTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                                              | true
            APPLICATION/JSON                                              | true
            application/problem+json                                      | true
            text/html                                                     | false
            text/plain                                                    | false
            */*                                                           | false
            ''                                                            | false
            # browsers; axios; jQuery
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | false
            application/json, text/plain, */*                             | true
            application/json, text/javascript, */*; q=0.01                | true
            # of equal weight, the first one
            text/html, application/json                                   | false
            application/json, text/html                                   | true
            application/json;q=0.5, text/html;q=0.50                      | true
            */*, application/json                                         | false
            # the weight decides
            application/json;q=0.1, text/html                             | false
            text/html;q=0.8, application/json                             | true
            text/html;level=1 ; Q=0.899, application/json;q=0.9           | true
            text/html;q=0.9^application/json                              | true
            application/json;q=0.5, */*                                   | false
            text/*;q=0.3, application/json;q=0.301                        | true
            # refused
            application/json;q=0                                          | false
            application/json;q=0.000, text/plain                          | false
            text/html;q=0, application/json;q=0.1                         | true
            # no weight
            application/json;q, text/html;q=0.9                           | true
            application/json;quality=0, text/html;q=0.9                   | true
            """)
    void followsWeightAndThenOrder(String accept, boolean json) {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        parser.parse(ByteBuffer.wrap(("GET / HTTP/1.0\r\nAccept: " + accept.replace("^", "\r\nAccept: ") + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
        assertEquals(json, JsonWanted.by(parser.fields()));
    }
}
