// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import io.hyperspot.security.ApiKeys.ApiKey;
import io.hyperspot.security.TenantId;

/** A key as it is kept. */
record StoredKey(ApiKey key, TenantId tenant, KeyHash hash) {}
