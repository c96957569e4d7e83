// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.usage.Outcome.Rejected;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a record must look like. */
final class RecordForm {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:~-]{0,63}");
    private static final Pattern DIMENSION = Pattern.compile("[a-z][a-z0-9_.]{0,39}");
    private static final int LONGEST = 200;
    private static final int MOST_DIMENSIONS = 20;
    private static final Duration EARLY = Duration.ofMinutes(5);
    private static final Duration LATE = Duration.ofDays(400);

    /** What came of a check: the entry, or why it is none. */
    record Checked(@Nullable Entry entry, @Nullable Rejected rejected) {}

    private final TypeCatalogue types;

    RecordForm(TypeCatalogue types) {
        this.types = types;
    }

    Checked check(UsageRecord given, Instant now) {
        UsageRecord record = normal(given);
        Optional<UsageType> type = types.find(record.tenant(), record.type());
        Rejected rejected = type.isEmpty()
                ? new Rejected(shown(record.id()), "UNKNOWN_USAGE_TYPE", "there is no usage type '" + shown(record.type()) + "'; GET /usage/v1/types lists all")
                : wrong(record, type.get(), now);
        return rejected == null && type.isPresent()
                ? new Checked(new Entry(record, type.get(), Amounts.scaled(record.quantity(), type.get())), null)
                : new Checked(null, rejected);
    }

    private static UsageRecord normal(UsageRecord given) {
        return new UsageRecord(
                given.id(),
                given.tenant(),
                given.subject(),
                given.type(),
                given.resource(),
                given.quantity(),
                given.at().truncatedTo(ChronoUnit.MILLIS),
                given.dimensions(),
                given.corrects());
    }

    private static @Nullable Rejected wrong(UsageRecord record, UsageType type, Instant now) {
        String id = record.id();
        if (!ID.matcher(id).matches()) {
            return new Rejected(
                    shown(id), "INVALID_ID", "'id' has 1 to 64 letters, digits and . _ : ~ -, and begins with a letter or digit");
        }
        if (isWrong(record.subject()) || isWrong(record.resource())) {
            return new Rejected(id, "INVALID_TEXT", "'subject' and 'resource' have at most " + LONGEST + " visible characters");
        }
        String quantity = Amounts.wrong(record.quantity(), type);
        if (quantity != null) {
            return new Rejected(id, "INVALID_QUANTITY", quantity);
        }
        if (record.quantity().signum() < 0 && !record.isCorrection() && type.kind() == UsageType.Kind.COUNTER) {
            return new Rejected(id, "INVALID_QUANTITY", "what was used is not negative; a correction is what takes away");
        }
        if (record.isCorrection() && type.kind() == UsageType.Kind.GAUGE) {
            return new Rejected(id, "INVALID_CORRECTION", "a gauge is corrected by the next measurement");
        }
        if (record.isCorrection() && record.quantity().signum() == 0) {
            return new Rejected(id, "INVALID_CORRECTION", "a correction of nothing corrects nothing");
        }
        if (record.at().isAfter(now.plus(EARLY)) || record.at().isBefore(now.minus(LATE))) {
            return new Rejected(id, "INVALID_TIME", "'at' lies at most " + EARLY.toMinutes() + " minutes ahead and " + LATE.toDays() + " days back");
        }
        return wrongDimensions(record);
    }

    private static @Nullable Rejected wrongDimensions(UsageRecord record) {
        boolean fine = record.dimensions().size() <= MOST_DIMENSIONS;
        for (Map.Entry<String, String> each : record.dimensions().entrySet()) {
            fine = fine && DIMENSION.matcher(each.getKey()).matches() && !isWrong(each.getValue());
        }
        return fine
                ? null
                : new Rejected(
                        record.id(),
                        "INVALID_DIMENSIONS",
                        "there are at most " + MOST_DIMENSIONS + " dimensions, whose names have lower-case letters, digits, '_' and"
                                + " '.', and whose values have at most " + LONGEST + " visible characters");
    }

    /** Whether a text cannot be shown, or is too long. */
    static boolean isWrong(String text) {
        return text.length() > LONGEST || text.codePoints().anyMatch(RecordForm::isHidden);
    }

    private static boolean isHidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static String shown(String text) {
        String visible = text.replaceAll("[^\\x21-\\x7e]", "?");
        return visible.length() <= 100 ? visible : visible.substring(0, 100);
    }
}
