// SPDX-License-Identifier: Apache-2.0
/** Features and tenants as a file lists them. */
@NullMarked
package io.hyperspot.licenses.file;

import org.jspecify.annotations.NullMarked;
