// SPDX-License-Identifier: Apache-2.0
/**
 * Supervised child processes for what can crash or exhaust a JVM: native inference, hostile files,
 * user code. There are two kinds: children that serve by the protocol below ({@link
 * io.hyperspot.process.ChildProcess}), and any program that serves in its own way ({@link
 * io.hyperspot.process.Command}).
 *
 * <h2>The protocol</h2>
 *
 * One JSON object a line, UTF-8, at most 16 MiB, on standard input and output. Standard error is for
 * the log; so is any line on standard output that does not begin with a brace.
 *
 * <p>To the child:
 *
 * <pre>{@code
 * {"id":7, ...}       a request; all members but id are the caller's
 * {"cancel":7}        stop working for request 7, and say how it ended
 * end of the stream   stop now: the server asks for it, or is gone
 * }</pre>
 *
 * From the child:
 *
 * <pre>{@code
 * {"ready":true}                              once, when it can serve
 * {"id":7,"event":{...}}                      any number
 * {"id":7,"done":true}                        the end of request 7, or
 * {"id":7,"error":"a sentence","code":"X"}    its end by a failure
 * {"retire":true}                             send later requests to a new process; those sent are answered
 * }</pre>
 *
 * A request that was cancelled is ended by the child too, with either form. A child that does not do
 * so within the start timeout is taken for stuck and killed. {@link io.hyperspot.process.child} is
 * this protocol's other side for children written in Java.
 */
@Export
@Version("1.1.0")
@NullMarked
package io.hyperspot.process;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
