// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.child;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One request, as its handler sees it. Thread-safe. */
public final class Call {
    private final ChildLoop loop;
    private final long id;
    private final ObjectNode request;
    private final List<Runnable> cancelActions = new ArrayList<>();
    private boolean cancelled;

    Call(ChildLoop loop, long id, ObjectNode request) {
        this.loop = loop;
        this.id = id;
        this.request = request;
    }

    long id() {
        return id;
    }

    /** The request without its id. */
    public ObjectNode request() {
        return request;
    }

    /** Sends an event. */
    public void event(ObjectNode event) {
        ObjectNode line = ChildLoop.JSON.createObjectNode().put("id", id);
        line.set("event", event);
        loop.send(line);
    }

    /**
     * Asks for a new process for later requests, because this one has got old. Those already received
     * are still to be served; then this process is ended.
     */
    public void retire() {
        loop.retire();
    }

    /** Whether the caller has lost interest: end soon, no matter how. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs an action at the cancellation, on the reading thread, or at once when that has happened; must not block. */
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                cancelActions.add(action);
                return;
            }
        }
        action.run();
    }

    void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            cancelled = true;
            actions = List.copyOf(cancelActions);
            cancelActions.clear();
        }
        actions.forEach(Runnable::run);
    }
}
