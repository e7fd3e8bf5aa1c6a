package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A gather's: it waits for all it was given. */
final class GatherCancelStep extends CancelStep {
    private final GatherTask<?, ?> gather;
    private final CancelRequest request;
    private int visited;
    private boolean accepted;
    private boolean circle;

    GatherCancelStep(
            @Nullable CancelStep before,
            boolean asks,
            GatherTask<?, ?> gather,
            CancelRequest request) {
        super(before, asks);
        this.gather = gather;
        this.request = request;
        if (asks) {
            gather.countCancel();
        }
    }

    @Override
    @Nullable LoopFuture<?> next() {
        return visited < gather.children().size() ? gather.children().get(visited++) : null;
    }

    @Override
    boolean asksNext() {
        return asks;
    }

    @Override
    void take(Answer answer) {
        accepted |= answer == Answer.ACCEPTED;
        circle |= answer == Answer.CIRCLE;
    }

    @Override
    Answer end() {
        if (asks && (accepted || circle)) {
            gather.endCancelled(request);
        }
        return circle ? Answer.CIRCLE : accepted || !asks ? Answer.ACCEPTED : Answer.REFUSED;
    }
}
