package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.config.PoolConfig.Balance;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type of a single value: what it takes, what it refuses, and how it writes what it took. */
class ValueTypesTest {

    @ParameterizedTest
    @CsvSource({"1,1", "7,7", "64,64"})
    void readsAnInteger(String text, int expected) throws Exception {
        assertEquals(expected, Numbers.integer(1, 64).parser().parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65", "-1", "+1", "1.0", "1e1", "0x10", "1_0", " 1", "one",
        "99999999999999999999"})
    void refusesAnInteger(String text) {
        refuses(Numbers.integer(1, 64), text, "expected a whole number from 1 to 64, not \"" + text + "\"");
    }

    @Test
    void readsAnIntegerUpToTheLargest() throws Exception {
        assertEquals(Integer.MAX_VALUE, Numbers.integer(0, Integer.MAX_VALUE).parser().parse("2147483647"));
        refuses(Numbers.integer(0, Integer.MAX_VALUE), "2147483648",
                "must be at most 2147483647, not \"2147483648\"");
    }

    @ParameterizedTest
    @CsvSource({"0%,0", "50%,50", "100%,100"})
    void readsAndWritesAShare(String text, int expected) throws Exception {
        assertEquals(expected, Numbers.percent().parser().parse(text));
        assertEquals(text, Numbers.percent().write(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "101%", "-1%", "050%", "5 %", "0.5"})
    void refusesAShare(String text) {
        refuses(Numbers.percent(), text, "expected a share from 0% to 100%, not \"" + text + "\"");
    }

    @Test
    void proposesThePercentSign() {
        assertEquals(Optional.of("write 50%"), refusal(Numbers.percent(), "50").suggestion());
    }

    @Test
    void readsABoolean() throws Exception {
        assertEquals(true, Numbers.bool().parser().parse("true"));
        assertEquals(false, Numbers.bool().parser().parse("false"));
    }

    @ParameterizedTest
    @CsvSource({"yes,write true", "on,write true", "no,write false", "off,write false",
        "required,write true", "none,write false"})
    void refusesAWordForABooleanAndProposesTheRightOne(String text, String suggestion) {
        assertEquals(Optional.of(suggestion), refusal(Numbers.bool(), text).suggestion());
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "2s,PT2S", "5m,PT5M", "1h,PT1H", "1d,PT24H", "365d,PT8760H", "1ms,PT0.001S"})
    void readsAndWritesADuration(String text, Duration expected) throws Exception {
        assertEquals(expected, Quantities.duration().parser().parse(text));
        assertEquals(text, Quantities.duration().write(expected));
    }

    @ParameterizedTest
    @CsvSource({"120s,2m", "1500ms,1500ms", "90m,90m", "86400s,1d"})
    void writesADurationInTheLargestExactUnit(String text, String written) throws Exception {
        assertEquals(written, Quantities.duration().write(Quantities.duration().parser().parse(text)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "5|expected a duration such as 500ms, 2s, 5m, 1h or 1d, but 5 has no unit",
        "-5s|expected a duration such as 500ms, 2s, 5m, 1h or 1d, not \"-5s\"",
        "1.5s|expected a duration such as 500ms, 2s, 5m, 1h or 1d, not \"1.5s\"",
        "1h30m|expected a duration such as 500ms, 2s, 5m, 1h or 1d, not \"1h30m\"",
        "''|expected a duration such as 500ms, 2s, 5m, 1h or 1d, not \"\"",
        "5min|unknown unit \"min\"",
        "0s|must be at least 1ms, not 0s",
        "0|must be at least 1ms, not 0",
        "366d|must be at most 365d, not 366d",
        "999999999999999999d|must be at most 365d, not 999999999999999999d",
    })
    void refusesADuration(String text, String message) {
        refuses(Quantities.duration(), text, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "0ms", "0d"})
    void readsZeroWhereItIsLegal(String text) throws Exception {
        assertEquals(Duration.ZERO, Quantities.durationOrZero().parser().parse(text));
        assertEquals("0s", Quantities.durationOrZero().write(Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({"64KiB,65536", "1MiB,1048576", "1GiB,1073741824", "64KB,64000", "1MB,1000000", "1GB,1000000000",
        "4096,4096", "4096B,4096"})
    void readsASize(String text, long expected) throws Exception {
        assertEquals(expected, Quantities.size(1, 1L << 40).parser().parse(text));
    }

    @ParameterizedTest
    @CsvSource({"65536,64KiB", "1048576,1MiB", "1073741824,1GiB", "64000,64KB", "4097,4097B"})
    void writesASize(long bytes, String expected) {
        assertEquals(expected, Quantities.size(1, 1L << 40).write(bytes));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "4095|must be at least 4KiB, not 4095",
        "2MiB|must be at most 1MiB, not 2MiB",
        "64k|unknown unit \"k\"",
        "64 KiB|expected a size such as 64KiB, 1MiB, 1GiB, 500KB or 4096, not \"64 KiB\"",
        "-1|expected a size such as 64KiB, 1MiB, 1GiB, 500KB or 4096, not \"-1\"",
    })
    void refusesASize(String text, String message) {
        refuses(Quantities.size(4096, 1 << 20), text, message);
    }

    @Test
    void readsAndWritesAnEnumInKebabCase() throws Exception {
        Scalar<Balance> type = Words.oneOf(Balance.class);
        assertEquals(Balance.LEAST_CONNECTIONS, type.parser().parse("least-connections"));
        assertEquals("least-connections", type.write(Balance.LEAST_CONNECTIONS));
    }

    @Test
    void refusesAnUnknownEnumWordAndProposesTheNearest() {
        InvalidValueException refusal = refusal(Words.oneOf(Balance.class), "roundrobin");
        assertEquals("unknown value \"roundrobin\"", refusal.getMessage());
        assertEquals(Optional.of("did you mean \"round-robin\"?"), refusal.suggestion());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "db1", "1", "orders-db", "a.b_c-d"})
    void readsAName(String text) throws Exception {
        assertEquals(text, Words.name("pool").parser().parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "a b", "a/b", "ä",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void refusesAName(String text) {
        assertThrows(InvalidValueException.class, () -> Words.name("pool").parser().parse(text));
    }

    private static void refuses(Scalar<?> type, String text, String message) {
        assertEquals(message, refusal(type, text).getMessage());
    }

    private static InvalidValueException refusal(Scalar<?> type, String text) {
        return assertThrows(InvalidValueException.class, () -> type.parser().parse(text));
    }
}
