/** What the tests of several modules use; it is compiled into the tests of each. */
package dev.rondo.testsupport;
