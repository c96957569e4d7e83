// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts.Rollout;
import io.hyperspot.modkit.worker.Rollouts.Share;
import java.time.Instant;

/**
 * One version replaces another.
 *
 * @param until when the watch ends; {@link Instant#MAX} while the next version has only a share
 */
record Handover(Running before, Running next, Rollout rollout, Share share, Instant until) {
    boolean isSwitched() {
        return share.isAll();
    }

    Handover with(Share part, Instant end) {
        return new Handover(before, next, rollout, part, end);
    }
}
