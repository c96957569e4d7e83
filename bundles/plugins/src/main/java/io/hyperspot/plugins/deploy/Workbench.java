// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts;
import io.hyperspot.plugins.store.CommitFile;
import io.hyperspot.plugins.store.VersionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * What every deployment works with.
 *
 * @param threads a virtual thread for each task
 * @param keep versions that are kept beside the active one
 */
record Workbench(
        BundleHost host,
        HealthGate gate,
        Rollouts rollouts,
        VersionStore store,
        CommitFile commits,
        Releases releases,
        ExecutorService threads,
        Clock clock,
        Duration watchPeriod,
        int keep) {}
