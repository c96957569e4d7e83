// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;


/** What became of a record, in the order in which the records were given. */
public sealed interface Outcome {
    String id();

    /** It is durable and counted. */
    record Accepted(String id) implements Outcome {}

    /** It was there already, and counts once. */
    record Duplicate(String id) implements Outcome {}

    /**
     * It is not counted, and will not be when it is sent again as it is.
     *
     * @param code stable, UPPER_SNAKE
     * @param reason a sentence that says what is wrong with it
     */
    record Rejected(String id, String code, String reason) implements Outcome {}
}
