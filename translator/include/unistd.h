// What programs ask of POSIX before they choose a timer. The values are glibc's.
#pragma once
#define _POSIX_VERSION 200809L
#define _POSIX_TIMERS 200809L
#define _POSIX_CPUTIME 0
#define _POSIX_MONOTONIC_CLOCK 0
#define _POSIX_THREADS 200809L
