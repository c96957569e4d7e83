// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local.child;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import io.hyperspot.process.child.Call;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One answer. The library's wait for the next piece cannot be interrupted, and after a cancellation
 * it may never end; it is done on a thread that can be left behind.
 */
final class Generation {
    private sealed interface Step {
        record Output(String text) implements Step {}

        record End() implements Step {}

        record Failed(Throwable why) implements Step {}

        record Cancelled() implements Step {}
    }

    private static final Duration UNWIND = Duration.ofMillis(50);

    private final LlamaModel model;
    private final Call call;
    private final int limit;
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private boolean begun;
    private boolean lastWasEmpty;
    private boolean endedByToken;
    private int outputs;
    private int hidden;

    Generation(LlamaModel model, Call call, int limit) {
        this.model = model;
        this.call = call;
        this.limit = limit;
    }

    /**
     * Sends the answer's events, the last with the reason of its end.
     *
     * @return false when a thread was left behind
     */
    boolean run(InferenceParameters parameters, int input, boolean withStops) throws Exception {
        LlamaIterator iterator = model.generate(parameters).iterator();
        Thread pump =
                Thread.ofPlatform().daemon().name("generation").start(() -> pump(iterator));
        call.onCancel(() -> steps.add(new Step.Cancelled()));
        while (true) {
            switch (steps.take()) {
                case Step.Output(String text) -> output(text);
                case Step.End() -> {
                    finish(input, withStops);
                    return true;
                }
                case Step.Failed(Throwable why) -> throw new IllegalStateException(why);
                case Step.Cancelled() -> {
                    return cancel(iterator, pump);
                }
            }
        }
    }

    private void pump(LlamaIterator iterator) {
        try {
            while (iterator.hasNext()) {
                steps.add(new Step.Output(iterator.next().text));
            }
            steps.add(new Step.End());
        } catch (RuntimeException | Error e) {
            steps.add(new Step.Failed(e));
        }
    }

    private boolean cancel(LlamaIterator iterator, Thread pump) throws InterruptedException {
        if (pump.isAlive()) {
            iterator.cancel();
        }
        return pump.join(UNWIND);
    }

    private void output(String text) {
        outputs++;
        hidden += bytesBehind(text);
        endedByToken = lastWasEmpty;
        lastWasEmpty = text.isEmpty();
        // Templates that end without a line end make models begin with one.
        String visible = begun ? text : text.stripLeading();
        if (!visible.isEmpty()) {
            begun = true;
            call.event(JsonNodeFactory.instance.objectNode().put("text", visible));
        }
    }

    /** A character of several tokens comes as one piece: how many pieces there would be more. */
    private int bytesBehind(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < 128)) {
            return 0;
        }
        return Math.max(0, model.encode("\n" + text).length - model.encode("\n").length - 1);
    }

    private void finish(int input, boolean withStops) {
        // The library closes with an empty piece that is no token.
        int output = outputs - 1 + hidden;
        // It does not tell why it ended. Of an answer as long as it may be, the end token is the
        // empty piece before the last; with stop strings, pieces may be empty for another reason.
        boolean full = output >= limit && (withStops || !endedByToken);
        ObjectNode finish = JsonNodeFactory.instance.objectNode();
        finish.put("finish", full ? "length" : "stop");
        finish.put("input", input);
        finish.put("output", Math.max(0, output));
        call.event(finish);
    }
}
