// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.Rollouts;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.modkit.worker.Rollouts.Tally;

/** Two bundles whose workers share requests. */
final class LiveRollout implements Rollouts.Rollout {
    private final AdmissionBoard board;
    private final long current;
    private final long next;
    private final Tally before;
    private volatile Share share = Share.NONE;

    LiveRollout(AdmissionBoard board, long current, long next) {
        this.board = board;
        this.current = current;
        this.next = next;
        before = board.tally(current);
    }

    long currentBundle() {
        return current;
    }

    long nextBundle() {
        return next;
    }

    Share share() {
        return share;
    }

    @Override
    public void offer(Share part) {
        board.change(() -> share = part);
    }

    @Override
    public Tally current() {
        Tally now = board.tally(current);
        return new Tally(now.calls() - before.calls(), now.failures() - before.failures(), now.broken());
    }

    @Override
    public Tally next() {
        return board.tally(next);
    }

    @Override
    public void close() {
        board.end(this);
    }
}
