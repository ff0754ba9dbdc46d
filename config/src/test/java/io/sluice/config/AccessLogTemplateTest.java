package io.sluice.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessLogTemplate.Field;
import io.sluice.config.AccessLogTemplate.Text;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessLogTemplateTest {

    @Test
    void takesTextAndFieldsApart() {
        assertEquals(
                List.of(new Text("a "), new Field("status"), new Text("/"), new Field("header.X-Id"),
                        new Text(" 5% %")),
                AccessLogTemplate.of("a %{status}/%{header.X-Id} 5% %").parts());
        assertEquals(List.of(new Field("method"), new Field("path")),
                AccessLogTemplate.of("%{method}%{path}").parts());
        assertEquals(List.of(new Text("no field")), AccessLogTemplate.of("no field").parts());
    }

    @Test
    void knowsItsFields() {
        AccessLogTemplate.FIELDS.forEach(field -> AccessLogTemplate.of("%{" + field + "}"));
    }

    @Test
    void tellsAHeaderFromOtherFields() {
        assertEquals(Optional.of("X-Id"), new Field("header.X-Id").header());
        assertEquals(Optional.empty(), new Field("host").header());
    }

    @Test
    void findsTheFirstUnknownField() {
        assertEquals(Optional.empty(), AccessLogTemplate.firstUnknownField("%{status} %{header.x} %d"));
        assertEquals(Optional.of("statsu"), AccessLogTemplate.firstUnknownField("%{path} %{statsu} %{nor_this}"));
        assertEquals(Optional.of(""), AccessLogTemplate.firstUnknownField("%{}"));
        assertEquals(Optional.of("Status"), AccessLogTemplate.firstUnknownField("%{Status}"));
        assertEquals(Optional.of("header."), AccessLogTemplate.firstUnknownField("%{header.}"));
        assertEquals(Optional.of("header.a b"), AccessLogTemplate.firstUnknownField("%{header.a b}"));
    }

    @Test
    void refusesAnUnknownFieldAndNamesTheKnownOnes() {
        String message = refusal("%{path} %{statsu}");
        assertTrue(message.startsWith("unknown field %{statsu}; known are client_ip, "), message);
        assertTrue(message.endsWith(", refusal and header.NAME"), message);
    }

    @Test
    void refusesAFieldThatDoesNotEnd() {
        String message = "a field is a name between %{ and }";
        assertEquals(message, refusal("%{path"));
        assertEquals(message, refusal("%{pa%{path}"));
        assertEquals(message, refusal("%{path} %{"));
    }

    @Test
    void refusesControlCharacters() {
        String message = "a template is one line without control characters";
        assertEquals(message, refusal("%{path}\n%{status}"));
        assertEquals(message, refusal("%{path}\t"));
    }

    @Test
    void isCheckedWithTheAccessLogThatHasIt() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new AccessLogConfig(
                SessionLogConfig.Target.STDOUT, Optional.empty(), AccessLogConfig.Format.TEMPLATE,
                Optional.of("%{colour}")));
        assertTrue(refused.getMessage().contains("%{colour}"), refused.getMessage());
    }

    private static String refusal(String template) {
        return assertThrows(IllegalArgumentException.class, () -> AccessLogTemplate.of(template)).getMessage();
    }
}
