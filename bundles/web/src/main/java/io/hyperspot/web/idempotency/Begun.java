// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.idempotency;

import io.hyperspot.persistence.DatabaseException;

/** What becomes of a request with a key. */
public sealed interface Begun permits Begun.Answered, Begun.Claim {
    /** It was answered before. */
    record Answered(KeptAnswer answer) implements Begun {}

    /** It is the first: exactly one of the two is to be called, or neither when nobody knows whether it was done. */
    non-sealed interface Claim extends Begun {
        /**
         * Keeps the answer, before it is given.
         *
         * @throws DatabaseException when it cannot be kept now
         */
        void keep(KeptAnswer answer);

        /**
         * Nothing was done, and the request may be sent again.
         *
         * @throws DatabaseException when that cannot be written now
         */
        void release();
    }
}
