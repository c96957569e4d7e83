// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

/**
 * A model's canonical id, {@code {provider}/{model}}; the model's own name may contain slashes.
 *
 * @param provider lower-case letters, digits, dashes, dots and underscores
 */
public record ModelId(String provider, String model) {
    /**
     * @throws IllegalArgumentException when the text has no provider or no model part
     */
    public static ModelId parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("a model is called {provider}/{model}; got '" + text + "'");
        }
        return new ModelId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
