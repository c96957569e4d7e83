// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.child;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The main loop of a child: reads requests, runs them on threads, passes on cancellations, and ends
 * the process when its input ends. The process is halted, not exited: native code may neither delay
 * the end by its own threads nor fail in its exit handlers.
 */
// Standard error is a child's only log; the supervisor reads it.
@SuppressWarnings("CatchAndPrintStackTrace")
public final class ChildLoop {
    /** Does the work. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Serves one request; its return is the request's end.
         *
         * @throws CallFailure to tell the caller why it failed; the message of any other exception
         *     goes to the log only
         */
        void handle(Call call) throws Exception;
    }

    static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LINE = 16 * 1024 * 1024;

    private record Task(ChildLoop loop, Handler handler, Call call) implements Runnable {
        @Override
        public void run() {
            loop.serve(handler, call);
        }
    }

    private final OutputStream out;
    private final ThreadPoolExecutor threads;
    private final Map<Long, Task> tasks = new ConcurrentHashMap<>();

    private ChildLoop(OutputStream out, int threads) {
        this.out = out;
        this.threads = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> Thread.ofPlatform()
                        .daemon()
                        .name("call")
                        .unstarted(task));
    }

    /**
     * Runs until the input ends; does not return.
     *
     * @param threads how many requests are served at once; the others wait in their order
     * @param start makes the handler; the child is ready when it has returned
     */
    public static void run(int threads, Callable<Handler> start) {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        // Libraries print; the protocol's stream is not for them.
        System.setOut(System.err);
        int status = 1;
        try {
            new ChildLoop(out, threads).serve(System.in, start);
            status = 0;
        } catch (Exception | Error e) {
            e.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    void retire() {
        send(JSON.createObjectNode().put("retire", true));
    }

    private void serve(InputStream in, Callable<Handler> start) throws IOException {
        CompletableFuture<Handler> handler = new CompletableFuture<>();
        // Not on this thread, so that the end of the input ends a start that hangs.
        threads.execute(() -> {
            try {
                handler.complete(start.call());
                send(JSON.createObjectNode().put("ready", true));
            } catch (Exception | Error e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        });
        InputStream lines = new BufferedInputStream(in, 1 << 16);
        for (byte[] line = readLine(lines); line.length > 0; line = readLine(lines)) {
            JsonNode json = JSON.readTree(line);
            JsonNode cancel = json.get("cancel");
            if (cancel != null) {
                cancel(cancel.asLong());
            } else if (json instanceof ObjectNode request && request.has("id")) {
                JsonNode id = request.remove("id");
                Task task = new Task(this, call -> handler.join().handle(call), new Call(this, id.asLong(), request));
                tasks.put(id.asLong(), task);
                threads.execute(task);
            } else {
                throw new IOException("a line is neither a request nor a cancellation");
            }
        }
    }

    private void cancel(long id) {
        Task task = tasks.get(id);
        if (task == null) {
            return;
        }
        if (threads.remove(task)) {
            tasks.remove(id);
            fail(id, "CANCELLED", "cancelled before it began");
        } else {
            task.call().cancel();
        }
    }

    private void serve(Handler handler, Call call) {
        try {
            handler.handle(call);
            tasks.remove(call.id());
            send(JSON.createObjectNode().put("id", call.id()).put("done", true));
        } catch (CallFailure e) {
            tasks.remove(call.id());
            fail(call.id(), e.code(), String.valueOf(e.getMessage()));
        } catch (VirtualMachineError e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(3);
        } catch (Exception | Error e) {
            e.printStackTrace();
            tasks.remove(call.id());
            fail(call.id(), "INTERNAL", "an unexpected " + e.getClass().getSimpleName());
        }
    }

    private void fail(long id, String code, String message) {
        send(JSON.createObjectNode().put("id", id).put("error", message).put("code", code));
    }

    void send(ObjectNode line) {
        try {
            byte[] bytes = JSON.writeValueAsBytes(line);
            if (bytes.length >= MAX_LINE) {
                throw new IllegalArgumentException("an event of " + bytes.length + " bytes is too large");
            }
            synchronized (out) {
                out.write(bytes);
                out.write('\n');
                out.flush();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            // The server is gone.
            Runtime.getRuntime().halt(0);
        }
    }

    /** The next line that is not empty; empty at the end. */
    private static byte[] readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n' && line.size() > 0) {
                return line.toByteArray();
            }
            if (b != '\n') {
                line.write(b);
            }
            if (line.size() > MAX_LINE) {
                throw new IOException("a line is longer than " + MAX_LINE + " bytes");
            }
        }
        return new byte[0];
    }
}
