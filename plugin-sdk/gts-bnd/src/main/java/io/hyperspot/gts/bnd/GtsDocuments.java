// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Resource;
import aQute.lib.json.JSONCodec;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the JAR has under {@code META-INF/gts}. What is wrong with it becomes errors of the build. */
final class GtsDocuments {
    private static final String FOLDER = "META-INF/gts/";
    private static final String SCHEME = "gts://";
    private static final List<String> ID_FIELDS =
            List.of("$id", "gtsId", "gtsIid", "gtsOid", "gtsI", "gts_id", "gts_oid", "gts_iid", "id");

    private final Analyzer analyzer;
    private final Map<GtsId, String> places = new HashMap<>();
    private final List<GtsId> types = new ArrayList<>();

    GtsDocuments(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    /** The ids of its types, in their order. */
    List<GtsId> types() {
        analyzer.getJar().getResources().forEach((path, resource) -> {
            if (path.startsWith(FOLDER) && path.endsWith(".json")) {
                read(path, resource);
            }
        });
        return types.stream().sorted().toList();
    }

    private void read(String path, Resource resource) {
        Object content;
        try (InputStream in = resource.openInputStream()) {
            content = new JSONCodec().dec().from(in).get();
        } catch (Exception e) {
            analyzer.error("%s: not JSON: %s", path, e.getMessage());
            return;
        }
        // A file is a document, or a list of them.
        if (content instanceof List<?> documents) {
            for (int i = 0; i < documents.size(); i++) {
                document(path + "#/" + i, documents.get(i));
            }
        } else {
            document(path, content);
        }
    }

    private void document(String place, Object content) {
        try {
            if (!(content instanceof Map<?, ?> document)) {
                throw new IllegalArgumentException("a document is a JSON object");
            }
            GtsId id = document.containsKey("$schema") ? type(document) : instance(document);
            String twin = places.putIfAbsent(id, place);
            if (twin != null) {
                throw new IllegalArgumentException(twin + " has the same id " + id);
            }
            if (id.isType()) {
                types.add(id);
            }
        } catch (GtsSyntaxException e) {
            analyzer.error("%s: its id: %s", place, e.getMessage());
        } catch (IllegalArgumentException e) {
            analyzer.error("%s: %s", place, e.getMessage());
        }
    }

    private static GtsId type(Map<?, ?> document) {
        GtsId id = GtsId.parseUri(document.get("$id") instanceof String text ? text : "");
        if (!id.isType()) {
            throw new IllegalArgumentException("a schema's id ends with '~'; " + id + " is an instance");
        }
        return id;
    }

    private static GtsId instance(Map<?, ?> document) {
        String text = ID_FIELDS.stream()
                .filter(field -> document.get(field) instanceof String)
                .map(field -> (String) document.get(field))
                .findFirst()
                .orElse("");
        GtsId id = GtsId.parse(text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text);
        if (id.isType()) {
            throw new IllegalArgumentException(id + " is a type; a type's document needs \"$schema\" and \"$id\"");
        }
        return id;
    }
}
