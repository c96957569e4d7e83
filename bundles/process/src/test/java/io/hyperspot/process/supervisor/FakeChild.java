// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.process.child.Call;
import io.hyperspot.process.child.CallFailure;
import io.hyperspot.process.child.ChildLoop;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A child that misbehaves on request. Its first argument says how it starts. */
public final class FakeChild {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FakeChild() {}

    public static void main(String[] arguments) throws Exception {
        String start = arguments.length == 0 ? "" : arguments[0];
        switch (start) {
            case "ignores-end" -> {
                rawLine("{\"ready\":true}");
                while (System.in.read() >= 0) {}
                new CountDownLatch(1).await();
            }
            case "deaf" -> {
                rawLine("{\"ready\":true}");
                new CountDownLatch(1).await();
            }
            default -> ChildLoop.run(2, () -> {
                switch (start) {
                    case "hangs" -> new CountDownLatch(1).await();
                    case "fails" -> throw new IllegalStateException("no such model");
                    case "fails-while-marked" -> {
                        if (Files.exists(Path.of(arguments[1]))) {
                            throw new IllegalStateException("the mark is there");
                        }
                    }
                    default -> {}
                }
                return new Work()::handle;
            });
        }
    }

    private static final class Work {
        private void handle(Call call) throws Exception {
            ObjectNode request = call.request();
            switch (request.path("op").asText()) {
                case "echo" -> call.event(request);
                case "count" -> {
                    for (int i = 0; i < request.path("to").asInt() && !call.isCancelled(); i++) {
                        call.event(JSON.createObjectNode().put("n", i));
                    }
                }
                case "wait" -> {
                    CountDownLatch cancelled = new CountDownLatch(1);
                    call.onCancel(cancelled::countDown);
                    call.event(JSON.createObjectNode().put("waiting", true));
                    cancelled.await();
                    Files.writeString(Path.of(request.path("mark").asText()), "cancelled");
                }
                case "stuck" -> {
                    call.event(JSON.createObjectNode().put("waiting", true));
                    new CountDownLatch(1).await();
                }
                case "fail" -> throw new CallFailure("TOO_HARD", "this is too hard");
                case "throw" -> throw new IllegalStateException("inside detail");
                case "retire" -> {
                    call.retire();
                    call.event(JSON.createObjectNode()
                            .put("pid", ProcessHandle.current().pid()));
                }
                case "crash" -> {
                    call.event(JSON.createObjectNode().put("before", true));
                    System.err.println("about to crash");
                    Runtime.getRuntime().halt(134);
                }
                case "memory" -> {
                    byte[][] much = new byte[1_000][];
                    for (int i = 0; i < much.length; i++) {
                        much[i] = new byte[16 * 1024 * 1024];
                    }
                }
                case "print" -> {
                    System.out.println("a library prints {");
                    rawLine("native code prints");
                    call.event(JSON.createObjectNode().put("printed", true));
                }
                case "garbage" -> rawLine("{\"id\": garbage");
                case "huge" -> {
                    byte[] part = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
                    OutputStream out = new FileOutputStream(FileDescriptor.out);
                    for (int i = 0; i < 20; i++) {
                        out.write(part);
                    }
                    new CountDownLatch(1).await();
                }
                case "spawn" -> call.event(JSON.createObjectNode()
                        .put("pid", new ProcessBuilder("sleep", "600").start().pid()));
                case "environment" -> {
                    ObjectNode event = JSON.createObjectNode();
                    System.getenv().forEach(event::put);
                    call.event(event);
                }
                case "pid" -> call.event(JSON.createObjectNode()
                        .put("pid", ProcessHandle.current().pid()));
                default -> throw new CallFailure("UNKNOWN", "unknown op");
            }
        }
    }

    private static void rawLine(String line) throws Exception {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
