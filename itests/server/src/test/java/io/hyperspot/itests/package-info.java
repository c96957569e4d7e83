// SPDX-License-Identifier: Apache-2.0
/** The real distribution, tried from outside: by HTTP, by its files and by its command line. */
@NullMarked
package io.hyperspot.itests;

import org.jspecify.annotations.NullMarked;
