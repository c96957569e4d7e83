// SPDX-License-Identifier: Apache-2.0
/** Secrets in HashiCorp Vault. */
@NullMarked
package io.hyperspot.credentials.vault;

import org.jspecify.annotations.NullMarked;
