/**
 * From a reply of the kernel to typed arrays.
 *
 * A *layer picture* is `{name, data, rows, columns, channels, rect, mag, missing, bytes}` or, where reading failed,
 * `{name, error}`; `data` holds the layer's own values, row by row (several channels one after the other), and
 * `missing` the parts `[column, row, end column, end row]` that nobody recorded.
 */

const ARRAYS = {
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array,
  float32: Float32Array, float64: Float64Array,
};

/** Decode one LZ4 block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md) of known size. */
export function decodeLz4(source, size) {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  while (from < source.length) {
    const token = source[from++];
    let literals = token >> 4;
    if (literals === 15) {
      let more;
      do { more = source[from++]; literals += more; } while (more === 255);
    }
    out.set(source.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from >= source.length) break; // the last sequence has literals only
    const offset = source[from] | (source[from + 1] << 8);
    from += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      let more;
      do { more = source[from++]; length += more; } while (more === 255);
    }
    repeat(out, to, offset, length);
    to += length;
  }
  return out;
}

/** Copy `length` bytes from `offset` bytes before `to`; the two may overlap, then the pattern repeats. */
function repeat(out, to, offset, length) {
  if (length < 32 && offset < length) {
    for (let i = 0; i < length; i++) out[to + i] = out[to + i - offset];
    return;
  }
  let done = 0;
  while (done < length) {
    const step = Math.min(offset + done, length - done);
    out.copyWithin(to + done, to - offset, to - offset + step);
    done += step;
  }
}

/** The bytes of a message buffer; where a type needs alignment that the message does not give, a copy. */
function bytesOf(view, itemSize) {
  const bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
  return bytes.byteOffset % itemSize ? bytes.slice() : bytes;
}

/** All layer pictures of a reply. */
export function layerPictures(reply, buffers) {
  let next = 0;
  return reply.layers.map((head) => {
    if (head.error || !head.shape) return { name: head.name, error: head.error, bytes: 0 };
    const Kind = ARRAYS[head.dtype];
    let bytes = bytesOf(buffers[next++], Kind.BYTES_PER_ELEMENT);
    if (head.coding === "lz4") bytes = decodeLz4(bytes, head.size);
    const data = new Kind(bytes.buffer, bytes.byteOffset, bytes.byteLength / Kind.BYTES_PER_ELEMENT);
    const [channels, rows, columns] = head.shape;
    const { name, rect, mag, missing = [] } = head;
    return { name, data, channels, rows, columns, rect, mag, missing, bytes: bytes.byteLength };
  });
}
