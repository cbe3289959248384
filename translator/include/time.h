// What programs ask of their clocks. The values are Linux's.
#pragma once
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_MONOTONIC_RAW 4
#define CLOCKS_PER_SEC 1000000L
