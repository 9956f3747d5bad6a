/* Kernel: one compiled function; exact checks, results, and the call without the GIL.
 * Part of _call.c. What a kernel's shared object exports is said in signature.py.
 */
#include <stdint.h>

static PyObject *miss; /* the result of a kernel that does not fit its arguments */

enum { ARRAY, NUMPY, PYTHON, ARGUMENT };               /* kinds, as signature.py numbers them */
enum {                                                 /* dtypes, as sym/types.py does */
    BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT32, FLOAT64,
    COMPLEX64, COMPLEX128,
};
enum { MOST_DIMS = 64 };                               /* NumPy's own limit */
enum { ONE = -1, BIND = 1 << 30 };                     /* dims: the constant 1; binds its size */

typedef union {
    uint8_t b;
    int64_t i;
    double d;
    double z[2];
} Value;

typedef struct {
    int kind, dtype, ndim, written, type_num, other_num;
    PyTypeObject *type, *other_type; /* of a NumPy scalar; two, int64 is long and long long */
    int *dims;
} Arg;

typedef struct {
    int kind, dtype, ndim, type_num, argument, late;
    PyArray_Descr *descr;
} Out;

typedef int64_t (*Entry)(void *const *);
typedef int64_t (*Plan)(void *const *, int64_t *);

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    Entry entry;
    Plan plan;
    int n_sizes, n_args, n_outs, n_dims, any_written, single, limited;
    Arg *args;
    Out *outs;
    const void *host; /* addresses of functions that the kernel calls */
    size_t extra; /* bytes that the last call asked for while it ran */
    PyObject *spec; /* what __new__ was given: keeps types, messages and the library alive */
    PyObject *errors, *name, *teller;
} Kernel;

static int fits_array(const Arg *arg, PyObject *object, int64_t *sizes, void **slot)
{
    if (!PyArray_CheckExact(object)) {
        return 0;
    }
    PyArrayObject *array = (PyArrayObject *)object;
    int num = PyArray_TYPE(array);
    int wanted = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED;
    if (arg->written) {
        wanted |= NPY_ARRAY_WRITEABLE;
    }
    if ((num != arg->type_num && num != arg->other_num) || PyArray_NDIM(array) != arg->ndim
        || (PyArray_FLAGS(array) & wanted) != wanted || !PyArray_ISNOTSWAPPED(array)) {
        return 0;
    }
    const npy_intp *shape = PyArray_DIMS(array);
    for (int d = 0; d < arg->ndim; d++) {
        int dim = arg->dims[d];
        if (dim == ONE) {
            if (shape[d] != 1) {
                return 0;
            }
        } else if (shape[d] == 1) {
            return 0;
        } else if (dim & BIND) {
            sizes[dim & ~BIND] = shape[d];
        } else if (sizes[dim] != shape[d]) {
            return 0;
        }
    }
    *slot = PyArray_DATA(array);
    return 1;
}

static int fits_numpy(const Arg *arg, PyObject *object, void **slot)
{
    if (Py_TYPE(object) != arg->type && Py_TYPE(object) != arg->other_type) {
        return 0;
    }
    switch (arg->dtype) {
    case BOOL: *slot = &PyArrayScalar_VAL(object, Bool); break;
    case INT8: *slot = &PyArrayScalar_VAL(object, Byte); break;
    case INT16: *slot = &PyArrayScalar_VAL(object, Short); break;
    case INT32: *slot = &PyArrayScalar_VAL(object, Int); break;
    case INT64: *slot = &PyArrayScalar_VAL(object, LongLong); break;
    case UINT8: *slot = &PyArrayScalar_VAL(object, UByte); break;
    case UINT16: *slot = &PyArrayScalar_VAL(object, UShort); break;
    case UINT32: *slot = &PyArrayScalar_VAL(object, UInt); break;
    case UINT64: *slot = &PyArrayScalar_VAL(object, ULongLong); break;
    case FLOAT32: *slot = &PyArrayScalar_VAL(object, Float); break;
    case FLOAT64: *slot = &PyArrayScalar_VAL(object, Double); break;
    case COMPLEX64: *slot = &PyArrayScalar_VAL(object, CFloat); break;
    default: *slot = &PyArrayScalar_VAL(object, CDouble);
    }
    return 1;
}

static int fits_python(const Arg *arg, PyObject *object, Value *value)
{
    if (arg->dtype == FLOAT64) {
        value->d = PyFloat_CheckExact(object) ? PyFloat_AS_DOUBLE(object) : 0.0;
        return PyFloat_CheckExact(object);
    }
    if (arg->dtype == COMPLEX128) {
        Py_complex z = PyComplex_CheckExact(object) ? PyComplex_AsCComplex(object)
                                                    : (Py_complex){0.0, 0.0};
        value->z[0] = z.real;
        value->z[1] = z.imag;
        return PyComplex_CheckExact(object);
    }
    if (arg->dtype == BOOL) {
        value->b = object == Py_True;
        return PyBool_Check(object);
    }
    int overflow = 0;
    if (!PyLong_CheckExact(object)) {
        return 0;
    }
    value->i = PyLong_AsLongLongAndOverflow(object, &overflow);
    return !overflow;
}

/* Whether a written array shares an address with another argument; never says no wrongly. */
static int overlap(const Kernel *kernel, PyObject *const *args)
{
    for (int i = 0; i < kernel->n_args; i++) {
        for (int j = 0; kernel->args[i].written && j < kernel->n_args; j++) {
            if (i == j || kernel->args[j].kind != ARRAY) {
                continue;
            }
            PyArrayObject *x = (PyArrayObject *)args[i], *y = (PyArrayObject *)args[j];
            const char *start_x = PyArray_BYTES(x), *start_y = PyArray_BYTES(y);
            if (start_x < start_y + PyArray_NBYTES(y) && start_y < start_x + PyArray_NBYTES(x)) {
                return 1;
            }
        }
    }
    return 0;
}

static int fits(const Kernel *kernel, PyObject *const *args, int64_t *sizes, Value *values,
                void **slots)
{
    for (int i = 0; i < kernel->n_args; i++) {
        const Arg *arg = &kernel->args[i];
        slots[i] = &values[i];
        int ok = arg->kind == ARRAY   ? fits_array(arg, args[i], sizes, &slots[i])
                 : arg->kind == NUMPY ? fits_numpy(arg, args[i], &slots[i])
                                      : fits_python(arg, args[i], &values[i]);
        if (!ok) {
            return 0;
        }
    }
    return !kernel->any_written || !overlap(kernel, args);
}

static void raise_check(const Kernel *kernel, int64_t number)
{
    if (number < 1 || number > PyTuple_GET_SIZE(kernel->errors)) {
        PyErr_Format(PyExc_SystemError, "%U returned %lld, which is none of its checks",
                     kernel->name, (long long)number);
        return;
    }
    PyObject *error = PyTuple_GET_ITEM(kernel->errors, number - 1);
    PyErr_SetObject(PyTuple_GET_ITEM(error, 0), PyTuple_GET_ITEM(error, 1));
}

/* The results' memory: new arrays of the planned dims, or places for scalars. */
static int make_outs(const Kernel *kernel, PyObject *const *args, const int64_t *plan,
                     Value *values, void **slots, PyObject **made)
{
    for (int i = 0; i < kernel->n_outs; i++) {
        const Out *out = &kernel->outs[i];
        made[i] = NULL;
        if (out->kind == ARGUMENT) {
            made[i] = Py_NewRef(args[out->argument]);
        } else if (out->late) {
            *slots++ = NULL;
        } else if (out->kind == ARRAY) {
            npy_intp shape[MOST_DIMS];
            for (int d = 0; d < out->ndim; d++) {
                shape[d] = *plan > 0 ? (npy_intp)*plan : 0;
                plan++;
            }
            size_t itemsize = (size_t)PyDataType_ELSIZE(out->descr);
            made[i] = new_result(out->ndim, shape, out->type_num, itemsize);
            if (made[i] == NULL) {
                return i;
            }
            *slots++ = PyArray_DATA((PyArrayObject *)made[i]);
        } else {
            *slots++ = &values[i];
        }
    }
    return kernel->n_outs;
}

static PyObject *scalar(const Out *out, Value *value)
{
    if (out->kind == NUMPY) {
        return PyArray_Scalar(value, out->descr, NULL);
    }
    switch (out->dtype) {
    case BOOL: return PyBool_FromLong(value->b);
    case INT64: return PyLong_FromLongLong(value->i);
    case COMPLEX128: return PyComplex_FromDoubles(value->z[0], value->z[1]);
    default: return PyFloat_FromDouble(value->d);
    }
}

/* One object, or a tuple; takes over the references in `made`. */
static PyObject *results(const Kernel *kernel, Value *values, PyObject **made)
{
    int whole = 1;
    for (int i = 0; i < kernel->n_outs; i++) {
        if (made[i] == NULL && kernel->outs[i].kind == ARRAY) {
            PyErr_Format(PyExc_SystemError, "%U has not asked for all its results", kernel->name);
            whole = 0;
        } else if (made[i] == NULL) {
            made[i] = scalar(&kernel->outs[i], &values[i]);
            whole &= made[i] != NULL;
        }
    }
    PyObject *result = NULL;
    if (whole && kernel->single) {
        return kernel->n_outs == 0 ? Py_NewRef(Py_None) : made[0];
    }
    if (whole) {
        result = PyTuple_New(kernel->n_outs);
    }
    for (int i = 0; i < kernel->n_outs; i++) {
        if (result != NULL) {
            PyTuple_SET_ITEM(result, i, made[i]);
        } else {
            Py_XDECREF(made[i]);
        }
    }
    return result;
}

/* One run of a kernel, to which it comes back for memory; the first three are a Caller. */
typedef struct Run {
    void *(*more)(struct Run *, int64_t bytes);
    void *(*result)(struct Run *, int64_t number, const int64_t *shape);
    int (*tell)(struct Run *, int64_t number, const void *values);
    const Kernel *kernel;
    PyObject **made;
    char *at, *end; /* what is left of the scratch */
    void **blocks;  /* allocated since; each begins with the address of the one before */
    size_t planned, extra;
} Run;

static void *more_scratch(Run *run, int64_t bytes)
{
    size_t size = bytes > 0 ? ((size_t)bytes + 63) / 64 * 64 : 64;
    run->extra += size;
    if (size <= (size_t)(run->end - run->at)) {
        run->at += size;
        return run->at - size;
    }
    PyGILState_STATE state = PyGILState_Ensure();
    size_t whole = run->planned + run->extra, keep;
    void **block = NULL;
    if (!run->kernel->limited || whole <= ALWAYS_FITS || is_within_budget(whole)) {
        block = allocate(size + 64, &keep);
    }
    PyGILState_Release(state);
    if (block == NULL) {
        return NULL;
    }
    *block = run->blocks;
    run->blocks = block;
    return block + 64 / sizeof *block;
}

static void *late_result(Run *run, int64_t number, const int64_t *shape)
{
    PyGILState_STATE state = PyGILState_Ensure();
    const Out *out = &run->kernel->outs[number];
    npy_intp dims[MOST_DIMS];
    for (int d = 0; d < out->ndim; d++) {
        dims[d] = (npy_intp)shape[d];
    }
    PyObject *made = new_result(out->ndim, dims, out->type_num,
                                (size_t)PyDataType_ELSIZE(out->descr));
    run->made[number] = made;
    PyGILState_Release(state);
    return made == NULL ? NULL : PyArray_DATA((PyArrayObject *)made);
}

/* Let the teller say it; -1 with an error set, which stays until the kernel has returned. */
static int tell(Run *run, int64_t number, const void *values)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *done = PyObject_CallFunction(run->kernel->teller, "LK", (long long)number,
                                           (unsigned long long)(uintptr_t)values);
    Py_XDECREF(done);
    PyGILState_Release(state);
    return done == NULL ? -1 : 0;
}

/* Run the kernel on slots that are filled up to the arguments; -1 with an error set.
 * Scratch that it asked for in the last call is there from the start in the next one.
 */
static int run(Kernel *kernel, void **slots, void **last, size_t planned, PyObject **made)
{
    Arena *arena = NULL;
    char *block = NULL;
    if (kernel->limited && planned > ALWAYS_FITS && !is_within_budget(planned)) {
        return -1;
    }
    size_t scratch = planned + kernel->extra;
    if (scratch > 0 && (block = acquire(scratch, &arena)) == NULL) {
        if (kernel->extra == 0) {
            return -1;
        }
        PyErr_Clear();
        kernel->extra = 0;
        return run(kernel, slots, last, planned, made);
    }
    size_t size = arena != NULL ? arena->size : scratch;
    Run run = {more_scratch, late_result, tell, kernel, made, block, block, NULL, planned, 0};
    if (block != NULL) {
        run.at = block + (planned + 63) / 64 * 64;
        run.end = size > planned + 63 ? block + size : run.at;
    }
    last[0] = block;
    last[1] = &run;
    last[2] = (void *)(uintptr_t)kernel->host;
    int64_t number;
    Py_BEGIN_ALLOW_THREADS
    number = kernel->entry(slots);
    Py_END_ALLOW_THREADS
    if (block != NULL) {
        release(block, arena);
    }
    for (void **used = run.blocks, **before; used != NULL; used = before) {
        before = *used;
        free(used);
    }
    kernel->extra = run.extra;
    if (number > 0) {
        raise_check(kernel, number);
    }
    return number == 0 && !PyErr_Occurred() ? 0 : -1; /* the host's functions may have raised */
}

static PyObject *kernel_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                                   PyObject *names)
{
    Kernel *kernel = (Kernel *)self;
    if (PyVectorcall_NARGS(nargsf) != kernel->n_args || (names && PyTuple_GET_SIZE(names) > 0)) {
        return Py_NewRef(miss);
    }
    int64_t sizes[kernel->n_sizes + 1], plan[kernel->n_dims + 1];
    Value values[kernel->n_args + kernel->n_outs + 1];
    void *slots[kernel->n_sizes + kernel->n_args + kernel->n_outs + 3];
    PyObject *made[kernel->n_outs + 1];

    void **out_slots = slots + kernel->n_sizes + kernel->n_args;
    Value *out_values = values + kernel->n_args;
    for (int i = 0; i < kernel->n_sizes; i++) {
        slots[i] = &sizes[i];
    }
    if (!fits(kernel, args, sizes, values, slots + kernel->n_sizes)) {
        return Py_NewRef(miss);
    }
    int64_t number = kernel->plan(slots, plan);
    if (number != 0) {
        raise_check(kernel, number);
        return NULL;
    }
    int n_made = make_outs(kernel, args, plan + 1, out_values, out_slots, made);
    size_t scratch = plan[0] > 0 ? (size_t)plan[0] : 0;
    void **last = out_slots;
    for (int i = 0; i < kernel->n_outs; i++) {
        last += kernel->outs[i].kind != ARGUMENT;
    }
    if (n_made < kernel->n_outs || run(kernel, slots, last, scratch, made) < 0) {
        while (n_made-- > 0) {
            Py_XDECREF(made[n_made]);
        }
        return NULL;
    }
    return results(kernel, out_values, made);
}

static int read_arg(Arg *arg, PyObject *spec)
{
    PyObject *dims;
    if (!PyArg_ParseTuple(spec, "iipiiOOO!", &arg->kind, &arg->dtype, &arg->written,
                          &arg->type_num, &arg->other_num, &arg->type, &arg->other_type,
                          &PyTuple_Type, &dims)) {
        return -1;
    }
    arg->ndim = (int)PyTuple_GET_SIZE(dims);
    arg->dims = PyMem_Calloc((size_t)arg->ndim + 1, sizeof *arg->dims);
    if (arg->dims == NULL) {
        return -1;
    }
    for (int d = 0; d < arg->ndim; d++) {
        arg->dims[d] = (int)PyLong_AsLong(PyTuple_GET_ITEM(dims, d));
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int read_out(Out *out, PyObject *spec)
{
    return PyArg_ParseTuple(spec, "iiiiipO!", &out->kind, &out->dtype, &out->ndim, &out->type_num,
                            &out->argument, &out->late, &PyArrayDescr_Type, &out->descr)
               ? 0
               : -1;
}

/* Kernel(name, entry, plan, n_sizes, args, outs, errors, single, limited, host, teller, alive) */
static PyObject *kernel_new(PyTypeObject *type, PyObject *given, PyObject *keywords)
{
    PyObject *name, *args, *outs, *errors, *teller, *alive;
    unsigned long long entry, plan, host;
    int n_sizes, single, limited;
    if (!PyArg_ParseTuple(given, "UKKiO!O!O!ppKOO", &name, &entry, &plan, &n_sizes, &PyTuple_Type,
                          &args, &PyTuple_Type, &outs, &PyTuple_Type, &errors, &single, &limited,
                          &host, &teller, &alive)) {
        return NULL;
    }
    Kernel *kernel = (Kernel *)type->tp_alloc(type, 0);
    if (kernel == NULL) {
        return NULL;
    }
    kernel->vectorcall = kernel_vectorcall;
    kernel->entry = (Entry)(uintptr_t)entry;
    kernel->plan = (Plan)(uintptr_t)plan;
    kernel->host = (const void *)(uintptr_t)host;
    kernel->n_sizes = n_sizes;
    kernel->single = single;
    kernel->limited = limited;
    kernel->spec = Py_NewRef(given);
    kernel->errors = Py_NewRef(errors);
    kernel->name = Py_NewRef(name);
    kernel->teller = Py_NewRef(teller);
    kernel->args = PyMem_Calloc((size_t)PyTuple_GET_SIZE(args) + 1, sizeof *kernel->args);
    kernel->outs = PyMem_Calloc((size_t)PyTuple_GET_SIZE(outs) + 1, sizeof *kernel->outs);
    int bad = kernel->args == NULL || kernel->outs == NULL;
    for (Py_ssize_t i = 0; !bad && i < PyTuple_GET_SIZE(args); i++, kernel->n_args++) {
        bad = read_arg(&kernel->args[i], PyTuple_GET_ITEM(args, i)) < 0;
        kernel->any_written |= kernel->args[i].written;
    }
    for (Py_ssize_t i = 0; !bad && i < PyTuple_GET_SIZE(outs); i++, kernel->n_outs++) {
        bad = read_out(&kernel->outs[i], PyTuple_GET_ITEM(outs, i)) < 0;
        kernel->n_dims += kernel->outs[i].late ? 0 : kernel->outs[i].ndim;
    }
    if (bad) {
        Py_DECREF(kernel);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    return (PyObject *)kernel;
}

static void kernel_dealloc(PyObject *self)
{
    Kernel *kernel = (Kernel *)self;
    for (int i = 0; kernel->args != NULL && i < kernel->n_args; i++) {
        PyMem_Free(kernel->args[i].dims);
    }
    PyMem_Free(kernel->args);
    PyMem_Free(kernel->outs);
    Py_XDECREF(kernel->spec);
    Py_XDECREF(kernel->errors);
    Py_XDECREF(kernel->name);
    Py_XDECREF(kernel->teller);
    Py_TYPE(self)->tp_free(self);
}

static PyMemberDef kernel_members[] = {
    {"name", T_OBJECT, offsetof(Kernel, name), READONLY, "the C name of the function"},
    {NULL},
};

static PyTypeObject KernelType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "transpile.runtime._call.Kernel",
    .tp_doc = "One compiled function; returns MISS and calls nothing if the arguments do not fit.",
    .tp_basicsize = sizeof(Kernel),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Kernel, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_new = kernel_new,
    .tp_dealloc = kernel_dealloc,
    .tp_members = kernel_members,
};
