/* Scratch memory of kernels: one block a thread, kept between calls. Part of _call.c. */
#include <pthread.h>
#include <stdlib.h>

static PyObject *admit; /* admit(bytes): raises MemoryError, or says how many bytes may be kept */
static PyObject *check_budget; /* check_budget(bytes): raises MemoryError if they are too many */

enum { ALWAYS_FITS = 1 << 14 }; /* bytes of scratch that no budget is asked about */

typedef struct Arena {
    void *block;
    size_t size, keep;
    int busy;
    struct Arena *next, *prev;
} Arena;

/* The GIL guards block, size and busy; the mutex the list, which threads leave without the GIL. */
static pthread_key_t arena_key;
static pthread_mutex_t arena_mutex = PTHREAD_MUTEX_INITIALIZER;
static Arena arenas = {.next = &arenas, .prev = &arenas};

static void arena_lock(void) { pthread_mutex_lock(&arena_mutex); }
static void arena_unlock(void) { pthread_mutex_unlock(&arena_mutex); }

static void arena_leave(void *pointer)
{
    Arena *arena = pointer;
    arena_lock();
    arena->next->prev = arena->prev;
    arena->prev->next = arena->next;
    arena_unlock();
    free(arena->block);
    free(arena);
}

static Arena *arena_of_thread(void)
{
    Arena *arena = pthread_getspecific(arena_key);
    if (arena != NULL) {
        return arena;
    }
    arena = calloc(1, sizeof *arena);
    if (arena == NULL || pthread_setspecific(arena_key, arena) != 0) {
        free(arena);
        PyErr_NoMemory();
        return NULL;
    }
    arena_lock();
    arena->next = arenas.next;
    arena->prev = &arenas;
    arenas.next->prev = arena;
    arenas.next = arena;
    arena_unlock();
    return arena;
}

/* New memory, once Python has said that there is enough of it. */
static void *allocate(size_t size, size_t *keep)
{
    PyObject *answer = PyObject_CallFunction(admit, "n", (Py_ssize_t)size);
    if (answer == NULL) {
        return NULL;
    }
    *keep = PyLong_AsSize_t(answer);
    Py_DECREF(answer);
    if (PyErr_Occurred()) {
        return NULL;
    }
    void *block = NULL;
    if (posix_memalign(&block, 64, size) != 0) {
        PyErr_Format(PyExc_MemoryError, "cannot allocate %zu bytes of scratch memory", size);
        return NULL;
    }
    return block;
}

static int is_within_budget(size_t size)
{
    PyObject *answer = PyObject_CallFunction(check_budget, "n", (Py_ssize_t)size);
    Py_XDECREF(answer);
    return answer != NULL;
}

/* Scratch memory of this size or more, until release(). A call inside a call gets its own. */
static void *acquire(size_t size, Arena **from)
{
    Arena *arena = arena_of_thread();
    if (arena == NULL) {
        return NULL;
    }
    if (arena->busy) {
        size_t keep;
        *from = NULL;
        return allocate(size, &keep);
    }
    if (arena->size < size) {
        free(arena->block);
        arena->size = 0;
        arena->busy = 1; /* allocate() runs Python, which might come here again */
        arena->block = allocate(size, &arena->keep);
        arena->busy = 0;
        if (arena->block == NULL) {
            return NULL;
        }
        arena->size = size;
    }
    arena->busy = 1;
    *from = arena;
    return arena->block;
}

static void release(void *block, Arena *arena)
{
    if (arena == NULL) {
        free(block);
        return;
    }
    arena->busy = 0;
    if (arena->size > arena->keep) {
        free(arena->block);
        arena->block = NULL;
        arena->size = 0;
    }
}

static PyObject *release_arena(PyObject *module, PyObject *unused)
{
    size_t freed = 0;
    arena_lock();
    for (Arena *arena = arenas.next; arena != &arenas; arena = arena->next) {
        if (!arena->busy) {
            freed += arena->size;
            free(arena->block);
            arena->block = NULL;
            arena->size = 0;
        }
    }
    arena_unlock();
    freed += release_results();
    return PyLong_FromSize_t(freed);
}
