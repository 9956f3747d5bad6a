/* Memory of large results, kept when the arrays are gone for the next results of the same size.
 *
 * The system gives new memory a page at a time, each when it is first touched: that may take longer
 * than what a kernel computes. Arrays made here free themselves through `results_handler`. Part of
 * _call.c; the GIL guards all of it.
 */
enum { KEPT_BLOCKS = 8 };
static const size_t LARGE_RESULT = (size_t)1 << 18, MOST_KEPT = (size_t)1 << 26;

static struct Block {
    void *start;
    size_t size;
} kept[KEPT_BLOCKS];
static size_t kept_bytes;

/* Forget the block in this place, the last one taking it over. */
static void *take_kept(int i)
{
    void *start = kept[i].start;
    kept_bytes -= kept[i].size;
    for (; i + 1 < KEPT_BLOCKS; i++) {
        kept[i] = kept[i + 1];
    }
    kept[KEPT_BLOCKS - 1] = (struct Block){NULL, 0};
    return start;
}

static void *result_malloc(void *unused, size_t size)
{
    (void)unused;
    for (int i = 0; i < KEPT_BLOCKS; i++) {
        if (kept[i].size == size && kept[i].start != NULL) {
            return take_kept(i);
        }
    }
    void *block = NULL;
    return posix_memalign(&block, 64, size) == 0 ? block : NULL;
}

static void result_free(void *unused, void *block, size_t size)
{
    (void)unused;
    if (size < LARGE_RESULT || size > MOST_KEPT) {
        free(block);
        return;
    }
    while (kept[KEPT_BLOCKS - 1].start != NULL || kept_bytes + size > MOST_KEPT) {
        free(take_kept(0)); /* the oldest */
    }
    int i = 0;
    while (kept[i].start != NULL) {
        i++;
    }
    kept[i] = (struct Block){block, size};
    kept_bytes += size;
}

static void *result_calloc(void *unused, size_t count, size_t size)
{
    (void)unused;
    return calloc(count, size);
}

static void *result_realloc(void *unused, void *block, size_t size)
{
    (void)unused;
    return realloc(block, size);
}

static PyDataMem_Handler results_handler = {
    "transpile", 1, {NULL, result_malloc, result_calloc, result_realloc, result_free}};
static PyObject *results_capsule;

/* A new array; if it is large, in memory that is kept afterwards. */
static PyObject *new_result(int ndim, npy_intp *shape, int type_num, size_t itemsize)
{
    size_t size = itemsize;
    for (int d = 0; d < ndim; d++) {
        if (__builtin_mul_overflow(size, (size_t)shape[d], &size)) {
            size = 0;
            break;
        }
    }
    if (size < LARGE_RESULT) {
        return PyArray_EMPTY(ndim, shape, type_num, 0);
    }
    PyObject *before = PyDataMem_SetHandler(results_capsule);
    if (before == NULL) {
        return NULL;
    }
    PyObject *made = PyArray_EMPTY(ndim, shape, type_num, 0);
    PyObject *ours = PyDataMem_SetHandler(before);
    Py_DECREF(before);
    if (ours == NULL) {
        Py_XDECREF(made);
        return NULL;
    }
    Py_DECREF(ours);
    return made;
}

/* Free what is kept; how many bytes that was. */
static size_t release_results(void)
{
    size_t freed = kept_bytes;
    while (kept[0].start != NULL) {
        free(take_kept(0));
    }
    return freed;
}
