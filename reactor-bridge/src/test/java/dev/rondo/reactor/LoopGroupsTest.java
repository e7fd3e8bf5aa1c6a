package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.EventLoop;
import dev.rondo.LoopGroup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import reactor.core.publisher.Mono;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Bodies on the loops of a group. */
@Timeout(60)
class LoopGroupsTest {
    @Test
    void offTheGroup_subscribersTakeTurns_andOnItTheyStay() {
        try (LoopGroup group = LoopGroup.start("group", 2)) {
            Mono<EventLoop> where = mono(group, () -> currentLoop());
            Set<EventLoop> used = new HashSet<>(List.of(where.block(), where.block()));
            assertThat(used).containsExactlyInAnyOrderElementsOf(group.loops());
            for (EventLoop loop : group.loops()) {
                assertThat(loop.submit(() -> await(where)).join()).isSameAs(loop);
                assertThat(loop.submit(() -> await(where.map(own -> own))).join()).isSameAs(loop);
            }
            assertThat(mono(group, () -> {}).block()).isNull();
            List<EventLoop> emitted =
                    flux(group, (Emitter<EventLoop> emitter) -> emitter.emit(currentLoop()))
                            .collectList()
                            .block();
            assertThat(group.loops()).containsAll(emitted);
        }
    }
}
