// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Processor;
import java.util.LinkedHashSet;
import java.util.Set;

/** Clauses that are added to a header of the manifest. */
final class Header {
    private final String name;
    private final Set<String> clauses = new LinkedHashSet<>();

    Header(String name) {
        this.name = name;
    }

    void add(String namespace, Attrs attrs) {
        clauses.add(clause(namespace, attrs));
    }

    /** After what is there; what is there already is not repeated. */
    void writeTo(Analyzer analyzer) {
        if (clauses.isEmpty()) {
            return;
        }
        Set<String> all = new LinkedHashSet<>();
        String present = analyzer.getProperty(name);
        if (present != null) {
            OSGiHeader.parseHeader(present)
                    .forEach((namespace, attrs) -> all.add(clause(Processor.removeDuplicateMarker(namespace), attrs)));
        }
        all.addAll(clauses);
        analyzer.setProperty(name, String.join(",", all));
    }

    private static String clause(String namespace, Attrs attrs) {
        Parameters one = new Parameters();
        one.put(namespace, attrs);
        return one.toString();
    }
}
