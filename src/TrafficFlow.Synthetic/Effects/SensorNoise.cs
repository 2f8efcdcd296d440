using System.Numerics;
using System.Runtime.InteropServices;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>
/// Noise of the sensor and the slow change of light, in one pass over the picture. A picture's noise depends only on the seed and its
/// number. Values come from one table at places that differ from row to row: drawing each anew would cost more than the vehicles.
/// </summary>
internal sealed class SensorNoise
{
    private const int TableSize = 1 << 17;
    private readonly short[] _table = new short[TableSize + 8192];
    private readonly uint _seed;

    public SensorNoise(float sigma, int seed)
    {
        _seed = (uint)seed;
        for (var i = 0; i < _table.Length; i += 2)
        {
            var radius = sigma * MathF.Sqrt(-2 * MathF.Log(1 - Scenery.Noise.Cell(i, 1)));
            var angle = MathF.Tau * Scenery.Noise.Cell(i, 2);
            _table[i] = (short)MathF.Round(radius * MathF.Cos(angle));
            _table[i + 1] = (short)MathF.Round(radius * MathF.Sin(angle));
        }
    }

    /// <param name="gain">Light of this picture compared with the painted one.</param>
    public void Apply(Span<byte> picture, int rowBytes, long index, double gain)
    {
        // 1/128 steps, so that a product fits into 16 bits.
        var factor = new Vector<ushort>((ushort)Math.Clamp(Math.Round(gain * 128), 0, 255));
        var scalar = factor[0];
        for (var row = 0; row * rowBytes < picture.Length; row++)
        {
            var bytes = picture.Slice(row * rowBytes, rowBytes);
            var start = (int)(Scenery.Noise.Hash(row, (int)index, (int)_seed) & (TableSize - 1));
            Row(bytes, _table.AsSpan(start, rowBytes), factor, scalar);
        }
    }

    private static void Row(Span<byte> bytes, ReadOnlySpan<short> noise, Vector<ushort> factor, ushort scalar)
    {
        var wide = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        var noises = MemoryMarshal.Cast<short, Vector<short>>(noise);
        var highest = new Vector<short>(255);
        for (var i = 0; i < wide.Length; i++)
        {
            Vector.Widen(wide[i], out var low, out var high);
            wide[i] = Vector.Narrow(One(low, noises[2 * i]), One(high, noises[(2 * i) + 1]));
        }

        for (var i = wide.Length * Vector<byte>.Count; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp((((bytes[i] * scalar) + 64) >> 7) + noise[i], 0, 255);

        Vector<ushort> One(Vector<ushort> value, Vector<short> add)
        {
            var scaled = Vector.ShiftRightLogical((value * factor) + new Vector<ushort>(64), 7);
            var sum = Vector.AsVectorInt16(scaled) + add;
            return Vector.AsVectorUInt16(Vector.Min(Vector.Max(sum, Vector<short>.Zero), highest));
        }
    }
}
