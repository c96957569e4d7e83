// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.io.EOFException;
import java.io.IOException;

/** Reads the head of the final answer from a connection; interim answers are skipped. */
final class HeadReader {
    private final Connection connection;
    private boolean begun;

    HeadReader(Connection connection) {
        this.connection = connection;
    }

    /** Whether any byte of an answer has arrived. */
    boolean hasBegun() {
        return begun;
    }

    AnswerHead read() throws IOException {
        int skipped = 0;
        int looked = 0;
        while (true) {
            int from = connection.position;
            int end = AnswerHead.end(connection.buffer, from, from + looked, connection.limit);
            if (end >= 0) {
                if (skipped + end - from > AnswerHead.MAX_BYTES) {
                    throw AnswerHead.tooLarge();
                }
                AnswerHead head = AnswerHead.parse(connection.buffer, from, end);
                connection.position = end;
                if (!head.isInterim()) {
                    return head;
                }
                skipped += end - from;
                looked = 0;
                continue;
            }
            looked = connection.limit - from;
            if (skipped + looked > AnswerHead.MAX_BYTES) {
                throw AnswerHead.tooLarge();
            }
            if (!connection.fill()) {
                throw new EOFException("the end came first");
            }
            begun = true;
        }
    }
}
