// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import java.nio.charset.StandardCharsets;

/**
 * What is signed: that a trail had this record, ended with it, or begins after it.
 *
 * @param kind what is said
 * @param tenant the trail's
 * @param seq of the record
 * @param hash of the record
 */
public record Point(Kind kind, String tenant, long seq, String hash) {
    /** What is said of a record. */
    public enum Kind {
        /** It is part of the trail. */
        RECORD,
        /** It was the newest at the time that is signed with it. */
        HEAD,
        /** It and those before it were removed in order. */
        START
    }

    /**
     * What is signed, in ASCII: {@code hyperspot-audit <kind> <tenant> <seq> <hash> <at>}.
     *
     * @param at milliseconds since 1970
     */
    public byte[] statement(long at) {
        return ("hyperspot-audit " + kind + " " + tenant + " " + seq + " " + hash + " " + at)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
