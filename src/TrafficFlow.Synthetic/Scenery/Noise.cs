using System.Runtime.CompilerServices;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>Repeatable value noise: the same place gives the same value in every run.</summary>
internal static class Noise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(int x, int y, int z = 0)
    {
        unchecked
        {
            var h = (uint)(x * 374761393) + (uint)(y * 668265263) + (uint)(z * 1274126177);
            h = (h ^ (h >> 13)) * 1274126177u;
            return h ^ (h >> 16);
        }
    }

    /// <summary>0..1 for a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cell(int x, int y, int z = 0) => (Hash(x, y, z) & 0xFFFFFF) * (1f / 0x1000000);

    /// <summary>Smooth, 0..1, features about one unit wide.</summary>
    public static float Smooth(float x, float y, int z = 0)
    {
        var (fx, fy) = (MathF.Floor(x), MathF.Floor(y));
        var (ix, iy) = ((int)fx, (int)fy);
        var (u, v) = (x - fx, y - fy);
        u = u * u * (3 - (2 * u));
        v = v * v * (3 - (2 * v));
        var top = Cell(ix, iy, z) + ((Cell(ix + 1, iy, z) - Cell(ix, iy, z)) * u);
        var bottom = Cell(ix, iy + 1, z) + ((Cell(ix + 1, iy + 1, z) - Cell(ix, iy + 1, z)) * u);
        return top + ((bottom - top) * v);
    }

    /// <summary>Several sizes laid over each other, 0..1, mean one half.</summary>
    public static float Layered(float x, float y, int octaves, int z = 0)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var i = 0; i < octaves; i++)
        {
            sum += Smooth(x, y, z + i) * weight;
            total += weight;
            weight *= 0.55f;
            x = (x * 2.03f) + 17.1f;
            y = (y * 2.03f) + 5.3f;
        }

        return sum / total;
    }

    /// <summary>0 below <paramref name="low"/>, 1 above <paramref name="high"/>, smooth between.</summary>
    public static float Step(float low, float high, float value)
    {
        var t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
