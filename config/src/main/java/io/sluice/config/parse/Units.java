package io.sluice.config.parse;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole numbers with a unit. Immutable.
 *
 * @param expected the expected form, for error messages
 * @param factors  each unit's size in base units; an empty name stands for a missing unit
 * @param others   what others call a unit, in lower case, and its name here
 */
record Units(String expected, SequencedMap<String, Long> factors, Map<String, String> others) {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");

    /** The number of base units, within the bounds (both inclusive). Zero needs no unit. */
    long parse(String text, long least, long most) throws InvalidValueException {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("expected " + expected + ", not " + Nodes.quoted(text),
                    text.matches("[0-9].*") ? "write a whole number and one unit, without a space" : null);
        }
        long number = Long.parseLong(matcher.group(1));
        long factor = number == 0 && matcher.group(2).isEmpty() ? 1 : factor(text, matcher.group(2));
        if (number > most / factor) {
            throw new InvalidValueException("must be at most " + write(most) + ", not " + text);
        }
        if (number * factor < least) {
            throw new InvalidValueException("must be at least " + write(least) + ", not " + text);
        }
        return number * factor;
    }

    private long factor(String text, String unit) throws InvalidValueException {
        Long factor = factors.get(unit);
        if (factor != null) {
            return factor;
        }
        if (unit.isEmpty()) {
            throw new InvalidValueException("expected " + expected + ", but " + text + " has no unit",
                    "write " + text + names().get(0) + " or " + text + names().get(1) + " if that is meant");
        }
        String number = text.substring(0, text.length() - unit.length());
        throw new InvalidValueException("unknown unit " + Nodes.quoted(unit), hint(number, unit));
    }

    private String hint(String number, String unit) {
        String meant = others.getOrDefault(unit.toLowerCase(Locale.ROOT), unit);
        return names().stream().filter(meant::equalsIgnoreCase).findFirst()
                .map(name -> "write " + number + name)
                .orElseGet(() -> Nearest.knownHere(names()));
    }

    private List<String> names() {
        return factors.keySet().stream().filter(name -> !name.isEmpty()).toList();
    }

    /** Writes the amount in the largest unit that shows it exactly. */
    String write(long amount) {
        for (Map.Entry<String, Long> unit : factors.reversed().entrySet()) {
            if (amount % unit.getValue() == 0 && amount >= unit.getValue()) {
                return amount / unit.getValue() + unit.getKey();
            }
        }
        return amount + names().getFirst();
    }

    /** The regular expression of texts with a unit. */
    String pattern() {
        return "^[0-9]{1,18}(" + String.join("|", names()) + ")$";
    }
}
