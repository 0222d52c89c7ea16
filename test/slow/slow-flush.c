/*
 * Delays each flush to disk by SLOW_FLUSH_MS in programs that use the C library: Postgres and Valkey do, Temporal's server does not.
 * The embedded Postgres is started with its own environment, so both variables are passed on to every program that is started from here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *library, *given;

__attribute__((constructor)) static void remember(void) {
  library = getenv("LD_PRELOAD");
  given = getenv("SLOW_FLUSH_MS");
}

static int later(const char *name, int fd) {
  long ms = given ? atol(given) : 0;
  struct timespec pause = {ms / 1000, (ms % 1000) * 1000000L};
  int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  nanosleep(&pause, NULL);
  return flush(fd);
}

int fsync(int fd) { return later("fsync", fd); }
int fdatasync(int fd) { return later("fdatasync", fd); }

int execvp(const char *file, char *const argv[]) {
  int (*start)(const char *, char *const[]) = (int (*)(const char *, char *const[]))dlsym(RTLD_NEXT, "execvp");
  /* A page of Chromium never finishes loading with this library in it, and its disk is not ours to slow down. */
  if (strstr(file, "chromium")) unsetenv("LD_PRELOAD");
  else if (library) setenv("LD_PRELOAD", library, 1);
  if (given) setenv("SLOW_FLUSH_MS", given, 1);
  return start(file, argv);
}
