// SPDX-License-Identifier: Apache-2.0
/**
 * What makes a trail evident to tampering, and how it is checked without the server: hashes that chain
 * records, and signatures over them.
 */
@NullMarked
package io.hyperspot.audit.chain;

import org.jspecify.annotations.NullMarked;
