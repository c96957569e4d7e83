// SPDX-License-Identifier: Apache-2.0
/**
 * What every connector to a provider's REST API shares, so that a connector is left with its vendor's JSON:
 * a {@link io.hyperspot.llm.provider.Provider} opens the connection, follows the key, keeps the list of models,
 * forwards byte for byte, and tells callers and operators what is wrong, never with a key or an address.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.hyperspot.llm.provider;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
