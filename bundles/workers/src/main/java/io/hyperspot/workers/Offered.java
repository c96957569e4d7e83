// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.WorkerHandle;

/** What stands behind one instance id in a snapshot. */
sealed interface Offered<T> extends WorkerHandle<T> permits HeldHandle, SplitHandle {
    Candidate candidate();

    /** The gateway's own key of the worker. */
    String key();
}
