// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import java.util.Arrays;

/**
 * A point with its signature.
 *
 * @param at milliseconds since 1970, signed with it
 */
public record SignedPoint(Point point, long at, byte[] signature) {
    @Override
    public boolean equals(Object other) {
        return other instanceof SignedPoint signed
                && point.equals(signed.point)
                && at == signed.at
                && Arrays.equals(signature, signed.signature);
    }

    @Override
    public int hashCode() {
        return point.hashCode();
    }

    @Override
    public String toString() {
        return "SignedPoint[" + point + " at " + at + "]";
    }
}
