"""Reading and writing memory at bare addresses inside kernels.

Numba's own array indexing moves one element at a time; LZ4 decoding needs unaligned moves of 16 and 32
bytes. These intrinsics compile to single loads and stores. They check nothing: their callers do.
Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = [
    "add_atomically",
    "copy1",
    "copy2",
    "copy4",
    "copy8",
    "copy16",
    "copy32",
    "equal_among_8",
    "load_u8",
    "load_u16",
    "load_u64",
    "pread",
    "prefetch",
    "stream32",
]

_BYTE = ir.IntType(8)

pread: Any = types.ExternalFunction("pread", types.intp(types.int32, types.intp, types.intp, types.int64))
"""The C library's ``pread(descriptor, address, length, offset)``: bytes read, or -1."""


def _pointer(builder: Any, address: Any, pointee: ir.Type) -> Any:
    return builder.inttoptr(address, pointee.as_pointer())


def _make_load(bits: int) -> Any:
    @intrinsic
    def load(_context: Any, address: Any) -> Any:  # noqa: ARG001 - numba reads the names
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            integer = ir.IntType(bits)
            value = builder.load(_pointer(builder, arguments[0], integer), align=1)
            return value if bits == 64 else builder.zext(value, ir.IntType(64))

        return types.int64(types.int64), generate

    return load


def _make_copy(width: int, *, stream: bool = False) -> Any:
    @intrinsic
    def copy(_context: Any, target: Any, source: Any) -> Any:  # noqa: ARG001 - numba reads the names
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            vector = ir.VectorType(_BYTE, width)
            value = builder.load(_pointer(builder, arguments[1], vector), align=1)
            alignment = width if stream else 1
            store = builder.store(value, _pointer(builder, arguments[0], vector), align=alignment)
            if stream:
                one = ir.Constant(ir.IntType(32), 1)
                store.set_metadata("nontemporal", builder.module.add_metadata([one]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    return copy


@intrinsic
def _prefetch(_context: Any, address: Any) -> Any:  # noqa: ARG001 - numba reads the names
    """Ask the processor to have the 64 bytes around ``address`` at hand soon; any address will do."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        integer = ir.IntType(32)
        pointer = _pointer(builder, arguments[0], _BYTE)
        kind = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), integer, integer, integer])
        function = builder.module.declare_intrinsic("llvm.prefetch", [_BYTE.as_pointer()], kind)
        # For reading, to be kept in all caches, data.
        builder.call(function, [pointer, *(ir.Constant(integer, value) for value in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(types.int64), generate


load_u8, load_u16, load_u64 = (_make_load(bits) for bits in (8, 16, 64))
copy1, copy2, copy4, copy8, copy16, copy32 = (_make_copy(width) for width in (1, 2, 4, 8, 16, 32))
stream32 = _make_copy(32, stream=True)
"""Like ``copy32``, past the caches; the target must be aligned to 32 bytes."""


@intrinsic
def _add_atomically(_context: Any, address: Any, amount: Any) -> Any:  # noqa: ARG001 - numba reads the names
    """Add ``amount`` to the 64-bit integer at ``address`` and return what it was before."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        counter = _pointer(builder, arguments[0], ir.IntType(64))
        return builder.atomic_rmw("add", counter, arguments[1], "acq_rel")

    return types.int64(types.int64, types.int64), generate


@intrinsic
def _equal_among_8(_context: Any, address: Any, value: Any) -> Any:  # noqa: ARG001 - numba reads the names
    """Compare ``value`` with the eight 64-bit integers at ``address``: one bit for each, the first one lowest."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        integer, bits = ir.IntType(64), ir.IntType(8)
        vector = ir.VectorType(integer, 8)
        integers = builder.load(_pointer(builder, arguments[0], vector), align=8)
        wanted = ir.Constant(vector, None)
        for place in range(8):
            wanted = builder.insert_element(wanted, arguments[1], ir.Constant(ir.IntType(32), place))
        equal = builder.icmp_signed("==", integers, wanted)
        return builder.zext(builder.bitcast(equal, bits), integer)

    return types.int64(types.int64, types.int64), generate


# Numba's types would have mypy ask for the context that numba itself passes.
prefetch: Any = _prefetch
add_atomically: Any = _add_atomically
equal_among_8: Any = _equal_among_8
