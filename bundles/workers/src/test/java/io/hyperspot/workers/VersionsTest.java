// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.worker.Workers;
import org.junit.jupiter.api.Test;

/** Workers and gateways of different versions of one type. */
class VersionsTest extends WorkersFixture {
    private static final String OLD = BASE + "acme.test.echo.worker.v2.1~";
    private static final String WANTED = BASE + "acme.test.echo.worker.v2.2~";
    private static final String NEXT = BASE + "acme.test.echo.worker.v2.3~";
    private static final String BROKEN = BASE + "acme.test.echo.worker.v2.4~";
    private static final String OTHER_MAJOR = BASE + "acme.test.echo.worker.v3.2~";

    @Test
    void offersOtherMinorVersionsAsTheVerdictAllowsTheNearestFirst() throws Exception {
        types.compare(OLD, WANTED, false, true);
        types.compare(WANTED, NEXT, true, false);
        types.compare(WANTED, BROKEN, false, true);
        types.compare(WANTED, OTHER_MAJOR, true, true);
        for (String type : new String[] {OLD, WANTED, NEXT, BROKEN, OTHER_MAJOR}) {
            types.add(type, false);
        }
        Workers<Echo> workers = factory.open(Echo.class, WANTED, Echo::key);
        worker("old", OLD, 1);
        worker("broken", BROKEN, 2);
        worker("next", NEXT, 3);
        worker("other_major", OTHER_MAJOR, 4);
        worker("wanted", WANTED, 5);

        assertThat(keys(workers)).containsExactly("wanted", "next", "old");
    }

    @Test
    void offersAnyMinorVersionToAGatewayThatNamesNone() throws Exception {
        types.add(OLD, false);
        types.add(NEXT, false);
        Workers<Echo> workers = factory.open(Echo.class, BASE + "acme.test.echo.worker.v2~", Echo::key);
        worker("next", NEXT, 2);
        worker("old", OLD, 1);

        assertThat(keys(workers)).containsExactly("old", "next");
    }

    @Test
    void reconsidersWhenTheRegistryChanges() throws Exception {
        types.add(WANTED, false);
        types.add(NEXT, false);
        Workers<Echo> workers = factory.open(Echo.class, WANTED, Echo::key);
        worker("next", NEXT, 1);
        assertThat(keys(workers)).isEmpty();

        types.compare(WANTED, NEXT, true, true);
        types.add(OLD, false);

        assertThat(keys(workers)).containsExactly("next");
    }

    @Test
    void finishesCallsOfAWithdrawnTypeAndSaysWhyThereAreNoNewOnes() throws Exception {
        types.add(WANTED, false);
        Workers<Echo> workers = factory.open(Echo.class, BASE, Echo::key);
        worker("w", WANTED, 1);
        try (var lease = lease(handle(workers, WANTED + "acme.test.echo.w.v1"))) {
            types.remove(WANTED);

            assertThat(lease.worker().key()).isEqualTo("w");
            assertThat(workers.snapshot().key("w")).isNull();
            assertThat(workers.snapshot().whyNot("w")).contains(WANTED, "PENDING", "not registered");
            assertThat(workers.snapshot().whyNot("unknown")).isNull();
        }
        types.add(WANTED, false);
        assertThat(workers.snapshot().key("w")).isNotNull();
        assertThat(workers.snapshot().whyNot("w")).isNull();
    }

    private void worker(String name, String type, int priority) {
        register(() -> name, type, type + "acme.test.echo." + name + ".v1", priority);
    }
}
