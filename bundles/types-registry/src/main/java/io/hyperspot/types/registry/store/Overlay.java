// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A view with documents on top of it that are not registered yet. The map must not change meanwhile. */
record Overlay(View base, Map<String, Document> added, Stamp stamp) implements View {
    Overlay(View base, Map<String, Document> added) {
        // Its own stamp: nobody may take it for the view below.
        this(base, added, new Stamp(base.stamp().generation(), new Object()));
    }

    @Override
    public @Nullable Document find(String key) {
        Document document = added.get(key);
        return document != null ? document : base.find(key);
    }

    @Override
    public Collection<Document> documents() {
        List<Document> all = new ArrayList<>(added.values());
        base.documents().stream().filter(document -> !added.containsKey(document.key())).forEach(all::add);
        all.sort(Comparator.comparing(Document::key));
        return all;
    }
}
