// SPDX-License-Identifier: Apache-2.0
/** Tests that run as a bundle inside the container. */
package io.hyperspot.itests.pax;
