// SPDX-License-Identifier: Apache-2.0
/** Real database servers for tests: started at the first use, with a new database for each caller. */
@NullMarked
package io.hyperspot.itests.databases;

import org.jspecify.annotations.NullMarked;
