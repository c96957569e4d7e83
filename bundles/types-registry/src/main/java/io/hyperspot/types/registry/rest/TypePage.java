// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.Property;
import io.hyperspot.types.registry.store.Registered;
import io.hyperspot.types.registry.store.TenantView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.owasp.encoder.Encode;

/** A type or instance for people: its name, chain, properties, who derives from it and who implements it. */
final class TypePage {
    /** The page needs no script, and loads nothing. */
    static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private static final int MOST_RELATIVES = 200;
    private static final String STYLE =
            "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}"
                    + "code,pre{font:14px/1.5 ui-monospace,monospace}pre{background:#f6f8fa;padding:1rem;overflow:auto}"
                    + "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dee4;vertical-align:top}"
                    + "h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin-top:2rem}a{color:#0a58ca}"
                    + "@media(prefers-color-scheme:dark){body{background:#15181c;color:#e6e8eb}pre{background:#1f2429}th,td{border-color:#333a41}a{color:#7ab7ff}}";

    private final StringBuilder html = new StringBuilder(4096);
    private final Document document;
    private final TenantView view;

    private TypePage(Document document, TenantView view) {
        this.document = document;
        this.view = view;
    }

    static String of(Registered entity, TenantView view, GtsEngine engine) {
        TypePage page = new TypePage(entity.document(), view);
        page.head(entity);
        page.chain();
        if (entity.document().isType()) {
            page.properties(engine.properties(entity.document(), view));
            page.traits(engine.traits(entity.document(), view));
            page.relatives();
        }
        page.html.append("<h2>Document</h2><pre>")
                .append(Encode.forHtml(entity.document().content().toPrettyString()))
                .append("</pre></body></html>");
        return page.html.toString();
    }

    private void head(Registered entity) {
        String title = document.content().path("title").asText(document.key());
        html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(Encode.forHtml(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>")
                .append(Encode.forHtml(title))
                .append("</h1><p><code>")
                .append(Encode.forHtml(document.key()))
                .append("</code></p><p>")
                .append(document.isType() ? "Type" : "Instance")
                .append(document.isAbstract() ? ", abstract: only types derived from it have instances" : "")
                .append(document.isFinal() ? ", final: nothing derives from it" : "")
                .append(". Status: ")
                .append(entity.status().text())
                .append(". From ")
                .append(Encode.forHtml(entity.owner().toString()))
                .append(".</p>");
        String description = EntityDto.description(document);
        if (description != null) {
            html.append("<p>").append(Encode.forHtml(description)).append("</p>");
        }
    }

    private void chain() {
        GtsId id = document.id();
        List<GtsId> ancestors = id == null ? List.of() : id.ancestors();
        if (ancestors.isEmpty() && document.typeId() == null) {
            return;
        }
        html.append("<h2>").append(document.isType() ? "Derives from" : "Instance of").append("</h2><ol id=\"chain\">");
        if (ancestors.isEmpty()) {
            item(String.valueOf(document.typeId()));
        }
        ancestors.reversed().forEach(ancestor -> item(ancestor.toString()));
        html.append("</ol>");
    }

    private void properties(List<Property> properties) {
        if (properties.isEmpty()) {
            return;
        }
        html.append("<h2>Properties</h2><table id=\"properties\"><tr><th>Name</th><th>Type</th><th>Required</th><th>Meaning</th></tr>");
        for (Property property : properties) {
            html.append("<tr><td><code>")
                    .append(Encode.forHtml(property.path()))
                    .append("</code></td><td>")
                    .append(Encode.forHtml(property.type()))
                    .append("</td><td>")
                    .append(property.required() ? "yes" : "")
                    .append("</td><td>")
                    .append(Encode.forHtml(property.description()))
                    .append("</td></tr>");
        }
        html.append("</table>");
    }

    private void traits(JsonNode traits) {
        if (!traits.isEmpty()) {
            html.append("<h2>Traits</h2><pre>").append(Encode.forHtml(traits.toPrettyString())).append("</pre>");
        }
    }

    private void relatives() {
        list("Derived types", "derived", true);
        list("Instances", "instances", false);
    }

    private void list(String title, String id, boolean types) {
        List<Document> found = view.documents().stream()
                .filter(other -> other.isType() == types && document.key().equals(other.typeId()))
                .limit(MOST_RELATIVES)
                .toList();
        if (!found.isEmpty()) {
            html.append("<h2>").append(title).append("</h2><ul id=\"").append(id).append("\">");
            found.forEach(other -> item(other.key()));
            html.append("</ul>");
        }
    }

    private void item(String key) {
        html.append("<li><a href=\"./")
                .append(Encode.forHtmlAttribute(URLEncoder.encode(key, StandardCharsets.UTF_8)))
                .append("?format=html\"><code>")
                .append(Encode.forHtml(key))
                .append("</code></a></li>");
    }
}
