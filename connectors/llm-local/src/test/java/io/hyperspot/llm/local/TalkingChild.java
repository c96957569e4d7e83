// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.process.child.Call;
import io.hyperspot.process.child.ChildLoop;

/** A child without a model, which says back what it was told last: word by word, a millisecond each. */
final class TalkingChild {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TalkingChild() {}

    public static void main(String[] arguments) {
        ChildLoop.run(1, () -> TalkingChild::answer);
    }

    private static void answer(Call call) throws Exception {
        ObjectNode request = call.request();
        String[] words = request.path("messages").path(request.path("messages").size() - 1).path("content").asText().split("(?<= )");
        int said = 0;
        while (said < words.length && !call.isCancelled()) {
            call.event(JSON.createObjectNode().put("text", words[said++]));
            // the speed of a small model
            Thread.sleep(1);
        }
        call.event(JSON.createObjectNode().put("finish", "stop").put("input", words.length).put("output", said));
    }
}
