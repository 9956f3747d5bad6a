/* The fast call path: checks the arguments of a compiled function and calls it by pointer.
 *
 * _arena.h    scratch memory
 * _results.h  memory of large results
 * _kernel.h   Kernel: one compiled function
 * this file   Dispatcher: several kernels and when each holds; what fits none goes to a callable
 *
 * plain_call.py does the same through ctypes; where the two differ, one of them is wrong.
 */
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#define NPY_TARGET_VERSION NPY_1_22_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>
#include <string.h>
#include <structmember.h>

#include "_results.h"
#include "_arena.h"
#include "_kernel.h"

/* ---- Dispatcher --------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *miss;    /* called when no kernel holds */
    PyObject *entries; /* a tuple of (kernel, guards, post), replaced as a whole, never changed */
    Py_ssize_t latest; /* the entry that answered last */
} Dispatcher;

/* Whether a captured value is still the one that was compiled in: type and bits, not only ==. */
static int same(PyObject *now, PyObject *then)
{
    if (now == then) {
        return 1;
    }
    if (Py_TYPE(now) != Py_TYPE(then)) {
        return 0;
    }
    if (PyFloat_CheckExact(now)) {
        double x = PyFloat_AS_DOUBLE(now), y = PyFloat_AS_DOUBLE(then);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    if (PyComplex_CheckExact(now)) {
        Py_complex x = PyComplex_AsCComplex(now), y = PyComplex_AsCComplex(then);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    if (PyTuple_CheckExact(now)) {
        Py_ssize_t n = PyTuple_GET_SIZE(now);
        int equal = n == PyTuple_GET_SIZE(then);
        for (Py_ssize_t i = 0; equal && i < n; i++) {
            equal = same(PyTuple_GET_ITEM(now, i), PyTuple_GET_ITEM(then, i));
        }
        return equal;
    }
    if (PyArray_IsScalar(now, Number) || PyArray_IsScalar(now, Bool)) {
        npy_clongdouble x, y; /* the widest scalar there is */
        memset(&x, 0, sizeof x);
        memset(&y, 0, sizeof y);
        PyArray_ScalarAsCtype(now, &x);
        PyArray_ScalarAsCtype(then, &y);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    int equal = PyObject_RichCompareBool(now, then, Py_EQ);
    if (equal < 0) {
        PyErr_Clear();
    }
    return equal == 1;
}

/* A guard is (dict, name, value), (cell, value) or (context variable, value). */
static int holds(PyObject *guard)
{
    PyObject *where = PyTuple_GET_ITEM(guard, 0), *now = NULL;
    PyObject *then = PyTuple_GET_ITEM(guard, PyTuple_GET_SIZE(guard) - 1);
    if (PyDict_Check(where)) {
        now = Py_XNewRef(PyDict_GetItemWithError(where, PyTuple_GET_ITEM(guard, 1)));
    } else if (PyCell_Check(where)) {
        now = PyCell_Get(where);
    } else if (PyContextVar_CheckExact(where)) {
        PyContextVar_Get(where, NULL, &now);
    }
    if (now == NULL) {
        PyErr_Clear();
        return 0;
    }
    int answer = same(now, then);
    Py_DECREF(now);
    return answer;
}

/* The entry's answer, or a new reference to MISS if its guards or its kernel do not fit. */
static PyObject *try_entry(PyObject *entry, PyObject *const *args, size_t nargsf)
{
    PyObject *guards = PyTuple_GET_ITEM(entry, 1), *post = PyTuple_GET_ITEM(entry, 2);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(guards); i++) {
        if (!holds(PyTuple_GET_ITEM(guards, i))) {
            return Py_NewRef(miss);
        }
    }
    PyObject *kernel = PyTuple_GET_ITEM(entry, 0);
    PyObject *result = PyObject_Vectorcall(kernel, args, PyVectorcall_NARGS(nargsf), NULL);
    if (result == NULL || result == miss || post == Py_None) {
        return result;
    }
    PyObject *made = PyObject_CallOneArg(post, result);
    Py_DECREF(result);
    return made;
}

static PyObject *dispatcher_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                                       PyObject *names)
{
    Dispatcher *dispatcher = (Dispatcher *)self;
    if (dispatcher->entries == NULL || dispatcher->miss == NULL) {
        PyErr_SetString(PyExc_ReferenceError, "this function is being deleted");
        return NULL;
    }
    PyObject *entries = Py_NewRef(dispatcher->entries), *result = Py_NewRef(miss);
    Py_ssize_t n = names && PyTuple_GET_SIZE(names) > 0 ? 0 : PyTuple_GET_SIZE(entries);
    Py_ssize_t latest = dispatcher->latest < n ? dispatcher->latest : 0;
    for (Py_ssize_t turn = 0; result == miss && turn < n; turn++) {
        Py_ssize_t i = turn == 0 ? latest : turn <= latest ? turn - 1 : turn;
        Py_DECREF(result);
        result = try_entry(PyTuple_GET_ITEM(entries, i), args, nargsf);
        if (result != miss) {
            dispatcher->latest = i;
        }
    }
    Py_DECREF(entries);
    if (result != miss) {
        return result;
    }
    Py_DECREF(result);
    return PyObject_Vectorcall(dispatcher->miss, args, nargsf, names);
}

static PyObject *dispatcher_new(PyTypeObject *type, PyObject *given, PyObject *keywords)
{
    PyObject *callable;
    if (!PyArg_ParseTuple(given, "O", &callable)) {
        return NULL;
    }
    Dispatcher *dispatcher = (Dispatcher *)type->tp_alloc(type, 0);
    if (dispatcher == NULL) {
        return NULL;
    }
    dispatcher->vectorcall = dispatcher_vectorcall;
    dispatcher->miss = Py_NewRef(callable);
    dispatcher->entries = PyTuple_New(0);
    return (PyObject *)dispatcher;
}

static int is_guard(PyObject *guard)
{
    if (!PyTuple_CheckExact(guard) || PyTuple_GET_SIZE(guard) < 2) {
        return 0;
    }
    PyObject *where = PyTuple_GET_ITEM(guard, 0);
    return PyDict_Check(where) ? PyTuple_GET_SIZE(guard) == 3
                               : PyTuple_GET_SIZE(guard) == 2
                                     && (PyCell_Check(where) || PyContextVar_CheckExact(where));
}

/* add(kernel, guards=(), post=None): the new entry is tried first. */
static PyObject *dispatcher_add(PyObject *self, PyObject *given, PyObject *keywords)
{
    static char *names[] = {"kernel", "guards", "post", NULL};
    PyObject *kernel, *guards = NULL, *post = Py_None;
    if (!PyArg_ParseTupleAndKeywords(given, keywords, "O|O!O", names, &kernel, &PyTuple_Type,
                                     &guards, &post)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; guards != NULL && i < PyTuple_GET_SIZE(guards); i++) {
        if (!is_guard(PyTuple_GET_ITEM(guards, i))) {
            PyErr_SetString(PyExc_TypeError, "a guard is (dict, name, value), (cell, value) or "
                                             "(context variable, value)");
            return NULL;
        }
    }
    Dispatcher *dispatcher = (Dispatcher *)self;
    PyObject *entry = guards == NULL ? Py_BuildValue("((O()O))", kernel, post)
                                     : Py_BuildValue("((OOO))", kernel, guards, post);
    PyObject *entries = entry == NULL ? NULL : PySequence_Concat(dispatcher->entries, entry);
    Py_XDECREF(entry);
    if (entries == NULL) {
        return NULL;
    }
    dispatcher->latest = PyTuple_GET_SIZE(entries) - 1;
    Py_SETREF(dispatcher->entries, entries);
    Py_RETURN_NONE;
}

static PyObject *dispatcher_forget(PyObject *self, PyObject *unused)
{
    PyObject *entries = PyTuple_New(0);
    if (entries == NULL) {
        return NULL;
    }
    Py_SETREF(((Dispatcher *)self)->entries, entries);
    Py_RETURN_NONE;
}

static int dispatcher_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Dispatcher *)self)->miss);
    Py_VISIT(((Dispatcher *)self)->entries);
    return 0;
}

static int dispatcher_clear(PyObject *self)
{
    Py_CLEAR(((Dispatcher *)self)->miss);
    Py_CLEAR(((Dispatcher *)self)->entries);
    return 0;
}

static void dispatcher_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    dispatcher_clear(self);
    Py_TYPE(self)->tp_free(self);
}

static PyMemberDef dispatcher_members[] = {
    {"entries", T_OBJECT, offsetof(Dispatcher, entries), READONLY, "kernel, guards, post of each"},
    {NULL},
};

static PyMethodDef dispatcher_methods[] = {
    {"add", (PyCFunction)(void (*)(void))dispatcher_add, METH_VARARGS | METH_KEYWORDS,
     "add(kernel, guards=(), post=None): one more kernel, which is tried first from now on."},
    {"clear", dispatcher_forget, METH_NOARGS, "Forget all kernels."},
    {NULL},
};

static PyTypeObject DispatcherType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "transpile.runtime._call.Dispatcher",
    .tp_doc = "Calls the first kernel whose guards hold and whose arguments fit, else miss(*args).",
    .tp_basicsize = sizeof(Dispatcher),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_HAVE_GC,
    .tp_vectorcall_offset = offsetof(Dispatcher, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_new = dispatcher_new,
    .tp_dealloc = dispatcher_dealloc,
    .tp_traverse = dispatcher_traverse,
    .tp_clear = dispatcher_clear,
    .tp_members = dispatcher_members,
    .tp_methods = dispatcher_methods,
};

/* ---- the module --------------------------------------------------------------------------- */

static PyObject *setup(PyObject *module, PyObject *given)
{
    PyObject *new_miss, *new_admit, *new_check;
    if (!PyArg_ParseTuple(given, "OOO", &new_miss, &new_admit, &new_check)) {
        return NULL;
    }
    Py_XSETREF(miss, Py_NewRef(new_miss));
    Py_XSETREF(admit, Py_NewRef(new_admit));
    Py_XSETREF(check_budget, Py_NewRef(new_check));
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"setup", setup, METH_VARARGS, "setup(MISS, admit, check_budget): must come before all calls."},
    {"release_arena", release_arena, METH_NOARGS, "Free memory that no call is using."},
    {NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_call",
    .m_doc = "The fast call path of compiled functions.",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit__call(void)
{
    import_array();
    if (PyType_Ready(&KernelType) < 0 || PyType_Ready(&DispatcherType) < 0) {
        return NULL;
    }
    if (pthread_key_create(&arena_key, arena_leave) != 0
        || pthread_atfork(arena_lock, arena_unlock, arena_unlock) != 0) {
        return PyErr_NoMemory();
    }
    results_capsule = PyCapsule_New(&results_handler, "mem_handler", NULL);
    if (results_capsule == NULL) {
        return NULL;
    }
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL || PyModule_AddObjectRef(module, "Kernel", (PyObject *)&KernelType) < 0
        || PyModule_AddObjectRef(module, "Dispatcher", (PyObject *)&DispatcherType) < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
