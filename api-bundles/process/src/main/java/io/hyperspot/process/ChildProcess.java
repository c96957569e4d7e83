// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import io.hyperspot.modkit.Cancellation;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A supervised child that speaks JSON lines over its standard streams (see the package). Started
 * lazily, restarted with exponential backoff, killed when it does not stop. It ends by itself when
 * its standard input ends, so that it never outlives the server. Thread-safe.
 */
@ProviderType
public interface ChildProcess extends SupervisedProcess {
    /** Receives what a call produces, in order, on the calling thread. */
    @FunctionalInterface
    interface Receiver {
        /** One event as a JSON object. An exception from here cancels the call. */
        void event(byte[] json) throws Exception;
    }

    /**
     * Sends a request and passes on its events until the last one. Starts the process when needed.
     * Cancelling tells the child to stop this call, and returns at once; the call counts as pending
     * until the child has stopped it.
     *
     * @param request a JSON object without a member {@code id}
     * @throws ChildProcessException when the call could not be made or its process ended
     */
    void call(byte[] request, Receiver receiver, Cancellation cancellation) throws Exception;
}
