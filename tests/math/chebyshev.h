// Polynomials through values at Chebyshev nodes on [-1, 1], computed in 113 bits.
#pragma once
#include "reference.h"

template <int NODES>
struct Chebyshev {
    static Quad node(int k) { return table().node[k]; }

    // The coefficients of the Chebyshev polynomials, from the values at the nodes.
    static void coefficients(const Quad* value, Quad* c)
    {
        for (int j = 0; j < NODES; j++) {
            Quad sum = 0;
            for (int k = 0; k < NODES; k++) sum += value[k] * table().polynomial[j][k];
            c[j] = sum * (j ? 2 : 1) / NODES;
        }
    }

    // sum c[j] T_j(t) as powers of t.
    static void powers(const Quad* c, Quad* power)
    {
        Quad before[NODES] = {1}, now[NODES] = {0, 1};
        for (int k = 0; k < NODES; k++) power[k] = 0;
        for (int j = 0; j < NODES; j++) {
            const Quad* polynomial = j == 0 ? before : now;
            for (int k = 0; k <= j; k++) power[k] += c[j] * polynomial[k];
            if (j == 0) continue;
            Quad next[NODES] = {};
            for (int k = 0; k < NODES; k++) next[k] = (k ? 2 * now[k - 1] : 0) - before[k];
            for (int k = 0; k < NODES; k++) before[k] = now[k], now[k] = next[k];
        }
    }

private:
    struct Table {
        Quad node[NODES], polynomial[NODES][NODES];
        Table()
        {
            for (int k = 0; k < NODES; k++) node[k] = cosq(M_PIq * (k + (Quad)0.5) / NODES);
            for (int j = 0; j < NODES; j++)
                for (int k = 0; k < NODES; k++) polynomial[j][k] = cosq(M_PIq * j * (k + (Quad)0.5) / NODES);
        }
    };
    static const Table& table()
    {
        static const Table all;
        return all;
    }
};
