// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;

/** {@code x-gts-ref} as a keyword like any other, so that it counts in {@code oneOf} and its kin. */
final class GtsRefKeyword extends AbstractKeyword {
    private final GtsProfile profile;

    GtsRefKeyword(GtsProfile profile) {
        super(Keywords.GTS_REF);
        this.profile = profile;
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode operand, Schema parent, SchemaContext context) {
        return new GtsRefValidator(this, profile, operand, location, parent, context);
    }

    private static final class GtsRefValidator extends BaseKeywordValidator {
        private final GtsProfile profile;
        private final String pattern;

        GtsRefValidator(
                Keyword keyword,
                GtsProfile profile,
                JsonNode operand,
                SchemaLocation location,
                Schema parent,
                SchemaContext context) {
            super(keyword, operand, location, parent, context);
            this.profile = profile;
            pattern = operand.asText();
        }

        @Override
        public void validate(ExecutionContext execution, JsonNode value, JsonNode root, NodePath at) {
            if (!value.isTextual()) {
                return;
            }
            String mismatch = GtsReferences.mismatch(pattern, value.textValue(), profile);
            if (mismatch != null) {
                execution.addError(error().instanceNode(value)
                        .instanceLocation(at)
                        .evaluationPath(execution.getEvaluationPath())
                        .locale(execution.getExecutionConfig().getLocale())
                        .message("x-gts-ref: " + mismatch)
                        .build());
            }
        }
    }
}
