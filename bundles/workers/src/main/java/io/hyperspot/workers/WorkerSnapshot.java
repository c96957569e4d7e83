// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The admitted workers of one type at one moment. */
final class WorkerSnapshot<T> implements Workers.Snapshot<T> {
    private final long generation;
    private final List<WorkerHandle<T>> all;
    private final Map<String, Offered<T>> byInstance;
    private final Map<String, Offered<T>> byKey;
    private final Map<String, String> withdrawn;

    /**
     * @param handles in order of preference
     * @param withdrawn why workers that are there are not offered, by their keys
     */
    WorkerSnapshot(long generation, List<? extends Offered<T>> handles, Map<String, String> withdrawn) {
        this.generation = generation;
        this.withdrawn = Map.copyOf(withdrawn);
        all = List.copyOf(handles);
        byInstance = HashMap.newHashMap(handles.size());
        byKey = HashMap.newHashMap(handles.size());
        for (Offered<T> handle : handles) {
            byInstance.put(handle.instance(), handle);
            byKey.putIfAbsent(handle.key(), handle);
        }
    }

    /** The snapshot after this one, or this one when nothing has changed. */
    WorkerSnapshot<T> next(List<? extends Offered<T>> handles, Map<String, String> nowWithdrawn) {
        return handles.equals(all) && nowWithdrawn.equals(withdrawn)
                ? this
                : new WorkerSnapshot<>(generation + 1, handles, nowWithdrawn);
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public List<WorkerHandle<T>> all() {
        return all;
    }

    @Override
    public @Nullable WorkerHandle<T> instance(String id) {
        return byInstance.get(id);
    }

    @Override
    public @Nullable WorkerHandle<T> key(String key) {
        return byKey.get(key);
    }

    @Override
    public @Nullable String whyNot(String key) {
        return byKey.containsKey(key) ? null : withdrawn.get(key);
    }
}
