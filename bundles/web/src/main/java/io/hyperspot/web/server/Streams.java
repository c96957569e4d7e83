// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What exchanges of one server share.
 *
 * @param heartbeat of a stream of events that asks for no other
 * @param idle its idle deadline
 * @param files where parts of bodies go that are too large for memory
 */
record Streams(RequestSweeper sweeper, Duration heartbeat, Duration idle, Path files) {}
