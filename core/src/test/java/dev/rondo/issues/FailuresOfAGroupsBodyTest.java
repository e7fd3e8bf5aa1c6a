package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

/** A body's own exception was dropped if a child's failure was its cause. */
class FailuresOfAGroupsBodyTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void itIsSuppressedInTheChildsFailure() {
        IOException disk = new IOException("disk");
        IllegalArgumentException own = new IllegalArgumentException("context", disk);
        VirtualClock.run(() ->
                assertThatThrownBy(() ->
                                taskGroup(group -> {
                                    Task<Void> child =
                                            group.createTask(() -> {
                                                throw disk;
                                            });
                                    try {
                                        child.await();
                                    } catch (CancellationException e) {
                                        throw own;
                                    }
                                }))
                        .hasCause(disk));
        assertThat(disk.getSuppressed()).containsExactly(own);
    }
}
