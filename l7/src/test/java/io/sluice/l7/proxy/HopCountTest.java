package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.RequestParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HopCountTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "10,10", "007,7", "999999999,999999999", "1000000000,-", "'',-", "-1,-", "1x,-", "/,-",
        ":,-"})
    void isUnlimitedUnlessItIsANumberOfAFewDigits(String value, String hops) {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        parser.parse(ByteBuffer.wrap(("TRACE / HTTP/1.0\r\nMax-Forwards: " + value + "\r\n\r\n").getBytes(
                StandardCharsets.US_ASCII)));
        assertEquals(hops.equals("-") ? HopCount.UNLIMITED : Integer.parseInt(hops), HopCount.of(parser));
    }
}
