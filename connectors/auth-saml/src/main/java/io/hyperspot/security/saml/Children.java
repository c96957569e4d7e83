// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The elements in an element, taken in the order of the schema; what is elsewhere is an error. For one thread. */
final class Children {
    private final List<Element> elements = new ArrayList<>();
    private int next;

    private Children() {}

    static Children of(Element parent) throws AnswerException {
        Children children = new Children();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                children.elements.add(element);
            } else if (!child.getNodeValue().isBlank()) {
                throw AnswerException.because("there is text between elements");
            }
        }
        return children;
    }

    boolean nextIs(String namespace, String name) {
        return next < elements.size() && Xml.is(elements.get(next), namespace, name);
    }

    Element required(String namespace, String name) throws AnswerException {
        Element element = optional(namespace, name);
        if (element == null) {
            throw AnswerException.because("the element " + name + " is not where it must be");
        }
        return element;
    }

    /** Null when the next one is another. */
    @Nullable Element optional(String namespace, String name) {
        return nextIs(namespace, name) ? elements.get(next++) : null;
    }

    List<Element> all(String namespace, String name) {
        List<Element> found = new ArrayList<>();
        for (Element element = optional(namespace, name); element != null; element = optional(namespace, name)) {
            found.add(element);
        }
        return found;
    }

    List<Element> rest() {
        List<Element> rest = List.copyOf(elements.subList(next, elements.size()));
        next = elements.size();
        return rest;
    }

    void end() throws AnswerException {
        if (next < elements.size()) {
            throw AnswerException.because("there is an element where none may be");
        }
    }
}
