// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import aQute.bnd.header.Attrs;
import aQute.bnd.osgi.Constants;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The vocabulary of GTS in manifests. */
final class GtsCapabilities {
    /** Types: {@code gts.type} is the id without its last minor version, which stands apart, so that it is a number. */
    static final String NAMESPACE = "gts.type";
    /** Workers, in the state in which they would be offered. */
    static final String WORKERS = "gts.worker";

    private GtsCapabilities() {}

    /** The type, without minor when it has one, then in the same way each one above it, the base type last. */
    static List<String> isA(GtsId type) {
        Set<String> names = new LinkedHashSet<>();
        names.add(type.toString());
        names.add(type.withoutMinor().toString());
        for (GtsId above : type.ancestors()) {
            names.add(above.toString());
            names.add(above.withoutMinor().toString());
        }
        return List.copyOf(names);
    }

    static GtsSegment last(GtsId id) {
        return id.segments().get(id.segments().size() - 1);
    }

    static Attrs type(GtsId type) {
        GtsSegment last = last(type);
        Attrs attrs = new Attrs();
        attrs.put(NAMESPACE, type.withoutMinor().toString());
        attrs.put("version:Version", last.major() + (last.hasMinor() ? "." + last.minor() : ""));
        attrs.put("vendor", last.vendor());
        attrs.put("major:Long", String.valueOf(last.major()));
        attrs.put("minor:Long", String.valueOf(last.minor()));
        attrs.put("chain:List<String>", String.join(",", isA(type)));
        return attrs;
    }

    /** The requirement of a worker: that somebody brings its type. */
    static Attrs typeOf(Worker worker) {
        GtsSegment last = last(worker.type());
        Attrs attrs = new Attrs();
        attrs.put(
                Constants.FILTER_DIRECTIVE,
                "(&(gts.type=" + worker.type().withoutMinor() + ")(major=" + last.major() + ")"
                        + (last.hasMinor() ? "(minor>=" + last.minor() + ")" : "") + ")");
        attrs.put(Constants.EFFECTIVE_DIRECTIVE, "active");
        return attrs;
    }

    static Attrs worker(Worker worker) {
        Attrs attrs = new Attrs();
        attrs.put("gts.type:List<String>", String.join(",", isA(worker.type())));
        attrs.put("gts.instance", worker.declared());
        attrs.put(Constants.EFFECTIVE_DIRECTIVE, "active");
        return attrs;
    }
}
