// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Rollouts;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The workers and their calls, as a test says; the workers module is tested where it is. */
final class FakeTraffic implements Admission, Rollouts {
    final List<Entry> entries = new CopyOnWriteArrayList<>();
    final List<FakeRollout> rollouts = new CopyOnWriteArrayList<>();

    /** A rollout that records what was offered. */
    static final class FakeRollout implements Rollout {
        final long currentBundle;
        final long nextBundle;
        final List<Share> offers = new CopyOnWriteArrayList<>();
        volatile Tally current = Tally.NOTHING;
        volatile Tally next = Tally.NOTHING;
        volatile boolean closed;

        FakeRollout(long currentBundle, long nextBundle) {
            this.currentBundle = currentBundle;
            this.nextBundle = nextBundle;
        }

        @Override
        public void offer(Share share) {
            offers.add(share);
        }

        @Override
        public Tally current() {
            return current;
        }

        @Override
        public Tally next() {
            return next;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Override
    public List<Entry> entries() {
        return entries;
    }

    @Override
    public Rollout begin(long current, long next) {
        FakeRollout rollout = new FakeRollout(current, next);
        rollouts.add(rollout);
        return rollout;
    }

    @Override
    public Role role(long bundle) {
        return Role.SERVING;
    }

    FakeRollout last() {
        return rollouts.getLast();
    }
}
