package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    @Test
    void hasAReserveOfTenRetries() {
        assertEquals(10, retries(new RetryBudget(20)));
    }

    @Test
    void earnsAShareOfTheRequests() {
        RetryBudget budget = new RetryBudget(20);
        retries(budget);
        for (int i = 0; i < 14; i++) {
            budget.onRequest();
        }
        assertEquals(2, retries(budget));
        budget.onRequest();
        assertEquals(1, retries(budget), "what was left of the requests before counts");
    }

    @Test
    void savesNoMoreThanTheReserve() {
        RetryBudget budget = new RetryBudget(20);
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }
        assertEquals(10, retries(budget));
    }

    @Test
    void hasNoReserveWithoutAShare() {
        RetryBudget budget = new RetryBudget(0);
        budget.onRequest();
        assertFalse(budget.tryRetry());
    }

    private static int retries(RetryBudget budget) {
        int count = 0;
        while (budget.tryRetry()) {
            count++;
        }
        return count;
    }
}
