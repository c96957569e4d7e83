// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.usage.UsageType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Decimals as whole numbers of their last digit. */
final class Amounts {
    /** So that thousands of the largest add up without leaving the range. */
    static final long MOST = 1_000_000_000_000_000L;

    private Amounts() {}

    /** Why a quantity cannot be kept; null when it can. Looks at the form only, so that no number is too long for it. */
    static @Nullable String wrong(BigDecimal quantity, UsageType type) {
        if (quantity.signum() == 0) {
            return null;
        }
        if ((long) quantity.precision() - quantity.scale() > 19) {
            return tooLarge(type);
        }
        BigDecimal exact = quantity.stripTrailingZeros();
        if (exact.scale() > type.scale()) {
            return "a quantity of " + type.unit() + " has at most " + type.scale() + " digits behind the point";
        }
        return exact.setScale(type.scale()).unscaledValue().abs().bitLength() > 62 || Math.abs(scaled(quantity, type)) > MOST
                ? tooLarge(type)
                : null;
    }

    private static String tooLarge(UsageType type) {
        return "a quantity of " + type.unit() + " is at most " + BigDecimal.valueOf(MOST, type.scale()).toPlainString();
    }

    static long scaled(BigDecimal quantity, UsageType type) {
        return quantity.signum() == 0
                ? 0
                : quantity.stripTrailingZeros().setScale(type.scale()).unscaledValue().longValueExact();
    }

    static BigDecimal decimal(long scaled, int scale) {
        return BigDecimal.valueOf(scaled, scale);
    }
}
