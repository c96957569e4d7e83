// SPDX-License-Identifier: Apache-2.0
/**
 * The OpenAPI 3.1 document of what is served now, merged from the annotations of REST resources and
 * from the documents of protocol handlers, as bundles come and go; and the page that shows it.
 */
@NullMarked
package io.hyperspot.openapi;

import org.jspecify.annotations.NullMarked;
