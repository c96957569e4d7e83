// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The supervised processes of all bundles, for those who look after the server. An OSGi service, thread-safe. */
@ProviderType
public interface Processes {
    /** Those that are not closed, ordered by name. */
    List<SupervisedProcess> list();

    Optional<SupervisedProcess> find(String name);
}
