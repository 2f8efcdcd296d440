using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SharpFuzz.Common;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>
/// Counters of the edges that an input went over, written by the instrumented assemblies; and for each reader which of them any input of it
/// has reached, and how often.
/// </summary>
internal sealed unsafe class EdgeMap
{
    private const int Size = 1 << 16;
    private static readonly byte* Counters = Allocate();

    /// <summary>A bit for each magnitude in which an edge was counted.</summary>
    private readonly byte[] _reached = new byte[Size];

    /// <summary>Different edges that were reached.</summary>
    public int Edges { get; private set; }

    /// <summary>To be called before anything instrumented runs.</summary>
    public static void Connect() => Trace.SharedMem = Counters;

    public static void Clear()
    {
        NativeMemory.Clear(Counters, Size);
        Trace.PrevLocation = 0;
    }

    /// <returns>True where the input went where none went before, or much oftener.</returns>
    public bool Take()
    {
        var isNew = false;
        for (var at = 0; at < Size; at += Vector256<byte>.Count)
        {
            if (Vector256.Load(Counters + at) == Vector256<byte>.Zero) continue;
            for (var i = at; i < at + Vector256<byte>.Count; i++)
            {
                if (Counters[i] == 0) continue;
                var magnitude = (byte)(1 << BitOperations.Log2(Counters[i]));
                if ((_reached[i] & magnitude) != 0) continue;
                if (_reached[i] == 0) Edges++;
                _reached[i] |= magnitude;
                isNew = true;
            }
        }

        return isNew;
    }

    private static byte* Allocate() => (byte*)NativeMemory.AllocZeroed(Size);
}
