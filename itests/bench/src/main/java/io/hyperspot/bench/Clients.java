// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Clients that ask without a pause, until ended. Each request has a text of its own, so that what became of it can be told. */
final class Clients implements AutoCloseable {
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+");
    private static final int SPREAD_STREAMS = 4;
    private static final long SPREAD_MS = 2000;

    /** A request that was not answered as it should be. */
    record Failure(String text, boolean isStream, String what) {}

    /** From one moment to another, in the terms of nanoTime. */
    record Window(long begin, long end) {}

    private record Sample(long begin, long nanos) {}

    private final Target target;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private volatile boolean running = true;

    Clients(Target target, int unary, int streaming) {
        this.target = target;
        for (int i = 0; i < unary; i++) {
            clients.execute(() -> loop(false));
        }
        for (int i = 0; i < streaming; i++) {
            clients.execute(() -> loop(true));
        }
    }

    /** A server that has just been started ends the first streams all at once; later ones shall begin at any time. */
    private static void pause(int streamsBefore) throws InterruptedException {
        if (streamsBefore < SPREAD_STREAMS) {
            Thread.sleep(ThreadLocalRandom.current().nextLong(SPREAD_MS));
        }
    }

    private void loop(boolean stream) {
        for (int i = 0; running; i++) {
            String text = "request " + begun.incrementAndGet();
            long begin = System.nanoTime();
            String trouble;
            try {
                if (stream) {
                    pause(i);
                }
                HttpResponse<String> answer = target.chat(stream ? "slow" : "quick", stream, text);
                boolean whole = stream ? streamed(answer) : answered(answer, begin);
                trouble = whole ? "" : answer.statusCode() + " " + answer.body();
            } catch (IOException | InterruptedException e) {
                trouble = e.toString();
            }
            if (!trouble.isEmpty()) {
                failures.add(new Failure(text, stream, trouble));
            }
        }
    }

    private boolean answered(HttpResponse<String> answer, long begin) {
        String version = Target.content(answer);
        if (!VERSION.matcher(version).matches()) {
            return false;
        }
        samples.add(new Sample(begin, System.nanoTime() - begin));
        answers.computeIfAbsent(version, v -> new AtomicLong()).incrementAndGet();
        return true;
    }

    private boolean streamed(HttpResponse<String> answer) {
        boolean whole = answer.statusCode() == 200
                && answer.body().contains("data: [DONE]")
                && answer.body().contains("\"finish_reason\":\"stop\"")
                && !answer.body().contains("\"error\"");
        if (whole) {
            streams.incrementAndGet();
        }
        return whole;
    }

    /** Returns when every request that was begun has its answer. */
    void end() {
        running = false;
        clients.close();
    }

    @Override
    public void close() {
        end();
    }

    void clearSamples() {
        samples.clear();
    }

    Collection<Failure> failures() {
        return failures;
    }

    long brokenStreams() {
        return failures.stream().filter(Failure::isStream).count();
    }

    /** Requests that were begun so far. */
    long begun() {
        return begun.get();
    }

    int streams() {
        return streams.get();
    }

    long unary() {
        return answers.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** How many unary answers each version gave, in words. */
    String byVersion() {
        return answers.toString();
    }

    /** Latencies of the unary requests that were under way in some windows. */
    Distribution latencies(Window... windows) {
        return Distribution.of(samples.stream()
                .filter(sample -> Arrays.stream(windows)
                        .anyMatch(window -> sample.begin() < window.end() && sample.begin() + sample.nanos() > window.begin()))
                .mapToLong(Sample::nanos)
                .toArray());
    }
}
